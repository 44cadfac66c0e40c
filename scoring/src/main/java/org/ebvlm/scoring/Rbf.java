package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;

/** The Gaussian kernel, k(x, y) = exp( -||x - y||^2 / (2 bandwidth^2) ). */
public final class Rbf implements Kernel {
    private final Double bandwidth;

    private Rbf(Double bandwidth) {
        this.bandwidth = bandwidth;
    }

    /** With a bandwidth, a length in the space of v. */
    public static Rbf bandwidth(double length) {
        return new Rbf(Kernel.checkedBandwidth("Rbf", length));
    }

    /** With the median distance between data points as bandwidth. */
    public static Rbf medianHeuristic() {
        return new Rbf(null);
    }

    @Override
    public Rbf settledOn(Data data) {
        return bandwidth != null ? this : bandwidth(MedianDistance.of(data));
    }

    @Override
    public Expr value(Expr r2) {
        return r2.times(-0.5 / (bandwidth * bandwidth)).exp();
    }

    @Override
    public Expr slope(Expr r2) {
        return value(r2).times(-0.5 / (bandwidth * bandwidth));
    }

    @Override
    public void profile(double r2, double[] out) {
        double factor = -0.5 / (bandwidth * bandwidth);
        out[0] = Math.exp(factor * r2);
        out[1] = factor * out[0];
        out[2] = factor * out[1];
    }

    @Override
    public String name() {
        return "RBF kernel, bandwidth " + (bandwidth == null ? "by median" : "%.3g".formatted(bandwidth));
    }

    @Override
    public String toString() {
        return name();
    }
}
