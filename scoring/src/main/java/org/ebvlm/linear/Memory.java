package org.ebvlm.linear;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Numbers outside the heap, in double or single precision. What is given back is kept for the next who asks in the same
 * thread, as long as it is not large, since asking the system anew costs more than a small factorisation.
 */
final class Memory implements AutoCloseable {
    private static final int MOST_KEPT = 16;
    private static final long LARGEST_KEPT = 2_000_000;
    private static final int MOST_ARRAYS = 16;
    private static final int CHUNK = 1024;
    private static final ThreadLocal<List<Memory>> FREE = ThreadLocal.withInitial(ArrayList::new);

    private final Precision precision;
    private final DataBuffer data;
    private final Pointer pointer;
    /** The same, for copies of a few numbers, which a pointer takes longer for; null if there is too much for a buffer. */
    private final FloatBuffer floats;

    private final DoubleBuffer doubles;
    /** The same place, moved about for each of its roles. */
    private final Pointer copied;

    private final Pointer left;
    private final Pointer right;
    private final Pointer out;
    private final float[] narrow;
    private final Map<Part, INDArray> arrays = new HashMap<>();
    private boolean open = true;

    /** So many rows from a position on. */
    record Part(long at, int rows, int columns) {}

    private Memory(Precision precision, long size) {
        this.precision = precision;
        data = Nd4j.createBuffer(precision == Precision.SINGLE ? DataType.FLOAT : DataType.DOUBLE, size, false);
        pointer = data.pointer();
        boolean fits = size * Double.BYTES <= Integer.MAX_VALUE;
        floats = fits && precision == Precision.SINGLE ? data.asNioFloat() : null;
        doubles = fits && precision == Precision.DOUBLE ? data.asNioDouble() : null;
        copied = view();
        left = view();
        right = view();
        out = view();
        narrow = new float[precision == Precision.SINGLE ? CHUNK : 0];
    }

    /** For so many numbers at least, with whatever is in it. */
    static Memory of(long size, Precision precision) {
        List<Memory> free = FREE.get();
        int best = -1;
        for (int i = 0; i < free.size(); i++) {
            Memory each = free.get(i);
            if (each.precision == precision
                    && each.capacity() >= size
                    && (best < 0 || each.capacity() < free.get(best).capacity())) {
                best = i;
            }
        }
        if (best >= 0) {
            Memory again = free.remove(best);
            again.open = true;
            return again;
        }
        return new Memory(precision, size);
    }

    /** With a copy of the first so many values. */
    static Memory of(double[] values, int many, Precision precision) {
        Memory memory = of(many, precision);
        memory.put(0, values, 0, many);
        return memory;
    }

    private long capacity() {
        return data.length();
    }

    private Pointer view() {
        return pointer instanceof FloatPointer ? new FloatPointer(pointer) : new DoublePointer(pointer);
    }

    Precision precision() {
        return precision;
    }

    /** Its beginning. */
    Pointer begin() {
        return pointer;
    }

    /** A part of it as a matrix of ND4J, row-major; kept for the next time, since making one takes ten microseconds. */
    INDArray array(Part part) {
        if (arrays.size() == MOST_ARRAYS) {
            arrays.clear();
        }
        return arrays.computeIfAbsent(
                part,
                each -> Nd4j.create(
                        data, new long[] {each.rows, each.columns}, new long[] {each.columns, 1}, each.at, 'c'));
    }

    /** From a position on, as the left factor of a product; until the next call. */
    Pointer left(long at) {
        return left.position(at);
    }

    /** From a position on, as the right factor of a product; until the next call. */
    Pointer right(long at) {
        return right.position(at);
    }

    /** From a position on, as what a product is written to; until the next call. */
    Pointer out(long at) {
        return out.position(at);
    }

    /** Sets the first so many numbers to zero. */
    void clear(long many) {
        Pointer.memset(pointer, 0, many * pointer.sizeof());
    }

    /** Copies so many values to a position. */
    void put(long at, double[] values, int from, int many) {
        if (doubles != null) {
            doubles.put((int) at, values, from, many);
        } else if (precision == Precision.DOUBLE) {
            ((DoublePointer) copied.position(at)).put(values, from, many);
        } else {
            for (int done = 0; done < many; done += CHUNK) {
                int some = Math.min(CHUNK, many - done);
                for (int i = 0; i < some; i++) {
                    narrow[i] = (float) values[from + done + i];
                }
                put(at + done, narrow, some);
            }
        }
    }

    /** Copies so many values to a position, in single precision as they are. */
    void put(long at, float[] values, int many) {
        if (floats != null) {
            floats.put((int) at, values, 0, many);
        } else {
            ((FloatPointer) copied.position(at)).put(values, 0, many);
        }
    }

    /** Copies out so many numbers from a position on. */
    void get(long at, double[] values, int from, int many) {
        if (doubles != null) {
            doubles.get((int) at, values, from, many);
        } else if (precision == Precision.DOUBLE) {
            ((DoublePointer) copied.position(at)).get(values, from, many);
        } else {
            for (int done = 0; done < many; done += CHUNK) {
                int some = Math.min(CHUNK, many - done);
                get(at + done, narrow, some);
                for (int i = 0; i < some; i++) {
                    values[from + done + i] = narrow[i];
                }
            }
        }
    }

    /** Copies out so many numbers from a position on, in single precision as they are. */
    void get(long at, float[] values, int many) {
        if (floats != null) {
            floats.get((int) at, values, 0, many);
        } else {
            ((FloatPointer) copied.position(at)).get(values, 0, many);
        }
    }

    /** Copies out as many numbers as there is room for. */
    void get(double[] values) {
        get(0, values, 0, values.length);
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        if (capacity() > LARGEST_KEPT) {
            data.close();
            return;
        }
        List<Memory> free = FREE.get();
        if (free.size() == MOST_KEPT) {
            free.remove(0).data.close();
        }
        free.add(this);
    }
}
