package org.ebvlm.scoring;

import org.ebvlm.graph.Expr;

/**
 * The k-th smallest of many numbers, none negative, as an expression. Expressions cannot sort; they can count. The place is
 * found by halving, one count for each half, and the number itself is the least that lies above:
 *
 * <pre>
 * t = the largest of 2^20 steps with   #{x &gt; t} &gt;= N - k,     k-th smallest = min { x &gt; t }
 * </pre>
 *
 * <p>Steps begin at mean N / (N - k), which the k-th smallest cannot exceed, since N - k numbers are at least as large. So it
 * is exact unless another number lies closer than a millionth of that, and off by no more then.
 */
final class OrderStatistic {
    private static final int HALVINGS = 20;
    private static final double FAR = 1e30;

    private OrderStatistic() {}

    /** The k-th smallest, from 0; []. */
    static Expr of(Expr values, int k) {
        int above = values.size() - k;
        Expr step = values.sum().times(1.0 / above);
        // Just below the least of all, so that the 0-th smallest is above the first place too.
        Expr place = Expr.constant(-1e-30);
        for (int i = 0; i < HALVINGS; i++) {
            step = step.times(0.5);
            Expr next = place.plus(step);
            place = place.plus(step.times(atLeast(above, values, next)));
        }
        return leastAbove(values, place);
    }

    /** The mean of the k-th smallest and the one after it. */
    static Expr pairMean(Expr values, int k) {
        Expr lower = of(values, k);
        // The next is the same number, if that many lie above or are it, or else the least above it.
        Expr next = atLeast(values.size() - k - 1, values, lower).where(leastAbove(values, lower), lower);
        return lower.plus(next).times(0.5);
    }

    /** 1 if at least so many values are above a place, else 0. */
    private static Expr atLeast(int number, Expr values, Expr place) {
        return values.greater(place).sum().greater(number - 0.5);
    }

    private static Expr leastAbove(Expr values, Expr place) {
        return values.greater(place)
                .where(values.neg(), values.filled(-FAR))
                .maxOver()
                .neg();
    }
}
