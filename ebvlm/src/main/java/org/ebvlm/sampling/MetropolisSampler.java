package org.ebvlm.sampling;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * What {@link Mala} and {@link Hmc} have in common: each proposal is accepted or rejected, so the stationary distribution is
 * the target whatever the step size, and the warm-up finds a step size that is accepted as often as it should be (dual
 * averaging: Hoffman and Gelman, 2014, section 3.2). One step size serves all chains, tuned on their mean acceptance.
 * Proposals that leave the finite numbers are rejected.
 *
 * @param <S> its own type
 */
public abstract sealed class MetropolisSampler<S extends MetropolisSampler<S>> extends GradientSampler<S>
        permits Mala, Hmc {
    private static final int SCALING_WARMUP = 100;

    MetropolisSampler(Settings settings) {
        super(settings);
    }

    /** The acceptance that the warm-up aims at. */
    abstract double usualAcceptance();

    /** A fixed step size, a length in the space of the rows: the warm-up then tunes nothing. */
    public S stepSize(double size) {
        double checked = Settings.positive(settings.sampler + ".stepSize", size);
        return with(settings.with(s -> s.stepSize = checked));
    }

    /** Another mean acceptance for the warm-up to aim at: higher means smaller steps. */
    public S acceptance(double probability) {
        if (!(probability > 0 && probability < 1)) {
            throw new SettingException(Facts.that(settings.sampler + ".acceptance: not a probability to aim at")
                    .expected("between 0 and 1")
                    .butWas(probability));
        }
        return with(settings.with(s -> s.acceptance = probability));
    }

    /**
     * Gives each column a step in proportion to its standard deviation over all chains, measured three times in the first
     * half of the warm-up (of 100 steps or more): for columns on very different scales. Not for modes far apart, whose
     * distance it would take for the scale.
     */
    public S scaling() {
        return with(settings.with(s -> s.scaling = true));
    }

    /** As many steps of warm-up as others, unless said otherwise or unless the step size is fixed. */
    private int warmup() {
        return settings.warmup(settings.stepSize == null || settings.scaling ? settings.steps : 0);
    }

    @Override
    Course course(int thin) {
        if (settings.stepSize != null && settings.acceptance != null) {
            throw new SettingException(Facts.that(settings.sampler + ": a fixed step size cannot aim at an acceptance")
                    .expected("stepSize or acceptance")
                    .butWas("stepSize " + settings.stepSize + " and acceptance " + settings.acceptance));
        }
        int least = settings.scaling ? SCALING_WARMUP : settings.stepSize == null ? 1 : 0;
        if (warmup() < least) {
            throw new SettingException(Facts.that(settings.sampler + ": the warm-up is too short to tune the moves")
                    .expected("warmup(" + least + ") or more")
                    .butWas(warmup())
                    .hint(settings.scaling ? "leave out scaling()" : "or fix the step size: stepSize(0.1)"));
        }
        return new Course(warmup(), settings.steps, thin);
    }

    @Override
    Transition transition(Target target, int chains, float[] start) {
        double aim = settings.acceptance == null ? usualAcceptance() : settings.acceptance;
        return new Hamiltonian(target, chains, start, settings, aim);
    }

    @Override
    public String toString() {
        return settings.sampler + ", " + settings.steps + " steps"
                + (settings.leaps > 1 ? " of about " + settings.leaps + " leaps" : "")
                + (warmup() > 0 ? " after " + warmup() + " of warm-up" : "") + " " + settings.origin;
    }
}
