package org.ebvlm.samediff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Shapes;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.PadMode;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastTo;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.api.ops.impl.transforms.bool.BooleanNot;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Mish;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Rint;
import org.nd4j.linalg.factory.Nd4j;

/** One row for each SameDiff operation, and for each way in which its attributes can be given. */
final class GraphRows {
    /** An expression of SameDiff in variables x[0], x[1], ... */
    interface Formula {
        SDVariable of(SameDiff sd, SDVariable[] x);
    }

    /** A formula of one variable. */
    interface Function {
        SDVariable of(SameDiff sd, SDVariable x);
    }

    /** A formula with the shapes of its variables. */
    record Row(String name, Formula formula, Formula oracle, double offset, int[]... shapes) {
        SameDiff graph() {
            return graph(formula);
        }

        private SameDiff graph(Formula of) {
            SameDiff sd = SameDiff.create();
            SDVariable[] x = new SDVariable[shapes.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = sd.placeHolder("x" + i, DataType.DOUBLE, Integers.longs(shapes[i]));
            }
            of.of(sd, x).rename("result");
            return sd;
        }

        double[] values(int i) {
            double[] values = new double[Shapes.size(shapes[i])];
            Arrays.setAll(values, k -> offset + 1.3 * Math.sin(0.7 + 2.3 * k + 1.1 * i + 0.37 * Math.sqrt(k)));
            return values;
        }

        /** The inputs, by name. */
        Map<String, Expr> inputs() {
            Map<String, Expr> inputs = new LinkedHashMap<>();
            for (int i = 0; i < shapes.length; i++) {
                inputs.put("x" + i, Expr.input("x" + i, shapes[i]));
            }
            return inputs;
        }

        Map<String, INDArray> arrays() {
            Map<String, INDArray> arrays = new HashMap<>();
            for (int i = 0; i < shapes.length; i++) {
                arrays.put("x" + i, array(values(i), shapes[i]));
            }
            return arrays;
        }

        Map<Expr, double[]> values(Map<String, Expr> inputs) {
            Map<Expr, double[]> values = new HashMap<>();
            for (int i = 0; i < shapes.length; i++) {
                values.put(inputs.get("x" + i), values(i));
            }
            return values;
        }

        void check(SameDiff graph) {
            Map<String, Expr> inputs = inputs();
            Expr read = GraphReader.of(graph).read("result", inputs);
            INDArray expected = (oracle == formula ? graph : graph(oracle)).outputSingle(arrays(), "result");
            same(expected, read, values(inputs));
        }
    }

    /** Asserts that an expression has an array's shape and values. */
    static void same(INDArray expected, Expr read, Map<Expr, double[]> values) {
        Expr array = Constants.of(expected);
        assertArrayEquals(array.shape(), read.shape(), "shape");
        assertArrayEquals(Interpreter.evaluate(array, Map.of()), Interpreter.evaluate(read, values), 1e-9, "values");
    }

    static INDArray array(double[] values, int... shape) {
        return shape.length == 0
                ? Nd4j.scalar(values[0])
                : Nd4j.createFromArray(values).reshape(Integers.longs(shape));
    }

    private static final List<Row> ROWS = new ArrayList<>();

    static List<Row> all() {
        return ROWS;
    }

    private static void row(String name, Formula formula, int[]... shapes) {
        ROWS.add(new Row(name + text(shapes), formula, formula, 0, shapes));
    }

    private static void positive(String name, Formula formula, int[]... shapes) {
        ROWS.add(new Row(name + text(shapes), formula, formula, 2, shapes));
    }

    /** A formula that M2.1 computes wrongly or not at all, and a right way to write it. */
    private static void wrong(String name, Formula formula, Formula oracle, int[]... shapes) {
        ROWS.add(new Row(name + text(shapes), formula, oracle, 0, shapes));
    }

    private static String text(int[]... shapes) {
        return " " + String.join(" ", Arrays.stream(shapes).map(Shapes::text).toList());
    }

    private static int[] shape(int... sizes) {
        return sizes;
    }

    private static final int[] SCALAR = {};

    /** A function of one array of any shape. */
    private static void each(String name, Function f) {
        row(name, (sd, x) -> f.of(sd, x[0]), shape(3, 4));
        row(name, (sd, x) -> f.of(sd, x[0]), shape(2, 1, 3));
    }

    private static void eachPositive(String name, Function f) {
        positive(name, (sd, x) -> f.of(sd, x[0]), shape(3, 4));
        positive(name, (sd, x) -> f.of(sd, x[0]), shape(2, 1, 3));
    }

    /** A function of two arrays that broadcast. */
    private static void both(String name, Formula f) {
        positive(name, f, shape(3, 4), shape(3, 4));
        positive(name, f, shape(3, 4), shape(4));
        positive(name, f, shape(2, 1, 4), shape(3, 1));
        positive(name, f, shape(3, 4), SCALAR);
    }

