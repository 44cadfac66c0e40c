package org.ebvlm.bayes;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.graph.Expr;

/**
 * Stochastic gradient Langevin dynamics (Welling and Teh, 2011) with a step that stays the same: Langevin dynamics whose
 * gradient g is that of a few rows, scaled to all,
 *
 * <pre>theta = theta + step g + sqrt(2 step temperature) normal noise</pre>
 *
 * <p>The step is a squared length, as in that paper where it is twice as large; {@link org.ebvlm.sampling.Langevin}'s is sqrt(2
 * step). At temperature zero this is gradient ascent to a mode (MAP), from as many starts as there are particles.
 *
 * <p>Bias: of the order of the step times the curvature, and the noise of the gradient widens the distribution on top. On a
 * Gaussian of precision A and with all rows the covariance is (A (I - step A / 2))^-1; steps above 2 over the largest
 * curvature diverge.
 */
public final class Sgld implements WeightSampler {
    private final double step;
    private final double temperature;

    private Sgld(double step, double temperature) {
        this.step = step;
        this.temperature = temperature;
    }

    /** With a step, in squared units of the weights. */
    public static Sgld step(double size) {
        return new Sgld(Settings.positive("Sgld.step", size), 1);
    }

    /** With other noise: 1 unless said otherwise, 0 for none. */
    public Sgld temperature(double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("Sgld.temperature: out of range")
                    .expected("zero or a positive number")
                    .butWas(value));
        }
        return new Sgld(step, value);
    }

    @Override
    public String name() {
        return (temperature == 0 ? "gradient ascent, step " : "SGLD, step ")
                + Settings.number(step)
                + (temperature == 0 || temperature == 1 ? "" : ", temperature " + Settings.number(temperature));
    }

    @Override
    public Expr move(Expr particles, Expr score, Expr normal) {
        Expr drift = particles.plus(score.times(step));
        return temperature == 0 ? drift : drift.plus(normal.times(Math.sqrt(2 * step * temperature)));
    }

    @Override
    public String toString() {
        return name();
    }
}
