package org.ebvlm.scoring;

import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/** Integrals over the plane on a fine grid, for models whose mass is near the origin: the trapezoidal rule, in double precision. */
final class Plane {
    private static final int SIDE = 161;
    private static final double REACH = 8;
    private static final double STEP = 2 * REACH / (SIDE - 1);

    private Plane() {}

    private static double[] points() {
        double[] points = new double[2 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            int row = i / SIDE;
            points[2 * i] = -REACH + STEP * row;
            points[2 * i + 1] = -REACH + STEP * (i - row * SIDE);
        }
        return points;
    }

    private static Expr rows() {
        return Expr.input("v", SIDE * SIDE, 2);
    }

    /** log of the integral of exp(-F). */
    static double logIntegral(EnergyModel model) {
        Expr v = rows();
        Doubles given = new Doubles().set(model.parameters()).set(v, points());
        return given.scalar(model.freeEnergy(v).neg().logSumExp()) + 2 * Math.log(STEP);
    }

    /** The probability of each cell. */
    static double[] density(EnergyModel model) {
        Expr v = rows();
        Doubles given = new Doubles().set(model.parameters()).set(v, points());
        return given.of(
                model.freeEnergy(v).neg().reshape(1, SIDE * SIDE).softmax(1).reshape(SIDE * SIDE));
    }

    /** E_model[ dF/dtheta ]. */
    static double[] meanGradient(EnergyModel model) {
        Expr v = rows();
        Doubles given = new Doubles().set(model.parameters()).set(v, points());
        Expr weights = Expr.constant(density(model), SIDE * SIDE);
        return given.of(
                model.parameters().gradient(model.freeEnergy(v).times(weights).sum()));
    }

    /** E x, E y, E x^2, E x y, E y^2 and E x^4 under the model. */
    static double[] moments(EnergyModel model) {
        double[] points = points();
        double[] density = density(model);
        double[] sum = new double[6];
        for (int i = 0; i < density.length; i++) {
            double x = points[2 * i];
            double y = points[2 * i + 1];
            double[] each = {x, y, x * x, x * y, y * y, x * x * x * x};
            for (int k = 0; k < sum.length; k++) {
                sum[k] += density[i] * each[k];
            }
        }
        return sum;
    }
}
