package org.ebvlm.samediff;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Reads outputs of a SameDiff graph as functions of expressions: what the graph computes from its placeholders and
 * parameters, with expressions in their place.
 *
 * <pre>{@code
 * Expr v = Expr.input("v", 100, 784);
 * Expr energy = GraphReader.of(graph).read("energy", Map.of("v", v));
 * }</pre>
 *
 * <p>Every shape is known, because the bound expressions have one: a graph written for batches of any size is read once
 * for each size, and its arithmetic on shapes folds away. One graph may be read many times with different bindings; what
 * two readings have in common is the same expression. Integers and truth values are read as plain numbers, comparisons as
 * 0 and 1; division of integers and casts to integers drop the fraction.
 *
 * <p>Random operations are refused, since noise is an input here; so are loops and conditions, and operations whose result
 * has a size that depends on values.
 */
public final class GraphReader {
    private final SameDiff graph;

    private GraphReader(SameDiff graph) {
        this.graph = graph;
    }

    /** The SameDiff names of all operations that can be read. */
    public static Set<String> operations() {
        return Vocabulary.names();
    }

    /** A reader of a graph; the graph may grow later. */
    public static GraphReader of(SameDiff graph) {
        return new GraphReader(graph);
    }

    /**
     * One output as an expression.
     *
     * @param output the variable's name
     * @param bindings as in {@link #read(List, Map)}
     * @return an expression of the output's shape
     */
    public Expr read(String output, Map<String, Expr> bindings) {
        return read(List.of(output), bindings).get(0);
    }

    /**
     * Outputs as expressions.
     *
     * @param outputs the variables' names
     * @param bindings what stands for a variable, by its name: for each placeholder that an output needs, for each
     *     parameter that is not to be read as a constant of its present value, and for any inner variable that is to be
     *     replaced
     * @return one expression for each output
     * @throws ShapeException if a bound expression does not have the declared shape, or shapes inside do not fit
     * @throws GraphException if a name is unknown, a placeholder is not bound, or an operation cannot be read
     */
    public List<Expr> read(List<String> outputs, Map<String, Expr> bindings) {
        bindings.forEach((name, expression) -> checkShape(variable(name), expression));
        Map<String, Expr> known = new HashMap<>(bindings);
        return outputs.stream().map(name -> value(name, known)).toList();
    }

    /** Works inwards from a variable to what is known, and back; its own stack, since graphs may be deep. */
    private Expr value(String name, Map<String, Expr> known) {
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String next = open.peek();
            SameDiffOp producer = producer(next);
            if (known.containsKey(next)) {
                open.pop();
            } else if (producer == null) {
                known.put(next, leaf(variable(next)));
            } else {
                Rule rule = Vocabulary.rule(producer);
                List<String> missing = inputs(producer).stream()
                        .filter(input -> !known.containsKey(input))
                        .toList();
                missing.forEach(open::push);
                if (missing.isEmpty()) {
                    apply(rule, producer, known);
                }
            }
        }
        return known.get(name);
    }

    private void apply(Rule rule, SameDiffOp producer, Map<String, Expr> known) {
        List<Expr> inputs = inputs(producer).stream().map(known::get).toList();
        List<String> names = producer.getOutputsOfOp();
        Call call = new Call(
                producer.getOp(), names.get(0), inputs, variable(names.get(0)).dataType());
        List<Expr> results = applied(rule, call);
        for (int i = 0; i < names.size(); i++) {
            known.putIfAbsent(names.get(i), results.get(i));
        }
    }

    private static List<Expr> applied(Rule rule, Call call) {
        try {
            return rule.read(call);
        } catch (ShapeException error) {
            List<String> shapes = call.inputs().stream()
                    .map(input -> Shapes.text(input.shape()))
                    .toList();
            throw new ShapeException(Facts.that(
                            "read: '" + call.variable() + "' is " + call.op().opName() + " of inputs that do not fit")
                    .butWas(String.join(", ", shapes))
                    .causedBy(error));
        }
    }

    private static List<String> inputs(SameDiffOp producer) {
        return producer.getInputsToOp() == null ? List.of() : producer.getInputsToOp();
    }

    private SameDiffOp producer(String name) {
        variable(name);
        String producer = graph.getVariables().get(name).getOutputOfOp();
        return producer == null ? null : graph.getOps().get(producer);
    }

    private SDVariable variable(String name) {
        if (!graph.hasVariable(name)) {
            throw new GraphException(Facts.that("read: the graph has no variable '" + name + "'")
                    .expected("one of " + graph.variableMap().keySet()));
        }
        return graph.getVariable(name);
    }

    private static Expr leaf(SDVariable variable) {
        if (variable.getVariableType() == VariableType.PLACEHOLDER) {
            throw new GraphException(Facts.that("read: placeholder '" + variable.name() + "' is not bound")
                    .expected("an expression of shape " + declared(variable))
                    .butWas("none")
                    .hint("bind it to an expression, or give its shape"));
        }
        return Constants.of(variable.getArr());
    }

    private static void checkShape(SDVariable variable, Expr expression) {
        long[] declared = shape(variable);
        boolean fits = declared == null || declared.length == expression.rank();
        for (int a = 0; declared != null && fits && a < declared.length; a++) {
            fits = declared[a] < 0 || declared[a] == expression.shape(a);
        }
        if (!fits) {
            throw new ShapeException(Facts.that("read: what is bound to '" + variable.name() + "' has the wrong shape")
                    .expected(declared(variable) + "   (-1 is any size)")
                    .butWas(Shapes.text(expression.shape())));
        }
    }

    private static long[] shape(SDVariable variable) {
        return variable.isPlaceHolder() ? variable.placeholderShape() : variable.getShape();
    }

    private static String declared(SDVariable variable) {
        return shape(variable) == null ? "any" : Arrays.toString(shape(variable));
    }
}
