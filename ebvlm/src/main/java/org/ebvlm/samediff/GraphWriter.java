package org.ebvlm.samediff;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Writes expressions into a SameDiff graph, so that they can be saved with it, or run by SameDiff itself.
 *
 * <pre>{@code
 * SDVariable score = GraphWriter.into(graph).write(Map.of(v, graph.getVariable("v")), scoreOfV);
 * }</pre>
 *
 * <p>One operation becomes one operation, with few exceptions: what SameDiff computes wrongly or lacks (slices backwards,
 * padding on one side of a convolution) is composed of others. Shapes are written as they are, so what is written holds for
 * one batch size. Numbers have the type of the first real-valued leaf; truth values are numbers too.
 */
public final class GraphWriter {
    private final SameDiff graph;

    private GraphWriter(SameDiff graph) {
        this.graph = graph;
    }

    /** A writer into a graph. */
    public static GraphWriter into(SameDiff graph) {
        return new GraphWriter(graph);
    }

    /**
     * Writes one expression.
     *
     * @param leaves as in {@link #write(Map, List)}
     * @param output what to write
     * @return the variable that holds its value
     */
    public SDVariable write(Map<Expr, SDVariable> leaves, Expr output) {
        return write(leaves, List.of(output)).get(0);
    }

    /**
     * Writes expressions; what they have in common is written once.
     *
     * @param leaves the graph's variable for each input, and for any inner expression that the graph already has
     * @param outputs what to write
     * @return the variables that hold their values
     * @throws GraphException if an input has no variable, or an operation cannot be written
     */
    public List<SDVariable> write(Map<Expr, SDVariable> leaves, List<Expr> outputs) {
        Writing writing = new Writing(new Target(graph, type(leaves)), new HashMap<>());
        leaves.forEach(
                (leaf, variable) -> writing.known().put(leaf, writing.target().number(variable)));
        return outputs.stream().map(writing::value).toList();
    }

    private DataType type(Map<Expr, SDVariable> leaves) {
        return Stream.concat(leaves.values().stream(), graph.variables().stream())
                .map(SDVariable::dataType)
                .filter(DataType::isFPType)
                .findFirst()
                .orElse(DataType.FLOAT);
    }

    /** One writing: where to, and what is there already. */
    private record Writing(Target target, Map<Expr, SDVariable> known) {

        /** Works inwards from an expression to what is known, and back; its own stack, since expressions may be deep. */
        SDVariable value(Expr output) {
            Deque<Expr> open = new ArrayDeque<>(List.of(output));
            while (!open.isEmpty()) {
                Expr next = open.peek();
                Expr plain = Lowering.of(next);
                List<Expr> needed = plain.equals(next) ? WriterTable.operands(next) : List.of(plain);
                List<Expr> missing =
                        needed.stream().filter(e -> !known.containsKey(e)).toList();
                if (known.containsKey(next)) {
                    open.pop();
                } else if (!missing.isEmpty()) {
                    missing.forEach(open::push);
                } else {
                    known.put(next, plain.equals(next) ? written(next, needed) : known.get(plain));
                }
            }
            return known.get(output);
        }

        private SDVariable written(Expr node, List<Expr> operands) {
            if (node.op() instanceof Leaf.Input) {
                throw new GraphException(
                        Facts.that("write: input '" + node.op().name() + "' has no variable in the graph")
                                .expected("a variable for each input")
                                .hint("add it to the leaves"));
            }
            SDVariable[] x = operands.stream().map(known::get).toArray(SDVariable[]::new);
            return WriterTable.write(target, node, x);
        }
    }
}