    /** A reduction: over one axis, kept or not, over the last, over two, over all. */
    private static void reduced(String name, Reduction f) {
        positive(name + " of axis 1", (sd, x) -> f.of(sd, x[0], 1), shape(3, 4));
        positive(name + " of the last axis", (sd, x) -> f.of(sd, x[0], -1), shape(2, 3, 4));
        positive(name + " of two axes", (sd, x) -> f.of(sd, x[0], 0, 2), shape(2, 3, 4));
        positive(name + " of all axes", (sd, x) -> f.of(sd, x[0]), shape(3, 4));
    }

    private interface Reduction {
        SDVariable of(SameDiff sd, SDVariable x, int... axes);
    }

    private static SDVariable ints(SameDiff sd, int... values) {
        return sd.constant(Nd4j.createFromArray(values));
    }

    static {
        arithmetic();
        comparisons();
        functions();
        reductions();
        layout();
        indices();
        products();
        images();
        losses();
        wrongInThisRelease();
    }

    private static void arithmetic() {
        both("add", (sd, x) -> x[0].add(x[1]));
        both("sub", (sd, x) -> x[0].sub(x[1]));
        both("mul", (sd, x) -> x[0].mul(x[1]));
        both("div", (sd, x) -> x[0].div(x[1]));
        both("rsub", (sd, x) -> x[0].rsub(x[1]));
        both("rdiv", (sd, x) -> x[0].rdiv(x[1]));
        both("floor division", (sd, x) -> sd.math().floorDiv(x[0], x[1]));
        both("floor modulo", (sd, x) -> sd.math().floorMod(x[0], x[1]));
        both("modulo", (sd, x) -> sd.math().mod(x[0], x[1]));
        row("floor division, signed", (sd, x) -> sd.math().floorDiv(x[0], x[1]), shape(3, 4), shape(3, 4));
        row("floor modulo, signed", (sd, x) -> sd.math().floorMod(x[0], x[1]), shape(3, 4), shape(3, 4));
        row("modulo, signed", (sd, x) -> sd.math().mod(x[0], x[1]), shape(3, 4), shape(3, 4));
        both("squared difference", (sd, x) -> x[0].squaredDifference(x[1]));
        both("pow", (sd, x) -> sd.math().pow(x[0], x[1]));
        both("max", (sd, x) -> sd.max(x[0], x[1]));
        both("min", (sd, x) -> sd.min(x[0], x[1]));
        each("add a number", (sd, x) -> x.add(0.3));
        each("sub a number", (sd, x) -> x.sub(0.3));
        each("mul by a number", (sd, x) -> x.mul(0.3));
        each("div by a number", (sd, x) -> x.div(0.3));
        each("rsub a number", (sd, x) -> x.rsub(0.3));
        each("rdiv a number", (sd, x) -> x.rdiv(0.3));
        each("pow 3", (sd, x) -> x.pow(3));
        eachPositive("pow 2.5", (sd, x) -> x.pow(2.5));
        each("max with a number", (sd, x) -> sd.scalarMax(x, 0.3));
        each("min with a number", (sd, x) -> sd.scalarMin(x, 0.3));
        each("modulo a number", (sd, x) -> sd.scalarFloorMod(x, 0.3));
        each("assign a number", (sd, x) -> x.assign(0.3));
        row("merge by sum", (sd, x) -> sd.math().mergeAdd(x), shape(3, 4), shape(3, 4), shape(3, 4));
        row("merge by maximum", (sd, x) -> sd.math().mergeMax(x), shape(3, 4), shape(3, 4), shape(3, 4));
        each("cast to int", (sd, x) -> x.mul(3).castTo(DataType.INT32));
        each("cast to bool", (sd, x) -> x.gt(0).castTo(DataType.BOOL));
        each("integer division", (sd, x) -> x.mul(9).castTo(DataType.INT32).div(2));
        each(
                "integer division of a number",
                (sd, x) -> x.add(2).mul(3).castTo(DataType.INT32).rdiv(49));
        each("identity", (sd, x) -> sd.identity(x));
        each("held", (sd, x) -> new StopGradient(sd, x).outputVariable());
    }

