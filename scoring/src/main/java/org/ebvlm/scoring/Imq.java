package org.ebvlm.scoring;

import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;

/**
 * The inverse multiquadric kernel, k(x, y) = (1 + ||x - y||^2 / bandwidth^2)^beta, with beta = -1/2 unless said otherwise.
 * Its tails are heavy enough that a small Stein discrepancy implies convergence (Gorham and Mackey, 2017), which the
 * Gaussian kernel's are not.
 */
public final class Imq implements Kernel {
    private final Double bandwidth;
    private final Bandwidth rule;
    private final double beta;
    private final double inverseSquare;

    private Imq(Double bandwidth, Bandwidth rule, double beta) {
        this.bandwidth = bandwidth;
        this.rule = rule;
        this.beta = beta;
        this.inverseSquare = bandwidth == null ? Double.NaN : 1 / (bandwidth * bandwidth);
    }

    /** With a bandwidth, a length in the space of v. */
    public static Imq bandwidth(double length) {
        return new Imq(Kernel.checkedBandwidth("Imq", length), null, -0.5);
    }

    /** With a bandwidth that a rule takes from the data. */
    public static Imq bandwidth(Bandwidth rule) {
        return new Imq(null, rule, -0.5);
    }

    /** With the median distance between data points as bandwidth. */
    public static Imq medianHeuristic() {
        return bandwidth(Bandwidth.median());
    }

    /** With another exponent, between -1 and 0. */
    public Imq beta(double exponent) {
        if (!(exponent > -1 && exponent < 0)) {
            throw new SettingException(Facts.that("Imq.beta: out of range")
                    .expected("between -1 and 0")
                    .butWas(exponent));
        }
        return new Imq(bandwidth, rule, exponent);
    }

    @Override
    public Imq settledOn(Data data) {
        return bandwidth != null ? this : new Imq(rule.of(data), null, beta);
    }

    @Override
    public Imq settledOn(Distances distances) {
        return bandwidth != null ? this : new Imq(rule.of(distances), null, beta);
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
    public Imq unit() {
        return new Imq(1.0, null, beta);
    }

    /** 1 + r^2 / bandwidth^2. */
    private Expr base(Expr r2) {
        return r2.times(inverseSquare).plus(1);
    }

    /** One over the base; where f is its square root, without another division. */
    private Expr inverse(Expr r2) {
        return beta == -0.5 ? value(r2).square() : base(r2).reciprocal();
    }

    @Override
    public Expr value(Expr r2) {
        return beta == -0.5
                ? base(r2).sqrt().reciprocal()
                : base(r2).log().times(beta).exp();
    }

    @Override
    public Expr slope(Expr r2) {
        return value(r2).times(inverse(r2)).times(beta * inverseSquare);
    }

    @Override
    public Expr bend(Expr r2) {
        return slope(r2).times(inverse(r2)).times((beta - 1) * inverseSquare);
    }

    @Override
    public Expr third(Expr r2) {
        return bend(r2).times(inverse(r2)).times((beta - 2) * inverseSquare);
    }

    @Override
    public void evaluate(Part part, double[] squaredDistances, int size, double[] out) {
        // d^k/dr^2k (1 + c r^2)^beta = c^k beta (beta - 1) ... (1 + c r^2)^(beta - k)
        double factor = 1;
        for (int k = 0; k < part.ordinal(); k++) {
            factor *= (beta - k) * inverseSquare;
        }
        for (int i = 0; i < size; i++) {
            out[i] = factor * power(1 + inverseSquare * squaredDistances[i], part.ordinal());
        }
    }

    /** base^(beta - k). */
    private double power(double base, int k) {
        double power = beta == -0.5 ? 1 / Math.sqrt(base) : Math.pow(base, beta);
        for (int i = 0; i < k; i++) {
            power /= base;
        }
        return power;
    }

    @Override
    public String name() {
        return "IMQ kernel, bandwidth " + (bandwidth == null ? rule.name() : "%.3g".formatted(bandwidth));
    }

    @Override
    public String toString() {
        return name();
    }
}
