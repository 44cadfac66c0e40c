package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;

/**
 * A kernel that depends on the squared distance alone, k(x, y) = f(||x - y||^2). All that Stein discrepancies need
 * follows from f and its first two derivatives:
 *
 * <pre>
 * grad_x k = 2 f' (x - y),   grad_y k = -2 f' (x - y),   tr grad_x grad_y k = -2 d f' - 4 f'' r^2
 * </pre>
 */
public interface Kernel {

    /** What reports call it. */
    String name();

    /** This kernel with its bandwidth settled on data; itself if it has one. */
    Kernel settledOn(Data data);

    /** f at squared distances. */
    Expr value(Expr squaredDistance);

    /** f' at squared distances. */
    Expr slope(Expr squaredDistance);

    /** f, f' and f'' at one squared distance. */
    void profile(double squaredDistance, double[] out);

    /** Bandwidth checked to be positive and finite. */
    static double checkedBandwidth(String kernel, double bandwidth) {
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that(kernel + ".bandwidth: not a length")
                    .expected("a positive number")
                    .butWas(bandwidth)
                    .hint("or " + kernel + ".medianHeuristic()"));
        }
        return bandwidth;
    }
}
