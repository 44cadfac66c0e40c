package org.ebvlm.stein;

import java.util.Optional;
import org.ebvlm.graph.Expr;

/**
 * A kernel as Stein directions need it: what the points of one set do to those of another, summed over the one. Sums over
 * parts of a set add up, so that a large set can be gone through in tiles.
 */
interface Closeness {

    /** What reports call it. */
    String name();

    /** Whether moving all points by the same vector changes nothing. */
    boolean seesDifferencesOnly();

    /**
     * The squared length that the kernel's distances are measured by, from the points themselves; empty where only numbers
     * outside of a graph can say it.
     *
     * @param features [n, q]
     * @return []
     */
    Optional<Expr> square(Expr features);

    /**
     * Kernel and slopes of all pairs.
     *
     * @param at features of the points that are moved, [m, q]
     * @param from features of those that move them, [n, q]
     * @param square of the kernel's length, []
     */
    Pairs pairs(Expr at, Expr from, Expr square);

    /** Of all pairs, points that are moved down and those that move them across. */
    interface Pairs {
        /** k(x_j, x_i), [m, n]. */
        Expr kernel();

        /** sum over j of k(x_j, x_i) s_j + weight grad_{x_j} k(x_j, x_i), [m, q]; of points that are their own features. */
        Expr sum(Expr scores, double weight);

        /** grad_{x_j} k(x_j, x_i) itself, [m, n, q]. */
        Expr slopes();

        /** The same with the kernel of each pair, and so its slope, times a number; [m, n]. */
        Pairs times(Expr weights);
    }
}