    private static void comparisons() {
        both("greater", (sd, x) -> x[0].gt(x[1]));
        both("greater or equal", (sd, x) -> x[0].gte(x[1]));
        both("less", (sd, x) -> x[0].lt(x[1]));
        both("less or equal", (sd, x) -> x[0].lte(x[1]));
        both("equal", (sd, x) -> x[0].eq(x[1]));
        both("not equal", (sd, x) -> x[0].neq(x[1]));
        each("greater than a number", (sd, x) -> sd.math().sign(x).gt(1));
        each("greater than or equal to a number", (sd, x) -> sd.math().sign(x).gte(1));
        each("less than a number", (sd, x) -> sd.math().sign(x).lt(1));
        each("less than or equal to a number", (sd, x) -> sd.math().sign(x).lte(1));
        each("equal to a number", (sd, x) -> sd.math().sign(x).eq(1));
        each("not equal to a number", (sd, x) -> sd.math().sign(x).neq(1));
        each("and", (sd, x) -> sd.math().and(x.gt(-0.5), x.lt(0.5)));
        each("or", (sd, x) -> sd.math().or(x.lt(-0.5), x.gt(0.5)));
        each("xor", (sd, x) -> sd.math().xor(x.gt(-0.5), x.gt(0.5)));
        row("where", (sd, x) -> sd.where(x[0], x[1], x[0].gt(x[1])), shape(3, 4), shape(3, 4));
        row("where of rows", (sd, x) -> sd.where(x[0], x[1], x[2].gt(0)), shape(3, 4), shape(3, 4), shape(3));
        each("not", (sd, x) -> new BooleanNot(sd, x.gt(0)).outputVariable());
        each("is NaN", (sd, x) -> sd.math().isNaN(sd.math().log(x)));
        each("is infinite", (sd, x) -> sd.math()
                .isInfinite(x.div(sd.math().abs(sd.math().floor(x)))));
        each("is finite", (sd, x) -> sd.math().isFinite(sd.math().log(x)));
    }

    private static void functions() {
        each("neg", (sd, x) -> x.neg());
        each("abs", (sd, x) -> sd.math().abs(x));
        each("sign", (sd, x) -> sd.math().sign(x));
        each("floor", (sd, x) -> sd.math().floor(x));
        each("ceil", (sd, x) -> sd.math().ceil(x));
        each("round", (sd, x) -> sd.math().round(x.mul(3)));
        each("round halves", (sd, x) -> sd.math()
                .round(sd.math().floor(x.mul(4)).div(2)));
        each(
                "round halves to even",
                (sd, x) -> new Rint(sd, sd.math().floor(x.mul(4)).div(2), false).outputVariable());
        each("square", (sd, x) -> sd.math().square(x));
        each("cube", (sd, x) -> sd.math().cube(x));
        eachPositive("sqrt", (sd, x) -> sd.math().sqrt(x));
        eachPositive("rsqrt", (sd, x) -> sd.math().rsqrt(x));
        each("reciprocal", (sd, x) -> sd.math().reciprocal(x));
        each("exp", (sd, x) -> sd.math().exp(x));
        each("expm1", (sd, x) -> sd.math().expm1(x));
        eachPositive("log", (sd, x) -> sd.math().log(x));
        eachPositive("log1p", (sd, x) -> sd.math().log1p(x));
        eachPositive("log to a base", (sd, x) -> sd.math().log(x, 2));
        each("sin", (sd, x) -> sd.math().sin(x));
        each("cos", (sd, x) -> sd.math().cos(x));
        each("tan", (sd, x) -> sd.math().tan(x));
        each("sinh", (sd, x) -> sd.math().sinh(x));
        each("cosh", (sd, x) -> sd.math().cosh(x));
        each("tanh", (sd, x) -> sd.math().tanh(x));
        each("asinh", (sd, x) -> sd.math().asinh(x));
        eachPositive("acosh", (sd, x) -> sd.math().acosh(x.add(1)));
        each("atanh", (sd, x) -> sd.math().atanh(x.div(2)));
        each("sigmoid", (sd, x) -> sd.nn().sigmoid(x));
        each("log sigmoid", (sd, x) -> sd.nn().logSigmoid(x));
        each("softplus", (sd, x) -> sd.nn().softplus(x));
        each("softsign", (sd, x) -> sd.nn().softsign(x));
        each("swish", (sd, x) -> sd.nn().swish(x));
        each("mish", (sd, x) -> new Mish(sd, x, false).outputVariable());
        each("elu", (sd, x) -> sd.nn().elu(x));
        each("selu", (sd, x) -> sd.nn().selu(x));
        each("relu", (sd, x) -> sd.nn().relu(x, 0));
        each("relu with a cutoff", (sd, x) -> sd.nn().relu(x, 0.3));
        each("relu6", (sd, x) -> sd.nn().relu6(x.mul(8), 0));
        each("leaky relu", (sd, x) -> sd.nn().leakyRelu(x, 0.2));
        row("prelu", (sd, x) -> sd.nn().prelu(x[0], x[1], 1), shape(3, 2, 4), shape(1, 4));
        each("crelu", (sd, x) -> sd.nn().cReLU(x));
        each("step", (sd, x) -> sd.math().step(x, 0.2));
        each("hard tanh", (sd, x) -> sd.nn().hardTanh(x));
        each("rectified tanh", (sd, x) -> sd.math().rectifiedTanh(x));
        each("clip by value", (sd, x) -> sd.math().clipByValue(x, -0.2, 0.8));
        each("clip by norm", (sd, x) -> sd.math().clipByNorm(x, 0.9));
        row("clip rows by norm", (sd, x) -> sd.math().clipByNorm(x[0], 2, 1), shape(3, 4));
        each("softmax", (sd, x) -> sd.nn().softmax(x));
        each("softmax of axis 0", (sd, x) -> sd.nn().softmax(x, 0));
        each("log softmax", (sd, x) -> sd.nn().logSoftmax(x));
        each("log softmax of axis 1", (sd, x) -> sd.nn().logSoftmax(x, 1));
    }

