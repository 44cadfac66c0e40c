package org.ebvlm.variational;

import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;

/**
 * Langevin steps on real h with v fixed, from draws of a posterior toward the model's own p(h | v):
 *
 * <pre>h = h - alpha_t / 2  dE(v, h)/dh + sigma_t e,   e standard normal</pre>
 *
 * <p>Published for images (Bao et al., 2021): 5 steps with alpha 1e-2 and sigma 1e-4, that is, hardly any noise; with
 * {@link #plain} noise, sigma = sqrt(alpha), and many small steps the draws are those of p(h | v). What depends on v alone, the
 * features of a deep energy, is worked out once for all steps.
 *
 * <p>These are {@code Langevin} steps of {@code stepSize(sqrt(alpha)).spread(sigma)} as part of a posterior: the sizes here
 * are the published alpha and sigma, not lengths.
 */
public final class HiddenLangevin {
    private final int steps;
    private final double alpha;
    /** Not a number where it belongs to the step size. */
    private final double sigma;

    private final Schedule schedule;

    /** How step sizes change from the first step to the last. */
    private enum Schedule {
        CONSTANT,
        DECAYED,
        ANNEALED
    }

    private HiddenLangevin(int steps, double alpha, double sigma, Schedule schedule) {
        this.steps = steps;
        this.alpha = alpha;
        this.sigma = sigma;
        this.schedule = schedule;
    }

    /** This many steps, with alpha 1e-2 and sigma 1e-4 unless said otherwise. */
    public static HiddenLangevin steps(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("HiddenLangevin.steps: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new HiddenLangevin(number, 1e-2, 1e-4, Schedule.CONSTANT);
    }

    /** Another alpha: twice what multiplies the energy's gradient. */
    public HiddenLangevin stepSize(double value) {
        return new HiddenLangevin(steps, positive("stepSize", value), sigma, schedule);
    }

    /** Another standard deviation of the noise in a step; 0 descends the energy. */
    public HiddenLangevin spread(double value) {
        return new HiddenLangevin(steps, alpha, value == 0 ? 0 : positive("spread", value), schedule);
    }

    /** The noise that belongs to the step size, sigma = sqrt(alpha): draws of p(h | v) in the limit of many small steps. */
    public HiddenLangevin plain() {
        return new HiddenLangevin(steps, alpha, Double.NaN, schedule);
    }

    private double sigma() {
        return Double.isNaN(sigma) ? Math.sqrt(alpha) : sigma;
    }

    /** Step sizes and noise fall like 1 / t: alpha / t and sigma / t in step t. */
    public HiddenLangevin decayed() {
        return new HiddenLangevin(steps, alpha, sigma, Schedule.DECAYED);
    }

    /** Noise falls linearly to nothing at the last step; step sizes stay. */
    public HiddenLangevin annealed() {
        return new HiddenLangevin(steps, alpha, sigma, Schedule.ANNEALED);
    }

    private static double positive(String what, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("HiddenLangevin." + what + ": out of range")
                    .expected("a positive number")
                    .butWas(value));
        }
        return value;
    }

    /** Moves h, [n, hidden], at v, [n, visible]. */
    Expr move(EnergyModel model, Expr v, Expr h) {
        Expr now = h.held();
        for (int t = 1; t <= steps; t++) {
            Expr at = now.point();
            Expr slope = Differentiation.gradient(model.energy(v, at), at);
            now = now.minus(slope.times(stepSize(t) / 2)).held();
            if (spread(t) > 0) {
                now = now.plus(Expr.noise(Leaf.Source.NORMAL, "e", h.shape()).times(spread(t)));
            }
        }
        return now;
    }

    private double stepSize(int t) {
        return schedule == Schedule.DECAYED ? alpha / t : alpha;
    }

    private double spread(int t) {
        return switch (schedule) {
            case CONSTANT -> sigma();
            case DECAYED -> sigma() / t;
            case ANNEALED -> sigma() * (steps - t) / steps;
        };
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d %sLangevin steps of %s with noise %s",
                steps,
                schedule == Schedule.CONSTANT ? "" : schedule.name().toLowerCase(Locale.ROOT) + " ",
                alpha,
                sigma());
    }
}
