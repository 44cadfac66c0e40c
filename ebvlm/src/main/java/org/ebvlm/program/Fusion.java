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
    /** Operations in one loop body before an inner expression gets a loop of its own: the JVM compiles longer ones badly. */
    private static final int BODY_LIMIT = 40;

    private final List<Expr> order;
    private final Set<Expr> stored = new HashSet<>();
    /** The operations that a loop does to have an expression. */
    private final Map<Expr, Set<Expr>> bodies = new HashMap<>();

    private Fusion(List<Expr> order, List<Expr> outputs) {
        this.order = order;
        stored.addAll(outputs);
    }

    /** The expressions among {@code order} that are stored. */
    static Set<Expr> stored(List<Expr> order, List<Expr> outputs) {
        Fusion fusion = new Fusion(order, outputs);
        order.forEach(fusion::demand);
        Set<Expr> demanded = Set.copyOf(fusion.stored);
        order.forEach(fusion::fold);
        // What several loops need shortens their bodies, and less has to be stored for their length.
        Set<Expr> shared = fusion.whatSeveralLoopsNeed();
        fusion.stored.retainAll(demanded);
        fusion.stored.addAll(shared);
        order.forEach(fusion::fold);
        fusion.stored.addAll(fusion.whatSeveralLoopsNeed());
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

    /** Finds what folding an expression costs, and stores inputs where that would repeat work or make a loop too long. */
    private void fold(Expr node) {
        for (Expr input : node.inputs()) {
            if (isEnlarging(node) && !body(input).isEmpty()) {
                stored.add(input);
            }
        }
        Set<Expr> body = together(node);
        while (cost(body) > BODY_LIMIT && dearest(node) != null) {
            stored.add(dearest(node));
            body = together(node);
        }
        bodies.put(node, body);
    }

    /** The input that costs most to fold, if it is worth storing. */
    private Expr dearest(Expr node) {
        Expr dearest = null;
        for (Expr input : node.inputs()) {
            int cost = cost(body(input));
            if (cost > (dearest == null ? REPEAT_LIMIT : cost(body(dearest)))) {
                dearest = input;
            }
        }
        return dearest;
    }

    /** What a loop does for an expression that it does not find in memory. */
    private Set<Expr> body(Expr input) {
        return stored.contains(input) ? Set.of() : bodies.getOrDefault(input, Set.of());
    }

    private Set<Expr> together(Expr node) {
        Set<Expr> body = new HashSet<>();
        node.inputs().forEach(input -> body.addAll(body(input)));
        if (node.op() instanceof Pointwise) {
            body.add(node);
        }
        return body;
    }

    private static int cost(Set<Expr> body) {
        return body.stream().mapToInt(each -> costOf((Pointwise) each.op())).sum();
    }

    /** An expression that one loop uses twice is computed once there; what two loops need is found here if it is dear. */
    private Set<Expr> whatSeveralLoopsNeed() {
        Set<Expr> shared = new HashSet<>();
        Map<Expr, Set<Expr>> loops = new HashMap<>();
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr node = order.get(i);
            Set<Expr> using = loops.getOrDefault(node, Set.of());
            if (using.size() > 1 && node.op() instanceof Pointwise && cost(bodies.get(node)) > REPEAT_LIMIT) {
                shared.add(node);
            }
            Set<Expr> passed = stored.contains(node) || shared.contains(node) ? Set.of(node) : using;
            node.inputs().forEach(input -> loops.computeIfAbsent(input, n -> new HashSet<>())
                    .addAll(passed));
        }
        return shared;
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
            case LOG, SOFTPLUS -> 30;
            case TANH, LOG1P -> 35;
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
