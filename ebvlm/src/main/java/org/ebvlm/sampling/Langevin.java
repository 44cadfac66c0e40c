package org.ebvlm.sampling;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * Unadjusted Langevin dynamics at a temperature T: for a model with real h jointly on (v, h), for one with a free energy
 * on v alone, or on any {@link Target},
 *
 * <pre>x = x + step^2 / 2  d log p/dx + sqrt(T) step  normal noise</pre>
 *
 * <p>Its stationary distribution differs from the target's by an error of the order of step^2; there is no acceptance
 * test: {@link Mala} has one, at the same cost. Chains start from standard normal noise and are annealed, geometrically from
 * temperature 100 down to one over the first three quarters of the steps (over the warm-up where there is one), or start
 * at given rows without annealing. Draws are kept once the temperature has ceased to change.
 */
public final class Langevin extends GradientSampler<Langevin> {
    private static final double PUBLISHED_STEP = 0.02;
    private static final double PUBLISHED_DENOISING = 0.1;

    private Langevin(Settings settings) {
        super(settings);
    }

    /** Chains of this many steps, of size 0.02 unless said otherwise. */
    public static Langevin steps(int number) {
        return new Langevin(Settings.of("Langevin", number).with(s -> s.stepSize = PUBLISHED_STEP));
    }

    /**
     * As the VaGES code samples pictures with values in [0, 1] (Bao et al., 2021): from 0.5 + standard normal noise, 2,700
     * steps of 0.02 along {@link Temperatures#published}, then denoised with 0.1 and clipped to [0, 1]. There h, posterior means of random
     * training rows, is held while v moves, or both move together:
     *
     * <pre>{@code
     * Langevin.published().sample(Target.visible(model, h), h.rows(), seed(1))
     * Langevin.published().sample(model, 100, seed(1))
     * }</pre>
     */
    public static Langevin published() {
        Temperatures schedule = Temperatures.published();
        return steps(schedule.steps())
                .startingAround(0.5)
                .temperatures(schedule)
                .denoising(PUBLISHED_DENOISING)
                .clipping(0, 1);
    }

    @Override
    Langevin with(Settings changed) {
        return new Langevin(changed);
    }

    // ---------------------------------------------------------------- adjectives

    /** Another step size, a length in the space of the rows. Codes that move by alpha / 2 times the gradient: sqrt(alpha). */
    public Langevin stepSize(double size) {
        double checked = Settings.positive("Langevin.stepSize", size);
        return with(settings.with(s -> s.stepSize = checked));
    }

    /**
     * Noise of another standard deviation than the step size, at temperature one; zero for plain ascent of the log density.
     * The stationary distribution is then another one: with less noise narrower, about p to the power of (step size /
     * spread)^2. Published for refining h given v: {@code stepSize(0.1).spread(1e-4)}.
     */
    public Langevin spread(double std) {
        if (!(std >= 0 && std < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("Langevin.spread: not a standard deviation")
                    .expected("zero or a positive number")
                    .butWas(std));
        }
        return with(settings.with(s -> s.spread = std));
    }

    /** Another schedule; {@link Temperatures#plain} for none. Its first step is the first of all, warm-up or not. */
    public Langevin temperatures(Temperatures schedule) {
        return with(settings.with(s -> s.temperatures = schedule));
    }

    /**
     * Ends with one step without noise, v = v + std^2 d log p/dv: the mean of v before Gaussian noise of this standard
     * deviation was added, if the model is one of noised data (Robbins, 1956; Miyasawa, 1961). On (v, h), v alone moves.
     *
     * @param std a length in the space of v
     */
    public Langevin denoising(double std) {
        double checked = Settings.positive("Langevin.denoising", std);
        return with(settings.with(s -> s.denoising = checked));
    }

    /** Clips v, after the last step and any denoising, to a range; kept draws stay as they are. */
    public Langevin clipping(double low, double high) {
        if (!(low < high)) {
            throw new SettingException(Facts.that("Langevin.clipping: not a range")
                    .expected("low < high")
                    .butWas(low + " to " + high));
        }
        return with(settings.with(s -> {
            s.low = low;
            s.high = high;
        }));
    }

    // ---------------------------------------------------------------- running

    private int moves() {
        return settings.warmup(0) + settings.steps;
    }

    private Temperatures schedule() {
        if (settings.temperatures != null) {
            return settings.temperatures;
        }
        double annealed = settings.warmup == null ? 0.75 * settings.steps : settings.warmup;
        return settings.origin.isNoise() && annealed > 0 ? Temperatures.falling(annealed) : Temperatures.plain();
    }

    @Override
    Course course(int thin) {
        Temperatures schedule = schedule();
        if (schedule.steps() > moves()) {
            throw new SettingException(Facts.that("Langevin: the temperatures take more steps than there are")
                    .expected(schedule.steps() + " steps or more")
                    .butWas(moves()));
        }
        int settling = Math.max(settings.warmup(0), schedule.steps());
        return new Course(settling, moves() - settling, thin);
    }

    @Override
    Transition transition(Target target, int chains, float[] start) {
        if (target.visible() == 0 && (settings.denoising > 0 || settings.low > Double.NEGATIVE_INFINITY)) {
            throw new SettingException(Facts.that("Langevin: only v can be denoised or clipped")
                    .expected("a target with v")
                    .butWas(target));
        }
        return new Diffusion(target, chains, start, settings, schedule());
    }

    @Override
    public String toString() {
        return "Langevin, " + moves() + " steps of " + settings.stepSize + " " + settings.origin;
    }
}
