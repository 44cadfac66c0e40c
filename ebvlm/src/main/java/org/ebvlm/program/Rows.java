package org.ebvlm.program;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * Gathers slices along an axis by index, or adds them at their index into zeros: runs of {@code inner} elements, {@code
 * outer} times.
 */
final class Rows implements Call {
    private final Location from;
    private final Location to;
    private final int[] indices;
    private final int outer;
    private final int axis;
    private final int inner;
    private final boolean scatter;
    private float[][] arrays;

    /**
     * @param indices along the axis of the larger array
     * @param outer product of the sizes before the axis
     * @param axis size of the larger array's axis
     * @param inner product of the sizes after the axis
     * @param scatter whether slices are added at their index rather than read from it
     */
    Rows(Location from, Location to, int[] indices, int outer, int axis, int inner, boolean scatter) {
        this.from = from;
        this.to = to;
        this.indices = indices;
        this.outer = outer;
        this.axis = axis;
        this.inner = inner;
        this.scatter = scatter;
    }

    @Override
    public Set<Buffer> buffers() {
        return new LinkedHashSet<>(List.of(from.buffer(), to.buffer()));
    }

    @Override
    public Set<Buffer> reads() {
        return Set.of(from.buffer());
    }

    @Override
    public void bind(float[][] arrays) {
        this.arrays = arrays;
    }

    @Override
    public void run() {
        float[] source = arrays[from.buffer().slot];
        float[] target = arrays[to.buffer().slot];
        if (scatter) {
            Arrays.fill(target, to.offset(), to.offset() + outer * axis * inner, 0f);
        }
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < indices.length; i++) {
                int packed = (o * indices.length + i) * inner;
                int spread = (o * axis + indices[i]) * inner;
                if (scatter) {
                    add(source, from.offset() + packed, target, to.offset() + spread);
                } else {
                    System.arraycopy(source, from.offset() + spread, target, to.offset() + packed, inner);
                }
            }
        }
    }

    private void add(float[] source, int at, float[] target, int into) {
        for (int i = 0; i < inner; i++) {
            target[into + i] += source[at + i];
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return (scatter ? "scatter(" : "gather(") + to.buffer().slot + ", " + from.buffer().slot + ")";
    }
}