    private static void reductions() {
        reduced("sum", (sd, x, axes) -> x.sum(axes));
        reduced("mean", (sd, x, axes) -> x.mean(axes));
        reduced("max", (sd, x, axes) -> x.max(axes));
        reduced("min", (sd, x, axes) -> x.min(axes));
        reduced("prod", (sd, x, axes) -> x.prod(axes));
        reduced("norm1", (sd, x, axes) -> x.norm1(axes));
        reduced("norm2", (sd, x, axes) -> x.norm2(axes));
        reduced("normmax", (sd, x, axes) -> x.normmax(axes));
        kept("sum", (sd, x, axes) -> x.sum(true, axes));
        kept("mean", (sd, x, axes) -> x.mean(true, axes));
        kept("max", (sd, x, axes) -> x.max(true, axes));
        kept("norm2", (sd, x, axes) -> x.norm2(true, axes));
        reduced("squared norm", (sd, x, axes) -> sd.math().squaredNorm(x, axes));
        reduced("log-sum-exp", (sd, x, axes) -> sd.math().logSumExp(x, axes));
        reduced("sum of absolutes", (sd, x, axes) -> sd.math().asum(x, axes));
        reduced("mean of absolutes", (sd, x, axes) -> sd.math().reduceAmean(x, axes));
        reduced("largest absolute", (sd, x, axes) -> sd.math().reduceAMax(x, axes));
        reduced("smallest absolute", (sd, x, axes) -> sd.math().reduceAmin(x, axes));
        reduced("count of nonzeros", (sd, x, axes) -> sd.math()
                .countNonZero(sd.math().step(x, 2.0), axes));
        reduced("count of zeros", (sd, x, axes) -> sd.math().countZero(sd.math().step(x, 2.0), axes));
        reduced("all", (sd, x, axes) -> sd.all(x.gt(0.9), axes));
        reduced("any", (sd, x, axes) -> sd.any(x.gt(3), axes));
        reduced("entropy", (sd, x, axes) -> sd.math().entropy(x, axes));
        reduced("log entropy", (sd, x, axes) -> sd.math().logEntropy(x.div(8), axes));
        reduced("Shannon entropy", (sd, x, axes) -> sd.math().shannonEntropy(x, axes));
        reduced("variance", (sd, x, axes) -> sd.variance(x, false, axes));
        reduced("variance, corrected", (sd, x, axes) -> sd.variance(x, true, axes));
        reduced("standard deviation, kept", (sd, x, axes) -> x.std("s", true, true, axes));
        positive("mean of moments", (sd, x) -> sd.math().moments(x[0], new int[] {1}, false)[0], shape(3, 4));
        positive("variance of moments", (sd, x) -> sd.math().moments(x[0], new int[] {0}, true)[1], shape(3, 4));
        positive("standardize", (sd, x) -> sd.math().standardize(x[0], 1), shape(3, 4));
        positive("argmax", (sd, x) -> x[0].argmax(1), shape(3, 4));
        positive("argmax, kept", (sd, x) -> sd.argmax(x[0], true, -1), shape(3, 4));
        positive("argmax of all", (sd, x) -> x[0].argmax(), shape(3, 4));
        positive("argmin", (sd, x) -> x[0].argmin(0), shape(3, 4));
        each("argmax of the first among equals", (sd, x) -> sd.math().sign(x).argmax(0));
        each("fraction of zeros", (sd, x) -> sd.math().zeroFraction(sd.math().step(x, 0)));
        row("sum over an axis given as a variable", (sd, x) -> sd.math().sum(x[0], ints(sd, 1), true), shape(3, 4));
        row("dot", (sd, x) -> x[0].dot(x[1], 1), shape(3, 4), shape(3, 4));
        row("dot of all", (sd, x) -> x[0].dot(x[1]), shape(3, 4), shape(3, 4));
        row("Manhattan distance", (sd, x) -> sd.math().manhattanDistance(x[0], x[1], 1), shape(3, 4), shape(3, 4));
        row("Euclidean distance", (sd, x) -> sd.math().euclideanDistance(x[0], x[1], 0), shape(3, 4), shape(3, 4));
        row("cosine similarity", (sd, x) -> sd.math().cosineSimilarity(x[0], x[1], 1), shape(3, 4), shape(3, 4));
        row("cosine distance", (sd, x) -> sd.math().cosineDistance(x[0], x[1], 1), shape(3, 4), shape(3, 4));
        row("cumulative sum", (sd, x) -> sd.cumsum(x[0], 1), shape(3, 4));
        row("cumulative sum of axis 0", (sd, x) -> sd.cumsum(x[0], 0), shape(3, 2, 2));
        row("cumulative sum, exclusive", (sd, x) -> sd.cumsum(x[0], true, false, 1), shape(3, 4));
        row("cumulative sum, reversed", (sd, x) -> sd.cumsum(x[0], true, true, 1), shape(3, 4, 2));
    }

