package org.ebvlm.program;

import java.util.List;
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
    public Set<Buffer> reads() {
        return Set.of();
    }

    @Override
    public List<Operand> operands() {
        return List.of(Operand.of(target));
    }

    @Override
    public String text() {
        Text text = new Text();
        text.line("java.util.Arrays.fill(b0, o0, o0 + %d, 0f);".formatted(size));
        return text.toString();
    }
}
