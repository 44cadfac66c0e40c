package org.ebvlm.program;

import java.util.Set;
import org.ebvlm.program.Storage.Buffer;

/** A step of a program that runs as generated Java text. */
interface Kernel extends Step {

    /** The statements of the kernel's method; array of buffer s is called {@code b<s>}. */
    String text();

    @Override
    Set<Buffer> buffers();
}
