package org.ebvlm.samediff;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Derivatives of a SameDiff graph, as new variables of the same graph, which can be differentiated again, to any order.
 *
 * <pre>{@code
 * Derivatives derivatives = Derivatives.of(graph).at(Map.of("v", new long[] {100, 784}));
 * SDVariable score = derivatives.gradient("logDensity", "v");
 * SDVariable curvature = derivatives.jvp(score.name(), "v", "z");
 * }</pre>
 *
 * <p>SameDiff's own differentiation is not used: it stops at first order, forgets the incoming gradient of some
 * operations, and prints. Here the graph is read ({@link GraphReader}), differentiated ({@link Differentiation}), and what
 * results is written ({@link GraphWriter}). Shapes are written too, so the new variables hold for the given batch size.
 *
 * <p>All methods throw a {@link GraphException} for an unknown name, a placeholder of unknown shape and an
 * operation that cannot be read; a {@link org.ebvlm.errors.ShapeException} for a cotangent or direction of another shape.
 */
public final class Derivatives {
    private final SameDiff graph;
    private final Map<String, long[]> shapes;

    private Derivatives(SameDiff graph, Map<String, long[]> shapes) {
        this.graph = graph;
        this.shapes = shapes;
    }

    /** Derivatives of a graph whose placeholders have fixed shapes. */
    public static Derivatives of(SameDiff graph) {
        return new Derivatives(graph, Map.of());
    }

    /** With these shapes for placeholders that are declared with an open size. */
    public Derivatives at(Map<String, long[]> placeholderShapes) {
        for (String name : placeholderShapes.keySet()) {
            if (!graph.hasVariable(name) || !graph.getVariable(name).isPlaceHolder()) {
                throw new GraphException(Facts.that("derivatives: the graph has no placeholder '" + name + "'")
                        .expected("one of " + graph.inputs()));
            }
        }
        Map<String, long[]> all = new HashMap<>(shapes);
        all.putAll(placeholderShapes);
        return new Derivatives(graph, all);
    }

    /** The gradient of the sum of all elements of an output, of the input's shape. */
    public SDVariable gradient(String output, String input) {
        return gradient(output, List.of(input)).get(0);
    }

    /**
     * The gradients of the sum of all elements of an output.
     *
     * @param output a variable's name
     * @param inputs names of placeholders, parameters or inner variables
     * @return one variable of each input's shape; zeros where the output does not depend on it
     */
    public List<SDVariable> gradient(String output, List<String> inputs) {
        Reading reading = new Reading();
        return reading.write(inputs.stream()
                .map(name -> {
                    Expr input = reading.input(name);
                    return Differentiation.gradient(reading.output(output, name, input), input);
                })
                .toList());
    }

    /**
     * The vector-Jacobian product: the gradient of {@code sum(cotangent * output)} with the cotangent held.
     *
     * @param output a variable's name
     * @param cotangent name of a variable of the output's shape
     * @param input name of a placeholder, parameter or inner variable
     * @return a variable of the input's shape
     */
    public SDVariable vjp(String output, String cotangent, String input) {
        Reading reading = new Reading();
        Expr x = reading.input(input);
        Expr y = reading.output(output, input, x);
        return reading.write(Differentiation.vjp(y, reading.held(cotangent), List.of(x)))
                .get(0);
    }

    /**
     * The Jacobian-vector product: the derivative of an output as an input moves along a direction, which is held.
     *
     * @param output a variable's name
     * @param input name of a placeholder, parameter or inner variable
     * @param direction name of a variable of the input's shape
     * @return a variable of the output's shape
     */
    public SDVariable jvp(String output, String input, String direction) {
        Reading reading = new Reading();
        Expr x = reading.input(input);
        Expr y = reading.output(output, input, x);
        return reading.write(List.of(Differentiation.jvp(y, x, reading.held(direction))))
                .get(0);
    }

    /** The graph as expressions of its placeholders and parameters. */
    private final class Reading {
        private final Map<String, Expr> bindings = new HashMap<>();
        private final Map<Expr, SDVariable> leaves = new HashMap<>();

        Reading() {
            for (SDVariable variable : graph.variables()) {
                long[] shape = shape(variable);
                if (shape != null && Arrays.stream(shape).allMatch(size -> size >= 0)) {
                    bindings.put(variable.name(), leaf(variable.name(), Integers.ints(shape)));
                }
            }
        }

        /** Known in advance for placeholders and parameters only. */
        private long[] shape(SDVariable variable) {
            return switch (variable.getVariableType()) {
                case PLACEHOLDER -> shapes.getOrDefault(variable.name(), variable.placeholderShape());
                case VARIABLE -> variable.getShape();
                default -> null;
            };
        }

        private Expr leaf(String name, int... shape) {
            Expr leaf = Expr.input(name, shape);
            leaves.put(leaf, graph.getVariable(name));
            return leaf;
        }

        /** What is differentiated with respect to: a placeholder or parameter, or a cut through the graph. */
        Expr input(String name) {
            return bindings.containsKey(name) ? bindings.get(name) : held(name);
        }

        /** A variable's value as it is, whatever it depends on. */
        Expr held(String name) {
            return leaf(name, GraphReader.of(graph).read(name, bindings).shape());
        }

        /** An output as a function of an input, which may lie inside the graph. */
        Expr output(String name, String inputName, Expr input) {
            Map<String, Expr> cut = new HashMap<>(bindings);
            cut.put(inputName, input);
            return GraphReader.of(graph).read(name, cut);
        }

        List<SDVariable> write(List<Expr> derivatives) {
            return GraphWriter.into(graph).write(leaves, derivatives);
        }
    }
}
