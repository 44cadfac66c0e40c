package org.ebvlm.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.graph.Expr;
import org.ebvlm.samediff.GraphReader;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A SameDiff graph as a function of its placeholders, with its variables as parameters: what models, posteriors and
 * critics are made of.
 */
public final class GraphFunction implements Parametric<GraphFunction> {
    private final SameDiff graph;
    private final String output;
    private final Parameters parameters;

    GraphFunction(SameDiff graph, String output, Parameters parameters) {
        this.graph = graph;
        this.output = output;
        this.parameters = parameters;
    }

    /**
     * The function that a graph computes.
     *
     * @param owner named in errors
     * @param graph its variables become the parameters, with their present values
     * @param output the variable that is the result
     */
    public static GraphFunction of(String owner, SameDiff graph, String output) {
        Parameters.Builder parameters = Parameters.named(owner);
        for (SDVariable variable : graph.variables()) {
            if (variable.getVariableType() == VariableType.VARIABLE) {
                parameters.add(
                        variable.name(),
                        variable.getArr().dup('c').data().asFloat(),
                        Arrays.stream(variable.getArr().shape())
                                .mapToInt(d -> (int) d)
                                .toArray());
            }
        }
        return new GraphFunction(graph, output, parameters.build());
    }

    /** The result, with expressions in place of the placeholders, and of inner variables if their names are there. */
    public Expr apply(Map<String, Expr> arguments) {
        return GraphReader.of(graph).read(output, bindings(arguments));
    }

    /** Inner variables of the graph, with expressions in place of the placeholders. */
    List<Expr> inner(List<String> names, Map<String, Expr> arguments) {
        return GraphReader.of(graph).read(names, bindings(arguments));
    }

    private Map<String, Expr> bindings(Map<String, Expr> arguments) {
        Map<String, Expr> bindings = new HashMap<>(arguments);
        parameters.names().forEach(name -> bindings.put(name, parameters.get(name)));
        return bindings;
    }

    /** The names of all variables of the graph. */
    Set<String> variables() {
        return graph.variableMap().keySet();
    }

    /** The width of a placeholder of shape [-1, width]. */
    int width(String placeholder) {
        SDVariable variable = graph.hasVariable(placeholder) ? graph.getVariable(placeholder) : null;
        long[] shape = variable == null ? null : variable.placeholderShape();
        if (shape == null || shape.length != 2 || shape[1] < 1) {
            throw new GraphException(Facts.that("the graph has no fitting placeholder " + placeholder)
                    .expected("a placeholder of shape [-1, width]")
                    .butWas(shape == null ? "none" : Arrays.toString(shape)));
        }
        return (int) shape[1];
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public GraphFunction with(Parameters values) {
        return new GraphFunction(graph, output, values);
    }

    /** A copy of the graph, with the present values of the parameters in its variables. */
    public SameDiff graph() {
        SameDiff copy = graph.dup();
        for (String name : parameters.names()) {
            copy.getVariable(name)
                    .setArray(Nd4j.createFromArray(parameters.values(name)).reshape(longs(parameters.shape(name))));
        }
        return copy;
    }

    /** The name of the graph's variable that is the result. */
    public String output() {
        return output;
    }

    static long[] longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }
}
