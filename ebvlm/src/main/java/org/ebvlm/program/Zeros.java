package org.ebvlm.program;

import java.util.Set;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/** Fills a place with zeros. */
record Zeros(Location target, int size) implements Kernel {
    @Override
    public Set<Buffer> buffers() {
        return Set.of(target.buffer());
    }

    @Override
    public String text() {
        Text text = new Text();
        text.line("java.util.Arrays.fill(b%d, %d, %d, 0f);"
                .formatted(target.buffer().slot, target.offset(), target.offset() + size));
        return text.toString();
    }
}