    private static void kept(String name, Reduction f) {
        positive(name + ", kept, of axis 1", (sd, x) -> f.of(sd, x[0], 1), shape(2, 3, 4));
        positive(name + ", kept, of two axes", (sd, x) -> f.of(sd, x[0], 0, 2), shape(2, 3, 4));
        positive(name + ", kept, of all axes", (sd, x) -> f.of(sd, x[0]), shape(3, 4));
    }

    private static void layout() {
        row("reshape", (sd, x) -> x[0].reshape(2, 6), shape(3, 4));
        row("reshape with an open size", (sd, x) -> x[0].reshape(-1, 2), shape(3, 4));
        row("reshape by a variable", (sd, x) -> x[0].reshape(ints(sd, 4, 3)), shape(3, 4));
        row("permute", (sd, x) -> x[0].permute(2, 0, 1), shape(2, 3, 4));
        row("permute by a variable", (sd, x) -> x[0].permute(ints(sd, 0, 2, 1)), shape(2, 3, 4));
        row("transpose", (sd, x) -> sd.transpose(x[0]), shape(3, 4));
        row("transpose of three axes", (sd, x) -> sd.transpose(x[0]), shape(2, 3, 4));
        row("expand dims", (sd, x) -> sd.expandDims(x[0], 1), shape(3, 4));
        row("expand dims at the end", (sd, x) -> sd.expandDims(x[0], -1), shape(3, 4));
        row("squeeze", (sd, x) -> sd.squeeze(x[0], 1), shape(3, 1, 4));
        row("tile", (sd, x) -> sd.tile(x[0], 2, 3), shape(3, 4));
        row("tile by a variable", (sd, x) -> sd.tile(x[0], ints(sd, 1, 3)), shape(3, 4));
        row("concat", (sd, x) -> sd.concat(1, x), shape(3, 4), shape(3, 2), shape(3, 1));
        row("stack", (sd, x) -> sd.stack(1, x), shape(3, 4), shape(3, 4));
        row("stack at the end", (sd, x) -> sd.stack(-1, x), shape(3, 4), shape(3, 4));
        row("unstack", (sd, x) -> sd.unstack(x[0], 0, 3)[1], shape(3, 4));
        row("split", (sd, x) -> sd.split(x[0], 2, 1)[1], shape(3, 4));
        row("split by sizes", (sd, x) -> sd.splitV(x[0], ints(sd, 1, 3), 2, 1)[1], shape(3, 4));
        row("reverse", (sd, x) -> sd.reverse(x[0], 0, 1), shape(3, 4));
        row("broadcast to", (sd, x) -> new BroadcastTo(sd, x[0], ints(sd, 2, 3, 4)).outputVariable(), shape(3, 4));
    }

