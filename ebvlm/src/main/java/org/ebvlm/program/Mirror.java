package org.ebvlm.program;

import java.nio.FloatBuffer;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A copy of a run of a buffer outside the Java heap, where native code can work on it. */
final class Mirror {

    /** Which run of which buffer. */
    record Place(Buffer buffer, int offset, int size) {
        static Place of(Location location, int size) {
            return new Place(location.buffer(), location.offset(), size);
        }
    }

    /** Memory for a mirror; those that are not needed at the same time may share it. */
    static final class Memory {
        private final DataBuffer data;
        private final FloatBuffer view;

        Memory(int size) {
            data = Nd4j.createBuffer(DataType.FLOAT, size, false);
            view = data.asNioFloat();
        }
    }

    private final Place place;
    private Memory memory;

    Mirror(Place place) {
        this.place = place;
    }

    Place place() {
        return place;
    }

    void use(Memory given) {
        memory = given;
    }

    Memory memory() {
        return memory;
    }

    void upload(float[][] arrays) {
        memory.view.put(0, arrays[place.buffer.slot], place.offset, place.size);
    }

    void download(float[][] arrays) {
        memory.view.get(0, arrays[place.buffer.slot], place.offset, place.size);
    }

    /** The mirror as a row-major ND4J array. */
    INDArray array(int... shape) {
        long[] sizes = new long[shape.length];
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int a = shape.length - 1; a >= 0; a--) {
            sizes[a] = shape[a];
            strides[a] = stride;
            stride *= shape[a];
        }
        return Nd4j.create(memory.data, sizes, strides, 0, 'c');
    }
}
