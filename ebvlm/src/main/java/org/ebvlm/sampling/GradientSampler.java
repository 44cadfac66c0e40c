package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;

/**
 * A sampler that needs nothing but a log density and its gradient: {@link Langevin}, {@link Mala} and {@link Hmc}. All
 * chains move together in one compiled program. An interrupt of the thread ends {@code draw} with the draws so
 * far, and {@code sample}, for which half a run is nothing, with an error.
 *
 * <pre>{@code
 * Data rows = Hmc.steps(500).sample(model, 100, seed(1));                           // where the chains end
 * Chains chains = Hmc.steps(500).draw(Target.hidden(model, v), v.rows(), seed(1));  // every step, with diagnostics
 * }</pre>
 *
 * @param <S> its own type
 */
public abstract sealed class GradientSampler<S extends GradientSampler<S>> implements Sampler
        permits Langevin, MetropolisSampler {
    final Settings settings;

    GradientSampler(Settings settings) {
        this.settings = settings;
    }

    /** The same sampler, told something else. */
    abstract S with(Settings changed);

    /** Its moves: how many, and which are kept. */
    abstract Course course(int thin);

    /** Its move, compiled, with the chains at a start. */
    abstract Transition transition(Target target, int chains, float[] start);

    // ---------------------------------------------------------------- adjectives

    /** Makes so many steps first, from which no draw is kept. */
    public S warmup(int steps) {
        int checked = Settings.atLeast(0, settings.sampler + ".warmup", steps);
        return with(settings.with(s -> s.warmup = checked));
    }

    /** Keeps one draw in so many: less memory, and little lost where neighbours are alike. */
    public S thin(int every) {
        int checked = Settings.atLeast(1, settings.sampler + ".thin", every);
        return with(settings.with(s -> s.thin = checked));
    }

    /**
     * Starts each chain at a random row of these data, not from standard normal noise.
     *
     * @param rows of the target's width; for chains on (v, h) rows of v will do, h then starts at noise
     */
    public S startingAt(Data rows) {
        return with(settings.with(s -> s.origin = Origin.anyOf(rows)));
    }

    /** Starts chain i at row i: to go on from where other chains ended, or to refine what belongs to given rows. */
    public S continuingFrom(Data rows) {
        return with(settings.with(s -> s.origin = Origin.each(rows)));
    }

    /** Starts chains at normal noise of standard deviation one about this number, not about zero. */
    public S startingAround(double center) {
        return with(settings.with(s -> s.origin = Origin.around(center)));
    }

    // ---------------------------------------------------------------- verbs

    /**
     * Runs chains on {@link Target#of} the model and returns where they end, v only.
     *
     * @return [chains, visible]
     */
    @Override
    public Data sample(EnergyModel model, int chains, Noise noise) {
        Target target = Target.of(model);
        float[] v = columns(sample(target, chains, noise), target.visible());
        return Data.of("samples of " + model.name(), v, target.visible());
    }

    /**
     * Runs chains and returns where they end.
     *
     * @param target what to sample
     * @param chains number of chains, and so of samples
     * @param noise for starts and moves
     * @return [chains, width of the target]
     */
    public Data sample(Target target, int chains, Noise noise) {
        return run(target, chains, noise, course(0)).last();
    }

    /** Runs chains on {@link Target#of} the model and returns their draws with diagnostics. */
    public Chains draw(EnergyModel model, int chains, Noise noise) {
        return draw(Target.of(model), chains, noise);
    }

    /**
     * Runs chains and returns their draws with diagnostics. Memory: four bytes for each draw, chain and column.
     *
     * @param target what to sample
     * @param chains number of chains
     * @param noise for starts and moves
     * @throws SettingException if no draw would be kept
     */
    public Chains draw(Target target, int chains, Noise noise) {
        Course course = course(settings.thin);
        if (course.draws() < 1) {
            throw new SettingException(Facts.that(settings.sampler + ".draw: no draw would be kept")
                    .expected(settings.thin + " or more steps after warm-up and annealing")
                    .butWas(course.steps())
                    .hint("take more steps, or sample(...) for where chains end"));
        }
        return run(target, chains, noise, course);
    }

    private Chains run(Target target, int chains, Noise noise, Course course) {
        Settings.atLeast(1, settings.sampler + ": chains", chains);
        float[] start = settings.origin.states(target, chains, noise);
        try (Transition transition = transition(target, chains, start)) {
            return course.run(toString(), target.name(), target.conditions(), transition, noise);
        }
    }

    /** The first columns. */
    private static float[] columns(Data rows, int width) {
        float[] out = new float[rows.rows() * width];
        for (int i = 0; i < out.length; i++) {
            out[i] = rows.at(i / width, i % width);
        }
        return out;
    }
}