    private static void indices() {
        row("slice", (sd, x) -> sd.slice(x[0], new int[] {0, 1}, 2, 2), shape(3, 4));
        row("slice to the end", (sd, x) -> sd.slice(x[0], ints(sd, 0, 1), ints(sd, 2, -1)), shape(3, 4));
        row("strided slice", (sd, x) -> sd.stridedSlice(x[0], new long[] {0, 1}, new long[] {2, 4}, 1, 2), shape(3, 4));
        row(
                "strided slice with masks",
                (sd, x) ->
                        sd.stridedSlice(x[0], new long[] {9, 1}, new long[] {2, 9}, new long[] {1, 2}, 1, 2, 0, 0, 0),
                shape(3, 4));
        row(
                "strided slice with a new axis",
                (sd, x) ->
                        sd.stridedSlice(x[0], new long[] {0, 1}, new long[] {0, 3}, new long[] {1, 1}, 0, 0, 0, 1, 0),
                shape(3, 4));
        row(
                "strided slice by variables",
                (sd, x) -> sd.stridedSlice(x[0], ints(sd, 0, 1), ints(sd, 2, 4), ints(sd, 1, 2)),
                shape(3, 4));
        row("get", (sd, x) -> x[0].get(SDIndex.all(), SDIndex.interval(1, 3)), shape(3, 4));
        row("get a row", (sd, x) -> x[0].get(SDIndex.point(1)), shape(3, 4));
        row("get the last column", (sd, x) -> x[0].get(SDIndex.all(), SDIndex.point(-1)), shape(3, 4));
        row("get a row, kept", (sd, x) -> x[0].get(SDIndex.point(1, true), SDIndex.interval(0L, 2L, 4L)), shape(3, 4));
        row("gather", (sd, x) -> sd.gather(x[0], new int[] {2, 0, 2}, 0), shape(3, 4));
        row("gather by a variable", (sd, x) -> sd.gather(x[0], ints(sd, 3, 0, 3), 1), shape(3, 4));
        row(
                "gather by a matrix",
                (sd, x) -> sd.gather(x[0], sd.constant(Nd4j.createFromArray(new int[][] {{2, 0}, {1, 1}})), 0),
                shape(3, 4));
        row("gather a row", (sd, x) -> sd.gather(x[0], sd.constant(Nd4j.scalar(1)), 0), shape(3, 4));
        row(
                "gather elements",
                (sd, x) -> sd.gatherNd(x[0], sd.constant(Nd4j.createFromArray(new int[][] {{0, 1}, {2, 2}}))),
                shape(3, 4));
        row(
                "gather rows by tuples",
                (sd, x) -> sd.gatherNd(x[0], sd.constant(Nd4j.createFromArray(new int[][] {{0, 1}, {1, 2}}))),
                shape(2, 3, 4));
        row("scatter", (sd, x) -> sd.scatterAdd(x[0], ints(sd, 2, 0, 2), x[1]), shape(4, 2), shape(3, 2));
        row("pad", (sd, x) -> sd.nn().pad(x[0], padding(sd), 0), shape(3, 4));
        row("pad with a number", (sd, x) -> sd.nn().pad(x[0], padding(sd), PadMode.CONSTANT, 2.5), shape(3, 4));
        row("shape", (sd, x) -> x[0].shape(), shape(3, 4));
        row("size at", (sd, x) -> sd.sizeAt(x[0], -1), shape(3, 4));
        row("size", (sd, x) -> sd.size(x[0]), shape(3, 4));
        row("rank", (sd, x) -> x[0].rank(), shape(3, 4));
        row("length", (sd, x) -> x[0].length(), shape(3, 4));
        row("ones like", (sd, x) -> sd.onesLike(x[0]), shape(3, 4));
        row("zeros like", (sd, x) -> sd.zerosLike(x[0]), shape(3, 4));
        row("fill", (sd, x) -> sd.fill(x[0].shape(), DataType.DOUBLE, 2.5), shape(3, 4));
        row("range", (sd, x) -> x[0].mul(sd.range(0, 4, 1, DataType.DOUBLE)), shape(3, 4));
        row(
                "range to a size",
                (sd, x) -> sd.range(
                        sd.constant(1), sd.sizeAt(x[0], 1).castTo(DataType.INT32), sd.constant(2), DataType.INT32),
                shape(3, 4));
        row("linspace", (sd, x) -> x[0].mul(sd.linspace(DataType.DOUBLE, 0, 1, 4)), shape(3, 4));
        row("eye", (sd, x) -> sd.math().eye(3, 4).castTo(DataType.DOUBLE).mul(x[0]), shape(3, 4));
        row("diag", (sd, x) -> sd.math().diag(x[0]), shape(3));
        row("diag part", (sd, x) -> sd.math().diagPart(x[0]), shape(3, 3));
        row("trace", (sd, x) -> sd.math().trace(x[0]), shape(3, 3));
        row(
                "one hot",
                (sd, x) -> sd.oneHot(ints(sd, 0, 2), 3).castTo(DataType.DOUBLE).mul(x[0]),
                shape(2, 3));
        row(
                "one hot of values",
                (sd, x) -> sd.oneHot(x[0].argmax(1).castTo(DataType.INT32), 4, 0, 2, -1, DataType.DOUBLE),
                shape(3, 4));
    }

    private static SDVariable padding(SameDiff sd) {
        return sd.constant(Nd4j.createFromArray(new int[][] {{1, 0}, {2, 3}}));
    }

