package org.ebvlm.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/**
 * Standard error as the launcher hands it over. The launcher filters what the virtual machine writes to file descriptor 2,
 * and names another descriptor that leads to the true standard error, so that what this program writes is neither held
 * back nor put out of order by the filter.
 */
final class StandardError {
    /** The system property by which the launcher names the descriptor. */
    static final String DESCRIPTOR = "ebvlm.stderr";

    private StandardError() {}

    /** Lets {@link System#err} write to the descriptor that the launcher names; leaves it as it is if none is named. */
    static void useDescriptorOfLauncher() {
        Integer number = Integer.getInteger(DESCRIPTOR);
        if (number != null) {
            try {
                // Opening /dev/fd/3 in its place would open a file anew: cut off, and with a position of its own.
                Constructor<FileDescriptor> of = FileDescriptor.class.getDeclaredConstructor(int.class);
                of.setAccessible(true);
                FileDescriptor descriptor = of.newInstance(number);
                if (descriptor.valid()) {
                    System.setErr(new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8));
                }
            } catch (ReflectiveOperationException | RuntimeException e) {
                // Then all goes through the filter, which loses nothing.
                return;
            }
        }
    }
}
