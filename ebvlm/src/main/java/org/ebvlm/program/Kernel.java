package org.ebvlm.program;

import java.util.List;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * A step of a program that runs as generated Java text. The text does not say which arrays it works on, so that equal
 * loops share their code, within a program and among programs.
 */
interface Kernel extends Step {

    /** A place that the text works on: operand n is array {@code b<n>} from {@code o<n>} on. */
    record Operand(Buffer buffer, int offset) {
        /** From the first element of a location on. */
        static Operand of(Location location) {
            return new Operand(location.buffer(), location.offset());
        }
    }

    /** What the text works on, in order. */
    List<Operand> operands();

    /** The statements of the loop. */
    String text();
}