    private static void products() {
        row("mmul", (sd, x) -> x[0].mmul(x[1]), shape(3, 4), shape(4, 2));
        row("mmul, both transposed", (sd, x) -> sd.mmul(x[0], x[1], true, true, false), shape(4, 3), shape(2, 4));
        row("mmul, result transposed", (sd, x) -> sd.mmul(x[0], x[1], false, false, true), shape(3, 4), shape(4, 2));
        row(
                "mmul, right transposed",
                (sd, x) -> x[0].mmul(
                        "m", x[1], MMulTranspose.builder().transposeB(true).build()),
                shape(3, 4),
                shape(2, 4));
        row("mmul of batches", (sd, x) -> x[0].mmul(x[1]), shape(2, 3, 4), shape(2, 4, 5));
        row("mmul of two batch axes", (sd, x) -> x[0].mmul(x[1]), shape(2, 2, 3, 4), shape(2, 2, 4, 5));
        row("mmul by a vector", (sd, x) -> x[0].mmul(x[1]), shape(3, 4), shape(4));
        row("mmul of a vector", (sd, x) -> x[0].mmul(x[1]), shape(4), shape(4, 3));
        row(
                "tensor mmul",
                (sd, x) -> sd.tensorMmul(x[0], x[1], new int[] {1}, new int[] {0}),
                shape(2, 3, 4),
                shape(3, 5));
        row("linear", (sd, x) -> sd.nn().linear(x[0], x[1], x[2]), shape(3, 4), shape(4, 2), shape(2));
        row("relu layer", (sd, x) -> sd.nn().reluLayer(x[0], x[1], x[2]), shape(3, 4), shape(4, 2), shape(2));
        row("bias", (sd, x) -> sd.nn().biasAdd(x[0], x[1], false), shape(3, 4), shape(4));
        row("bias, channels first", (sd, x) -> sd.nn().biasAdd(x[0], x[1], true), shape(2, 3, 4, 4), shape(3));
        row("layer norm", (sd, x) -> sd.nn().layerNorm(x[0], x[1], x[2], false, 1), shape(3, 4), shape(4), shape(4));
        row("layer norm without offset", (sd, x) -> sd.nn().layerNorm(x[0], x[1], false, 1), shape(3, 4), shape(4));
        row(
                "layer norm, channels first",
                (sd, x) -> sd.nn().layerNorm(x[0], x[1], x[2], true, 1, 2, 3),
                shape(2, 3, 4, 4),
                shape(3),
                shape(3));
        positive(
                "batch norm",
                (sd, x) -> sd.nn().batchNorm(x[0], x[1], x[2], x[3], x[4], 1e-3, 1),
                shape(3, 4),
                shape(4),
                shape(4),
                shape(4),
                shape(4));
        positive(
                "batch norm, channels first",
                (sd, x) -> sd.nn().batchNorm(x[0], x[1], x[2], x[3], x[4], 1e-3, 1),
                shape(2, 3, 4, 4),
                shape(3),
                shape(3),
                shape(3),
                shape(3));
    }

    private static void images() {
        for (PaddingMode mode : List.of(PaddingMode.VALID, PaddingMode.SAME)) {
            for (String format : List.of("NCHW", "NHWC")) {
                int[] image = format.equals("NCHW") ? shape(2, 2, 5, 4) : shape(2, 5, 4, 2);
                convolutions(mode, format, image);
                pooling(mode, format, image);
            }
        }
        row("upsampling", (sd, x) -> sd.cnn().upsampling2d(x[0], 2, 3, true), shape(2, 2, 3, 4));
        row("upsampling, channels last", (sd, x) -> sd.cnn().upsampling2d(x[0], 2, 3, false), shape(2, 3, 4, 2));
    }

    private static void convolutions(PaddingMode mode, String format, int[] image) {
        Map<WeightsFormat, int[]> weights = Map.of(
                WeightsFormat.YXIO,
                shape(3, 2, 2, 5),
                WeightsFormat.OIYX,
                shape(5, 2, 3, 2),
                WeightsFormat.OYXI,
                shape(5, 3, 2, 2));
        weights.forEach((order, shape) -> {
            Conv2DConfig plain = Conv2DConfig.builder()
                    .kH(3)
                    .kW(2)
                    .pH(1)
                    .pW(0)
                    .sH(2)
                    .sW(1)
                    .dataFormat(format)
                    .weightsFormat(order)
                    .paddingMode(mode)
                    .build();
            row(
                    "conv2d " + mode + format + order,
                    (sd, x) -> sd.cnn().conv2d(x[0], x[1], x[2], plain),
                    image,
                    shape,
                    shape(5));
        });
        Conv2DConfig wide = Conv2DConfig.builder()
                .kH(3)
                .kW(2)
                .dH(2)
                .dW(2)
                .dataFormat(format)
                .paddingMode(mode)
                .build();
        row("conv2d, dilated " + mode + format, (sd, x) -> sd.cnn().conv2d(x[0], x[1], wide), image, shape(3, 2, 2, 5));
        for (int stride = 1; stride < 3; stride++) {
            DeConv2DConfig up = DeConv2DConfig.builder()
                    .kH(3)
                    .kW(2)
                    .sH(stride)
                    .sW(2)
                    .pH(1)
                    .pW(0)
                    .dH(1)
                    .dW(1)
                    .isSameMode(mode == PaddingMode.SAME)
                    .dataFormat(format)
                    .build();
            row(
                    "deconv2d by " + stride + mode + format,
                    (sd, x) -> sd.cnn().deconv2d(x[0], x[1], x[2], up),
                    image,
                    shape(3, 2, 5, 2),
                    shape(5));
        }
    }

