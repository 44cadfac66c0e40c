package org.ebvlm.program;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.MatMul;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.graph.Structure;

/**
 * Decides which expressions are stored in memory; all others are worked out inside the loops of those that use them.
 *
 * <p>Stored are program outputs, what products read and write, sums, and what would otherwise be computed again and
 * again: an expensive expression with several users, or one that is broadcast. Everything else (arithmetic chains,
 * broadcasts, permutations, slices) is folded into its consumers.
 */
final class Fusion {
    /** Operations an expression may cost before it is stored rather than repeated. */
    private static final int REPEAT_LIMIT = 3;
    /** What an elementary function counts for. */
    private static final int FUNCTION_COST = 8;
    /** Operations in one loop body before an inner expression gets a loop of its own. */
    private static final int BODY_LIMIT = 48;

    private final Set<Expr> stored = new HashSet<>();
    private final Map<Expr, Integer> cost = new HashMap<>();

    private Fusion() {}

    /** The expressions among {@code order} that are stored. */
    static Set<Expr> stored(List<Expr> order, List<Expr> outputs) {
        Fusion fusion = new Fusion();
        Map<Expr, Integer> users = new HashMap<>();
        for (Expr node : order) {
            new HashSet<>(node.inputs()).forEach(input -> users.merge(input, 1, Integer::sum));
        }
        fusion.stored.addAll(outputs);
        for (Expr node : order) {
            fusion.demand(node);
        }
        for (Expr node : order) {
            fusion.settle(node, users.getOrDefault(node, 0));
        }
        return fusion.stored;
    }

    /** Stores what a node cannot compute in a loop with others, and what it must find in memory. */
    private void demand(Expr node) {
        if (!isFoldable(node)) {
            stored.add(node);
        }
        if (readsMemory(node)) {
            for (Expr input : node.inputs()) {
                stored.add(input);
            }
        }
    }

    private static boolean isFoldable(Expr node) {
        return node.op() instanceof Pointwise
                || node.op() instanceof Structure.Broadcast
                || node.op() instanceof Structure.Permute
                || node.op() instanceof Structure.Slice
                || node.op() instanceof Structure.Reshape
                || node.op() instanceof Structure.Held
                || node.op() instanceof Structure.Point
                || node.isUniform();
    }

    private static boolean readsMemory(Expr node) {
        return node.op() instanceof MatMul
                || node.op() instanceof Convolution
                || node.op() instanceof Structure.Gather
                || node.op() instanceof Structure.Scatter
                || (node.op() instanceof Structure.Reshape && !changesUnitAxesOnly(node));
    }

    /** Stores a folded expression after all if folding it would repeat too much work or make a loop too long. */
    private void settle(Expr node, int users) {
        int own = 0;
        for (Expr input : node.inputs()) {
            if (isEnlarging(node) && cost.getOrDefault(input, 0) > 0) {
                stored.add(input);
            }
            own += stored.contains(input) ? 0 : cost.getOrDefault(input, 0);
        }
        if (own > BODY_LIMIT) {
            own = 0;
            for (Expr input : node.inputs()) {
                if (cost.getOrDefault(input, 0) > REPEAT_LIMIT) {
                    stored.add(input);
                }
                own += stored.contains(input) ? 0 : cost.getOrDefault(input, 0);
            }
        }
        own += node.op() instanceof Pointwise op ? costOf(op) : 0;
        cost.put(node, own);
        if (users > 1 && own > REPEAT_LIMIT && node.op() instanceof Pointwise) {
            stored.add(node);
        }
    }

    private static boolean isEnlarging(Expr node) {
        return node.op() instanceof Structure.Broadcast
                && node.size() > node.input().size();
    }

    private static int costOf(Pointwise op) {
        return switch (op) {
            case NEG, ADD, SUB, MUL, SQUARE, MAX, MIN, GREATER, EQUAL, WHERE, ABS -> 1;
            case DIV, RECIPROCAL, SQRT, SIGN, FLOOR, ROUND -> 4;
            default -> FUNCTION_COST;
        };
    }

    /** Whether a reshape only adds or removes axes of size one. */
    static boolean changesUnitAxesOnly(Expr reshape) {
        return Arrays.equals(
                withoutUnits(reshape.shape()), withoutUnits(reshape.input().shape()));
    }

    static int[] withoutUnits(int[] shape) {
        return Arrays.stream(shape).filter(d -> d != 1).toArray();
    }
}
