package org.ebvlm.program;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Pointwise;

/**
 * Relaxed draws of Bernoulli units, worked out without a logarithm: with a uniform number u, and a whole number n, which is
 * one over a temperature,
 *
 * <pre>sigmoid( n (l + log(u / (1 - u))) ) = 1 / (1 + w^n),   w = exp(-l) (1 - u) / u</pre>
 *
 * <p>All draws from the same log odds l share one exponential, and so does their mean sigmoid(l) = 1 / (1 + exp(-l)). What
 * overflows is a draw of 0, what underflows one of 1, as it should be. Either form's error is about n roundings of single
 * precision.
 */
final class RelaxedDraws {
    /** Beyond this power the other form is more precise. */
    private static final int HIGHEST_POWER = 16;

    private final Set<Expr> drawnFrom;
    private final Map<Expr, Expr> known = new HashMap<>();

    /** One over 1 + (exp(-l) (1 - u) / u)^n. */
    private record Draw(Expr odds, Expr u, int power) {

        /** What a node draws, or null if it is no relaxed draw. */
        static Draw of(Expr node) {
            if (node.op() != Pointwise.SIGMOID || node.input().op() != Pointwise.MUL) {
                return null;
            }
            Expr sum = node.input().input();
            int power = wholeNumber(node.input().inputs().get(1));
            if (power == 0 || sum.op() != Pointwise.ADD || sum.inputs().get(1).op() != Pointwise.LOG) {
                return null;
            }
            Expr ratio = sum.inputs().get(1).input();
            return isUniformRatio(ratio) ? new Draw(sum.input(), ratio.input(), power) : null;
        }

        /** The number that a constant is, or zero if it is none or no power that should be taken. */
        private static int wholeNumber(Expr factor) {
            double value = factor.isUniform() ? ((Leaf.Constant) factor.op()).at(0) : 0;
            return value == Math.rint(value) && value > 0 && value <= HIGHEST_POWER ? (int) value : 0;
        }

        /** Whether this is u / (1 - u) of uniform noise, which is never 0 or 1. */
        private static boolean isUniformRatio(Expr ratio) {
            return ratio.op() == Pointwise.DIV
                    && ratio.input().op() instanceof Leaf.Input input
                    && input.source() == Leaf.Source.UNIFORM
                    && ratio.equals(ratio.input().over(ratio.input().neg().plus(1)));
        }
    }

    private RelaxedDraws(List<Expr> order) {
        drawnFrom = order.stream()
                .map(Draw::of)
                .filter(Objects::nonNull)
                .map(Draw::odds)
                .collect(Collectors.toCollection(HashSet::new));
        order.forEach(node -> known.put(node, rewritten(node)));
    }

    /** The same outputs, in which relaxed draws are worked out so. */
    static List<Expr> withoutLogarithms(List<Expr> outputs) {
        RelaxedDraws all = new RelaxedDraws(Expr.sorted(outputs));
        return outputs.stream().map(all.known::get).toList();
    }

    private Expr rewritten(Expr node) {
        Draw draw = Draw.of(node);
        if (draw != null) {
            Expr ratio = draw.u.neg().plus(1).over(draw.u);
            return probability(power(against(draw.odds).times(ratio), draw.power));
        }
        if (node.op() == Pointwise.SIGMOID && drawnFrom.contains(node.input())) {
            return probability(against(node.input()));
        }
        Expr[] inputs = node.inputs().stream().map(known::get).toArray(Expr[]::new);
        return Arrays.asList(inputs).equals(node.inputs()) ? node : Expr.of(node.op(), inputs);
    }

    /** exp(-l). */
    private Expr against(Expr odds) {
        return known.get(odds).neg().exp();
    }

    /** Of odds against. */
    private static Expr probability(Expr against) {
        return against.plus(1).reciprocal();
    }

    /** w^n by squares. */
    private static Expr power(Expr w, int n) {
        if (n == 1) {
            return w;
        }
        Expr half = power(w, n / 2).square();
        return n % 2 == 0 ? half : half.times(w);
    }
}
