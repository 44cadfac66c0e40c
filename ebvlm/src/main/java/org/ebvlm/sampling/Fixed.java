package org.ebvlm.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Structure;
import org.ebvlm.program.Program;

/**
 * Takes out of expressions what is the same at every step, what depends on parameters and constants alone: it is computed
 * once and given to the program that makes the steps. With v given, that is a deep energy's features of v.
 */
final class Fixed {
    private final Expr parameters;
    private final Map<Expr, Expr> rebuilt = new HashMap<>();
    private final Map<Expr, Boolean> moves = new HashMap<>();
    private final Map<Expr, Expr> taken = new LinkedHashMap<>();
    private final List<Expr> outputs = new ArrayList<>();

    /**
     * Takes expressions apart.
     *
     * @param parameters the input that stays as it is; all others change
     */
    Fixed(List<Expr> expressions, Expr parameters) {
        this.parameters = parameters;
        for (Expr node : Expr.sorted(expressions)) {
            moves.put(node, moves(node));
            rebuilt.put(node, rebuilt(node));
        }
        expressions.forEach(y -> outputs.add(rebuilt.get(y)));
    }

    private boolean moves(Expr node) {
        return node.op() instanceof Leaf
                ? node.op() instanceof Leaf.Input && !node.equals(parameters)
                : node.inputs().stream().anyMatch(moves::get);
    }

    private Expr rebuilt(Expr node) {
        if (!moves.get(node)) {
            return node;
        }
        Expr[] inputs = node.inputs().stream().map(this::input).toArray(Expr[]::new);
        return node.op() instanceof Leaf ? node : Expr.of(node.op(), inputs);
    }

    /** What a moving node reads: a repetition is left to it, only what is repeated is taken. */
    private Expr input(Expr node) {
        if (moves.get(node)) {
            return rebuilt.get(node);
        } else if (node.op() instanceof Structure.Broadcast) {
            return Expr.of(node.op(), input(node.input()));
        }
        return node.op() instanceof Leaf ? node : taken.computeIfAbsent(node, y -> Expr.input("fixed", y.shape()));
    }

    /** The program of what changes, given what does not. */
    Program program(Target target) {
        Program program = Program.of(outputs);
        target.give(program);
        if (!taken.isEmpty()) {
            List<Expr> once = List.copyOf(taken.keySet());
            try (Program first = Program.of(once)) {
                target.give(first);
                first.run();
                for (int i = 0; i < once.size(); i++) {
                    program.set(taken.get(once.get(i)), first.value(i));
                }
            }
        }
        return program;
    }
}
