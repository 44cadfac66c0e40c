package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;

/**
 * The kernel k(x, y) = 1 - ||x - y||^2 / bandwidth^2, not cut off at zero; with the square root of the width as bandwidth it
 * is the mean over coordinates of 1 - (x_i - y_i)^2, which suits pixels between 0 and 1 (Li and Turner, 2018).
 *
 * <p>Its matrices have rank width + 2 at most and are not positive definite in general: a Stein discrepancy by it can be
 * negative, and a Stein estimator by it needs a ridge. The field that it gives is affine, G(x) = A (x - mean).
 */
public final class Epanechnikov implements Kernel {
    private final Double bandwidth;

    private Epanechnikov(Double bandwidth) {
        this.bandwidth = bandwidth;
    }

    /** With a bandwidth, a length in the space of v. */
    public static Epanechnikov bandwidth(double length) {
        return new Epanechnikov(Kernel.checkedBandwidth("Epanechnikov", length));
    }

    /** The mean over coordinates: with the square root of the data's width as bandwidth. */
    public static Epanechnikov meanOverCoordinates() {
        return new Epanechnikov(null);
    }

    @Override
    public Epanechnikov settledOn(Data data) {
        return bandwidth != null ? this : bandwidth(Math.sqrt(data.width()));
    }

    @Override
    public double length() {
        return bandwidth;
    }

    @Override
    public Epanechnikov unit() {
        return bandwidth(1);
    }

    @Override
    public Expr value(Expr r2) {
        return r2.times(rate()).plus(1);
    }

    @Override
    public Expr slope(Expr r2) {
        return r2.filled(rate());
    }

    @Override
    public Expr bend(Expr r2) {
        return r2.filled(0);
    }

    @Override
    public Expr third(Expr r2) {
        return r2.filled(0);
    }

    @Override
    public void evaluate(Part part, double[] squaredDistances, int size, double[] out) {
        for (int i = 0; i < size; i++) {
            out[i] = part == Part.VALUE ? 1 + rate() * squaredDistances[i] : part == Part.SLOPE ? rate() : 0;
        }
    }

    private double rate() {
        return -1 / (bandwidth * bandwidth);
    }

    @Override
    public String name() {
        return "Epanechnikov kernel, bandwidth "
                + (bandwidth == null ? "the root of the width" : "%.3g".formatted(bandwidth));
    }

    @Override
    public String toString() {
        return name();
    }
}
