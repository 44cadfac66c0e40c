package org.ebvlm.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Evaluates expressions one node at a time in double precision: slow, allocating, and plain to read. It is the oracle
 * for compiled programs and the ground that finite differences stand on.
 */
public final class Interpreter {
    private Interpreter() {}

    /**
     * The value of an expression.
     *
     * @param y what to evaluate
     * @param values a row-major array for each input
     * @return the row-major elements of {@code y}
     */
    public static double[] evaluate(Expr y, Map<Expr, double[]> values) {
        return evaluate(List.of(y), values).get(0);
    }

    /** The values of several expressions, with common work done once. */
    public static List<double[]> evaluate(List<Expr> results, Map<Expr, double[]> values) {
        Map<Expr, double[]> known = new HashMap<>();
        for (Expr node : Expr.sorted(results)) {
            known.put(node, node.op() instanceof Leaf.Input ? given(node, values) : applied(node, known));
        }
        return results.stream().map(known::get).toList();
    }

    private static double[] given(Expr input, Map<Expr, double[]> values) {
        double[] value = values.get(input);
        if (value == null || value.length != input.size()) {
            throw new ShapeException(Facts.that("evaluate: input " + input + " has no fitting value")
                    .expected(input.size() + " numbers")
                    .butWas(value == null ? "none" : value.length));
        }
        return value;
    }

    private static double[] applied(Expr node, Map<Expr, double[]> known) {
        List<double[]> inputs = new ArrayList<>();
        for (Expr input : node.inputs()) {
            inputs.add(known.get(input));
        }
        double[] out = new double[node.size()];
        node.op().evaluate(node, inputs, out);
        return out;
    }
}
