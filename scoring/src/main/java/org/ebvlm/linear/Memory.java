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
    private static final int MOST_KEPT = 12;
    private static final long LARGEST_KEPT = 2_000_000;
    private static final ThreadLocal<List<Pointer>> FREE = ThreadLocal.withInitial(ArrayList::new);

    private final Pointer pointer;

    private Memory(Pointer pointer) {
        this.pointer = pointer;
    }

    /** For so many numbers at least, with whatever is in it. */
    static Memory of(long size, Precision precision) {
        List<Pointer> free = FREE.get();
        int best = -1;
        for (int i = 0; i < free.size(); i++) {
            long capacity = free.get(i).capacity();
            if (precision == precisionOf(free.get(i))
                    && capacity >= size
                    && (best < 0 || capacity < free.get(best).capacity())) {
                best = i;
            }
        }
        if (best >= 0) {
            return new Memory(free.remove(best));
        }
        return new Memory(precision == Precision.SINGLE ? new FloatPointer(size) : new DoublePointer(size));
    }

    /** With a copy of the first so many values. */
    static Memory of(double[] values, int many, Precision precision) {
        Memory memory = of(many, precision);
        put(memory.pointer, values, many);
        return memory;
    }

    static Precision precisionOf(Pointer pointer) {
        return pointer instanceof FloatPointer ? Precision.SINGLE : Precision.DOUBLE;
    }

    /** Its beginning. */
    Pointer begin() {
        return pointer;
    }

    /** Another pointer to the same memory, to be moved about in it. */
    Pointer view() {
        return pointer instanceof FloatPointer ? new FloatPointer(pointer) : new DoublePointer(pointer);
    }

    /** Copies the first so many values to where a pointer is. */
    static void put(Pointer to, double[] values, int many) {
        if (to instanceof FloatPointer single) {
            float[] narrow = new float[many];
            for (int i = 0; i < many; i++) {
                narrow[i] = (float) values[i];
            }
            single.put(narrow, 0, many);
        } else {
            ((DoublePointer) to).put(values, 0, many);
        }
    }

    /** Copies out the first so many numbers. */
    static void get(Pointer from, double[] out, int many) {
        if (from instanceof FloatPointer single) {
            float[] narrow = new float[many];
            single.get(narrow, 0, many);
            for (int i = 0; i < many; i++) {
                out[i] = narrow[i];
            }
        } else {
            ((DoublePointer) from).get(out, 0, many);
        }
    }

    void get(double[] out) {
        get(pointer, out, out.length);
    }

    @Override
    public void close() {
        List<Pointer> free = FREE.get();
        if (pointer.capacity() > LARGEST_KEPT) {
            pointer.close();
            return;
        }
        if (free.size() == MOST_KEPT) {
            free.remove(0).close();
        }
        free.add(pointer);
    }
}
