package org.ebvlm.program;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.program.LoopBody.Value;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * One loop nest: an expression worked out element by element, and stored or summed. Everything that is not in memory is
 * computed in the loop body, each value once, as far out as it can be.
 */
final class LoopKernel implements Kernel {

    /** What happens to the value at each element. */
    enum Ending {
        STORE,
        SUM,
        LARGEST;

        /** What a sum, or the search for the largest, begins with. */
        String neutral() {
            return this == LARGEST ? "Float.NEGATIVE_INFINITY" : "0f";
        }
    }

    private final LoopNest nest;
    private final Location target;
    /** Memory to add lanes in, where that is needed. */
    private final Buffer lanes;

    private LoopKernel(LoopNest nest, Location target) {
        this.nest = nest;
        this.target = target;
        this.lanes = nest.sumsLanes() ? new Buffer(nest.width.lanes(), Storage.Role.SCRATCH) : null;
    }

    /** Works out an expression and stores it, or its sum or largest element over the axes that the target lacks. */
    static LoopKernel of(
            Expr value, Ending ending, Location target, Function<Expr, Location> located, Vectors.Width width) {
        Affine[] index = Affine.counters(value.shape());
        LoopBody body = new LoopBody(index.length, located);
        Affine store = Affine.position(index, target.strides(), index.length);
        LoopNest nest =
                new LoopNest(body, body.value(value, index), value.shape(), ending, store.plus(target.offset()), width);
        return new LoopKernel(nest, target);
    }

    /**
     * A matrix product: C[s, i, j] = sum over l of A[s, i, l] B[s, l, j], for small matrices; the sum of a stack of products
     * where the first stride of C is zero.
     *
     * @param m rows of A
     * @param k columns of A as it enters the product
     * @param n columns of C
     */
    static LoopKernel product(int stack, int m, int k, int n, Location a, Location b, Location c, Vectors.Width width) {
        LoopBody body = new LoopBody(4, null);
        int[] shape = {stack, m, n, k};
        Value left = body.load(a, new Affine(0, new int[] {a.strides()[0], a.strides()[1], 0, a.strides()[2]}));
        Value right = body.load(b, new Affine(0, new int[] {b.strides()[0], 0, b.strides()[2], b.strides()[1]}));
        Value product = body.apply(Pointwise.MUL, List.of(left, right));
        Affine store = new Affine(0, new int[] {c.strides()[0], c.strides()[1], c.strides()[2], 0});
        LoopNest nest = new LoopNest(body, product, shape, Ending.SUM, store.plus(c.offset()), width);
        return new LoopKernel(nest, c);
    }

    @Override
    public Set<Buffer> buffers() {
        Set<Buffer> all = new LinkedHashSet<>();
        all.add(target.buffer());
        all.addAll(nest.body.buffers());
        if (lanes != null) {
            all.add(lanes);
        }
        return all;
    }

    @Override
    public Set<Buffer> reads() {
        return nest.body.buffers();
    }

    @Override
    public List<Operand> operands() {
        Set<Operand> all = new LinkedHashSet<>();
        all.add(new Operand(target.buffer(), nest.store.constant()));
        if (lanes != null) {
            all.add(new Operand(lanes, 0));
        }
        for (Value value : nest.body.values()) {
            if (value.from != null) {
                all.add(operand(value));
            }
        }
        return List.copyOf(all);
    }

    private static Operand operand(Value load) {
        return new Operand(load.from.buffer(), load.at.constant());
    }

    @Override
    public String text() {
        List<Operand> operands = operands();
        for (Value value : nest.body.values()) {
            if (value.from != null) {
                value.load = "b%1$d[o%1$d%2$s]".formatted(operands.indexOf(operand(value)), value.at.text());
            }
        }
        Text text = new Text();
        if (nest.vectorLoop >= 0) {
            new VectorLoops(nest).write(text);
        } else {
            new PlainLoops(nest).write(text);
        }
        return text.toString();
    }
}
