package org.ebvlm.program;

import java.util.Set;
import org.ebvlm.program.Storage.Buffer;

/** One step of a program's schedule. */
interface Step {

    /** All buffers it reads or writes. */
    Set<Buffer> buffers();

    /** The buffers it reads. */
    Set<Buffer> reads();
}
