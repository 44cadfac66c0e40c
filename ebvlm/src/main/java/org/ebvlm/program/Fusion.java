package org.ebvlm.program;

import java.util.Arrays;
import java.util.Comparator;
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
    /** Operations in one loop body before an inner expression gets a loop of its own: the JVM compiles longer ones badly. */
    private static final int BODY_LIMIT = 40;

    private final Set<Expr> stored = new HashSet<>();
    private final Map<Expr, Integer> cost = new HashMap<>();

    private Fusion() {}

    /** The expressions among {@code order} that are stored. */
    static Set<Expr> stored(List<Expr> order, List<Expr> outputs) {
        Fusion fusion = new Fusion();
        Map<Expr, Integer> users = users(order);
        fusion.stored.addAll(outputs);
        for (Expr node : order) {
            fusion.demand(node);
        }
        for (Expr node : order) {
            fusion.settle(node, users.getOrDefault(node, 0));
        }
        return fusion.stored;
    }

    /** How many expressions use each; the users of one that only shows another are users of that other. */
    private static Map<Expr, Integer> users(List<Expr> order) {
        Map<Expr, Integer> users = new HashMap<>();
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr node = order.get(i);
            int weight = shows(node) ? Math.max(1, users.getOrDefault(node, 0)) : 1;
            new HashSet<>(node.inputs()).forEach(input -> users.merge(input, weight, Integer::sum));
        }
        return users;
    }

    private static boolean shows(Expr node) {
        return node.op() instanceof Structure.Broadcast
                || node.op() instanceof Structure.Permute
                || node.op() instanceof Structure.Reshape
                || node.op() instanceof Structure.Held
                || node.op() instanceof Structure.Point;
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
        for (Expr input : node.inputs()) {
            if (isEnlarging(node) && cost.getOrDefault(input, 0) > 0) {
                stored.add(input);
            }
        }
        int own = node.op() instanceof Pointwise op ? costOf(op) : 0;
        List<Expr> folded = node.inputs().stream()
                .distinct()
                .filter(input -> folded(input) > REPEAT_LIMIT)
                .sorted(Comparator.comparing(this::folded).reversed())
                .toList();
        for (Expr largest : folded) {
            if (own + inputs(node) > BODY_LIMIT) {
                stored.add(largest);
            }
        }
        cost.put(node, own + inputs(node));
        if (users > 1 && cost.get(node) > REPEAT_LIMIT && node.op() instanceof Pointwise) {
            stored.add(node);
        }
    }

    /** Operations in the loop body for an input. */
    private int folded(Expr input) {
        return stored.contains(input) ? 0 : cost.getOrDefault(input, 0);
    }

    private int inputs(Expr node) {
        return node.inputs().stream().distinct().mapToInt(this::folded).sum();
    }

    private static boolean isEnlarging(Expr node) {
        return node.op() instanceof Structure.Broadcast
                && node.size() > node.input().size();
    }

    /** About the number of vector operations. */
    private static int costOf(Pointwise op) {
        return switch (op) {
            case NEG, ADD, SUB, MUL, SQUARE, MAX, MIN, GREATER, EQUAL, WHERE, ABS -> 1;
            case DIV, RECIPROCAL, SQRT, SIGN, FLOOR, ROUND -> 4;
            case EXP, EXPM1, ELU, SIGMOID -> 20;
            case LOG, SOFTPLUS, TANH, LOG1P -> 30;
            case SIN, COS, POW -> 8;
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