    private static void pooling(PaddingMode mode, String format, int[] image) {
        for (int stride = 1; stride < 3; stride++) {
            Pooling2DConfig config = Pooling2DConfig.builder()
                    .kH(3)
                    .kW(2)
                    .sH(stride)
                    .sW(2)
                    .pH(1)
                    .pW(0)
                    .dH(1)
                    .dW(1)
                    .paddingMode(mode)
                    .isNHWC(format.equals("NHWC"))
                    .build();
            row(
                    "average pooling by " + stride + mode + format,
                    (sd, x) -> sd.cnn().avgPooling2d(x[0], config),
                    image);
            row("max pooling by " + stride + mode + format, (sd, x) -> sd.cnn().maxPooling2d(x[0], config), image);
        }
    }

    private static void losses() {
        for (LossReduce reduce : LossReduce.values()) {
            positive(
                    "softmax cross entropy " + reduce,
                    (sd, x) -> sd.loss().softmaxCrossEntropy(x[0], x[1], x[2], reduce, 0.1),
                    shape(3, 4),
                    shape(3, 4),
                    shape(3, 1));
            positive(
                    "squared error " + reduce,
                    (sd, x) -> sd.loss().meanSquaredError(x[0], x[1], x[2], reduce),
                    shape(3, 4),
                    shape(3, 4),
                    shape(3, 1));
        }
        LossReduce sum = LossReduce.SUM;
        row(
                "absolute difference",
                (sd, x) -> sd.loss().absoluteDifference(x[0], x[1], null, sum),
                shape(3, 4),
                shape(3, 4));
        row("Huber loss", (sd, x) -> sd.loss().huberLoss(x[0], x[1], null, sum, 0.7), shape(3, 4), shape(3, 4));
        row(
                "hinge loss",
                (sd, x) -> sd.loss().hingeLoss(sd.math().step(x[0], 0), x[1], null, sum),
                shape(3, 4),
                shape(3, 4));
        positive(
                "log loss",
                (sd, x) -> sd.loss().logLoss(x[0].div(4), x[1].div(4), null, sum, 1e-3),
                shape(3, 4),
                shape(3, 4));
        row(
                "sigmoid cross entropy",
                (sd, x) -> sd.loss().sigmoidCrossEntropy(x[0], x[1], null, sum, 0.1),
                shape(3, 4),
                shape(3, 4));
        row("L2 loss", (sd, x) -> sd.loss().l2Loss(x[0]), shape(3, 4));
    }

    private static void wrongInThisRelease() {
        // Keeping an axis that is counted from the end scrambles the sums of arrays of rank three.
        wrong("sum, last axis kept", (sd, x) -> x[0].sum(true, -1), (sd, x) -> x[0].sum(true, 2), shape(2, 3, 4));
        wrong("norm, last axis kept", (sd, x) -> x[0].norm2(true, -1), (sd, x) -> x[0].norm2(true, 2), shape(2, 3, 4));
        // Cubes the factor 0.044715 too.
        wrong(
                "precise gelu",
                (sd, x) -> sd.nn().preciseGelu(x[0]),
                (sd, x) -> sd.math()
                        .tanh(x[0].add(x[0].pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI)))
                        .add(1)
                        .mul(x[0])
                        .mul(0.5),
                shape(3, 4));
        // Constants have single precision, whatever the type of the arrays.
        wrong(
                "gelu",
                (sd, x) -> sd.nn().gelu(x[0]),
                (sd, x) -> sd.nn().sigmoid(x[0].mul(1.702)).mul(x[0]),
                shape(3, 4));
        wrong(
                "hard sigmoid",
                (sd, x) -> sd.nn().hardSigmoid(x[0].mul(3)),
                (sd, x) -> sd.math().clipByValue(x[0].mul(3).mul(0.2).add(0.5), 0, 1),
                shape(3, 4));
        wrong(
                "merge by mean",
                (sd, x) -> sd.math().mergeAvg(x),
                (sd, x) -> x[0].add(x[1]).add(x[2]).div(3),
                shape(3, 4),
                shape(3, 4),
                shape(3, 4));
        // Steps backwards give an empty array, and so does an ellipsis in front.
        wrong(
                "strided slice backwards",
                (sd, x) -> sd.stridedSlice(x[0], new long[] {2, -1}, new long[] {0, 0}, -1, -2),
                (sd, x) -> sd.gather(sd.gather(x[0], new int[] {2, 1}, 0), new int[] {3, 1}, 1),
                shape(3, 4));
        wrong(
                "strided slice with ellipsis",
                (sd, x) ->
                        sd.stridedSlice(x[0], new long[] {0, 1}, new long[] {0, 3}, new long[] {1, 1}, 0, 0, 1, 0, 0),
                (sd, x) -> sd.slice(x[0], new int[] {0, 0, 1}, 2, 3, 2),
                shape(2, 3, 4));
        // SameDiff cannot run it.
        wrong("assign", (sd, x) -> sd.assign(x[0], x[1]), (sd, x) -> x[1].mul(1), shape(3, 4), shape(3, 4));
    }

    private GraphRows() {}
}
