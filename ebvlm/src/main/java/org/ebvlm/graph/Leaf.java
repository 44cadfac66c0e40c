package org.ebvlm.graph;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/** What expressions begin with: inputs whose values come when the program runs, and constants. */
public sealed interface Leaf extends Op {

    @Override
    default List<Expr> cotangents(Expr node, Expr cotangent) {
        return List.of();
    }

    @Override
    default Expr tangent(Expr node, List<Expr> tangents) {
        return null;
    }

    /** Where an input's values come from. */
    enum Source {
        /** Given by the caller at each run: data, parameters, particles. */
        GIVEN,
        /** Standard normal noise. */
        NORMAL,
        /** Noise uniform on the open interval (0, 1). */
        UNIFORM,
        /** Noise of -1 or +1 with equal probability. */
        RADEMACHER
    }

    /** An input; two inputs are equal only if they are the same object, whatever their names. */
    final class Input implements Leaf {
        private final String name;
        private final int[] shape;
        private final Source source;

        Input(String name, int[] shape, Source source) {
            this.name = name;
            this.shape = shape.clone();
            this.source = source;
        }

        @Override
        public String name() {
            return name;
        }

        /** Where the values come from. */
        public Source source() {
            return source;
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            return shape;
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            throw new IllegalStateException("an input has no value of its own: " + name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Fixed numbers; one value stands for all elements where {@code values} has length one. */
    final class Constant implements Leaf {
        private final int[] shape;
        private final double[] values;

        Constant(int[] shape, double[] values) {
            if (values.length != 1 && values.length != Shapes.size(shape)) {
                throw new ShapeException(Facts.that("constant: wrong number of values")
                        .expected(Shapes.size(shape) + " for shape " + Shapes.text(shape))
                        .butWas(values.length));
            }
            this.shape = shape.clone();
            this.values = values.clone();
        }

        @Override
        public String name() {
            return "constant";
        }

        /** Whether one value stands for all elements. */
        boolean isUniform() {
            return values.length == 1;
        }

        /** The value at a row-major position. */
        public double at(int i) {
            return values[values.length == 1 ? 0 : i];
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            return shape;
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            for (int i = 0; i < out.length; i++) {
                out[i] = at(i);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Constant that
                    && Arrays.equals(shape, that.shape)
                    && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return isUniform() ? Double.toString(values[0]) : "constant" + Shapes.text(shape);
        }
    }
}
