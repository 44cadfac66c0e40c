package org.ebvlm.scoring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;

/** Expressions in double precision at held inputs and held noise: the ground for closed forms and finite differences. */
public final class Doubles {
    private static final double STEP = 1e-5;

    private final Map<Expr, double[]> values = new HashMap<>();

    public Doubles set(Expr input, double... numbers) {
        values.put(input, numbers.clone());
        return this;
    }

    public Doubles set(Parameters parameters) {
        return set(parameters.leaf(), widened(parameters.values()));
    }

    /** Draws the noise inputs of expressions, in the order of their making, and holds it. */
    public Doubles draw(Noise noise, Expr... results) {
        for (Expr node : Expr.sorted(List.of(results))) {
            if (node.op() instanceof Leaf.Input input && input.source() != Leaf.Source.GIVEN) {
                set(node, numbers(input.source(), noise, node.size()));
            }
        }
        return this;
    }

    private static double[] numbers(Leaf.Source source, Noise noise, int size) {
        float[] drawn = new float[size];
        switch (source) {
            case NORMAL -> noise.normal(drawn, 0, size);
            case UNIFORM -> noise.uniform(drawn, 0, size);
            default -> noise.rademacher(drawn, 0, size);
        }
        return widened(drawn);
    }

    public double[] of(Expr y) {
        return Interpreter.evaluate(y, values);
    }

    public double scalar(Expr y) {
        return of(y)[0];
    }

    /** Central differences of the sum of y's elements with respect to an input. */
    public double[] differences(Expr y, Expr input) {
        double[] at = values.get(input);
        double[] slope = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            slope[i] = (moved(y, input, at, i, STEP) - moved(y, input, at, i, -STEP)) / (2 * STEP);
        }
        return slope;
    }

    private double moved(Expr y, Expr input, double[] at, int i, double by) {
        double[] other = at.clone();
        other[i] += by;
        Map<Expr, double[]> elsewhere = new HashMap<>(values);
        elsewhere.put(input, other);
        double sum = 0;
        for (double each : Interpreter.evaluate(y, elsewhere)) {
            sum += each;
        }
        return sum;
    }

    public static double[] widened(float[] numbers) {
        double[] out = new double[numbers.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = numbers[i];
        }
        return out;
    }
}
