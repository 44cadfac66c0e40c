package org.ebvlm.linear;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Numbers outside the heap, in double or single precision. What is given back is kept for the next who asks in the same
 * thread, as long as it is not large, since asking the system anew costs more than a small factorisation.
 */
final class Memory implements AutoCloseable {
    private static final int MOST_KEPT = 16;
    private static final long LARGEST_KEPT = 2_000_000;
    private static final int CHUNK = 1024;
    private static final ThreadLocal<List<Memory>> FREE = ThreadLocal.withInitial(ArrayList::new);

    private final Precision precision;
    private final Pointer pointer;
    /** The same place, moved about for each of its roles. */
    private final Pointer copied;

    private final Pointer left;
    private final Pointer right;
    private final Pointer out;
    private final float[] narrow;
    private boolean open = true;

    private Memory(Precision precision, Pointer pointer) {
        this.precision = precision;
        this.pointer = pointer;
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
        return new Memory(precision, precision == Precision.SINGLE ? new FloatPointer(size) : new DoublePointer(size));
    }

    /** With a copy of the first so many values. */
    static Memory of(double[] values, int many, Precision precision) {
        Memory memory = of(many, precision);
        memory.put(0, values, 0, many);
        return memory;
    }

    private long capacity() {
        return pointer.capacity();
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

    /** Copies so many values to a position. */
    void put(long at, double[] values, int from, int many) {
        if (precision == Precision.DOUBLE) {
            ((DoublePointer) copied.position(at)).put(values, from, many);
            return;
        }
        for (int done = 0; done < many; done += CHUNK) {
            int some = Math.min(CHUNK, many - done);
            for (int i = 0; i < some; i++) {
                narrow[i] = (float) values[from + done + i];
            }
            ((FloatPointer) copied.position(at + done)).put(narrow, 0, some);
        }
    }

    /** Copies so many values to a position, in single precision as they are. */
    void put(long at, float[] values, int many) {
        ((FloatPointer) copied.position(at)).put(values, 0, many);
    }

    /** Copies out so many numbers from a position on. */
    void get(long at, double[] values, int from, int many) {
        if (precision == Precision.DOUBLE) {
            ((DoublePointer) copied.position(at)).get(values, from, many);
            return;
        }
        for (int done = 0; done < many; done += CHUNK) {
            int some = Math.min(CHUNK, many - done);
            ((FloatPointer) copied.position(at + done)).get(narrow, 0, some);
            for (int i = 0; i < some; i++) {
                values[from + done + i] = narrow[i];
            }
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
            pointer.close();
            return;
        }
        List<Memory> free = FREE.get();
        if (free.size() == MOST_KEPT) {
            free.remove(0).pointer.close();
        }
        free.add(this);
    }
}
