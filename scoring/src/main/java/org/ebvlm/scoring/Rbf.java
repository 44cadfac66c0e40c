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
    public double length() {
        return bandwidth;
    }

    @Override
    public Rbf unit() {
        return bandwidth(1);
    }

    @Override
    public Expr value(Expr r2) {
        return r2.times(rate()).exp();
    }

    @Override
    public Expr slope(Expr r2) {
        return value(r2).times(rate());
    }

    @Override
    public Expr bend(Expr r2) {
        return slope(r2).times(rate());
    }

    private double rate() {
        return -0.5 / (bandwidth * bandwidth);
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
