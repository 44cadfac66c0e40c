package org.ebvlm.scoring;

import java.util.Optional;
import java.util.OptionalDouble;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;

/** The Gaussian kernel, k(x, y) = exp( -||x - y||^2 / (2 bandwidth^2) ). */
public final class Rbf implements Kernel {
    private final Double bandwidth;
    private final Bandwidth rule;

    private Rbf(Double bandwidth, Bandwidth rule) {
        this.bandwidth = bandwidth;
        this.rule = rule;
    }

    /** With a bandwidth, a length in the space of v. */
    public static Rbf bandwidth(double length) {
        return new Rbf(Kernel.checkedBandwidth("Rbf", length), null);
    }

    /** With a bandwidth that a rule takes from the data. */
    public static Rbf bandwidth(Bandwidth rule) {
        return new Rbf(null, rule);
    }

    /** With the median distance between data points as bandwidth. */
    public static Rbf medianHeuristic() {
        return bandwidth(Bandwidth.median());
    }

    @Override
    public Rbf settledOn(Data data) {
        return bandwidth != null ? this : bandwidth(rule.of(data));
    }

    @Override
    public Rbf settledOn(Distances distances) {
        return bandwidth != null ? this : bandwidth(rule.of(distances));
    }

    @Override
    public Optional<Bandwidth> rule() {
        return Optional.ofNullable(rule);
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

    @Override
    public Expr third(Expr r2) {
        return bend(r2).times(rate());
    }

    @Override
    public OptionalDouble logSlope() {
        return OptionalDouble.of(rate());
    }

    @Override
    public void evaluate(Part part, double[] squaredDistances, int size, double[] out) {
        Decay.of(rate(), squaredDistances, size, out);
        if (part != Part.VALUE) {
            double factor = Math.pow(rate(), part.ordinal());
            for (int i = 0; i < size; i++) {
                out[i] *= factor;
            }
        }
    }

    private double rate() {
        return -0.5 / (bandwidth * bandwidth);
    }

    @Override
    public String name() {
        return "RBF kernel, bandwidth " + (bandwidth == null ? rule.name() : "%.3g".formatted(bandwidth));
    }

    @Override
    public String toString() {
        return name();
    }
}
