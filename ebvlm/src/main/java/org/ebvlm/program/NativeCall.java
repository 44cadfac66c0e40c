package org.ebvlm.program;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.ebvlm.program.Storage.Buffer;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A call of one of ND4J's native operations with one kept context, on mirrors of the program's arrays. A mirror is
 * uploaded by the first call that needs it, and downloaded by the call that fills it if Java reads it afterwards.
 */
abstract class NativeCall implements Call {
    private final List<Mirror.Place> inputs;
    private final List<Mirror.Place> outputs;
    private final long work;
    private final List<Mirror> uploads = new ArrayList<>();
    private final List<Mirror> downloads = new ArrayList<>();
    private float[][] arrays;
    private OpContext context;
    private long operation;
    private Pointer pointer;

    /**
     * @param work number of multiplications
     */
    NativeCall(List<Mirror.Place> inputs, List<Mirror.Place> outputs, long work) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.work = work;
    }

    List<Mirror.Place> inputs() {
        return inputs;
    }

    List<Mirror.Place> outputs() {
        return outputs;
    }

    void uploads(Mirror mirror) {
        uploads.add(mirror);
    }

    void downloads(Mirror mirror) {
        downloads.add(mirror);
    }

    /** Sets up the operation on mirrors that have their memory now. */
    void prepare(List<Mirror> from, List<Mirror> to) {
        context = Nd4j.getExecutioner().buildContext();
        operation = prepare(context, from, to).opHash();
        pointer = context.contextPointer();
    }

    /** The operation, whose arrays and settings are given to the context. */
    abstract DynamicCustomOp prepare(OpContext context, List<Mirror> from, List<Mirror> to);

    @Override
    public Set<Buffer> buffers() {
        Set<Buffer> all = reads();
        outputs.forEach(place -> all.add(place.buffer()));
        return all;
    }

    @Override
    public Set<Buffer> reads() {
        Set<Buffer> all = new LinkedHashSet<>();
        inputs.forEach(place -> all.add(place.buffer()));
        return all;
    }

    @Override
    public void bind(float[][] arrays) {
        this.arrays = arrays;
    }

    @Override
    public void run() {
        for (int i = 0; i < uploads.size(); i++) {
            uploads.get(i).upload(arrays);
        }
        Native.run(operation, pointer, Cores.forWork(work));
        for (int i = 0; i < downloads.size(); i++) {
            downloads.get(i).download(arrays);
        }
    }

    @Override
    public void close() {
        context.purge();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + slots(outputs) + ", " + slots(inputs) + ")";
    }

    private static String slots(List<Mirror.Place> places) {
        return places.stream().map(place -> "" + place.buffer().slot).collect(Collectors.joining(", "));
    }
}
