package org.ebvlm.stein;

import java.util.Optional;
import java.util.function.Consumer;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Sampler;
import org.ebvlm.sampling.Target;
import org.ebvlm.sampling.Temperatures;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.ebvlm.training.Updater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Stein variational gradient descent (Liu and Wang, 2016): particles that all move at once along the {@link SteinDirection}
 *
 * <pre>x_i = x_i + step phi(x_i),   phi(x_i) = 1/n sum over j of k(x_j, x_i) s(x_j) + grad_{x_j} k(x_j, x_i)</pre>
 *
 * <p>up the target's log density and away from each other, until they lie as draws would. Nothing is random but the start,
 * and the score if that is an estimate.
 *
 * <pre>{@code
 * Svgd.steps(1000).sample(model, 100, seed(1));                               // as samplers do
 * Svgd.steps(1000).kernel(Imq.medianHeuristic()).with(Adam.rate(0.05))
 *     .draw(ScoredTarget.of(model, Vaes.particles(5).posterior(q)), 100, seed(1));    // with diagnostics
 * }</pre>
 *
 * <p>Few particles stand for a distribution better than as many draws, where the width is small. Their variances come out too
 * small, the more so the wider the rows and the fewer the particles. Between modes far apart no particle crosses: how
 * many end in which is decided by the start. Then start wide, or let {@link #temperatures} fall to one.
 *
 * <p>Cost of a step: that of n scores, and n^2 times a few widths; memory grows with n, as pairs are taken a tile at a time.
 * An interrupt of the thread ends {@code draw} with the particles so far, and {@code sample} with an error.
 */
public final class Svgd implements Sampler {
    private static final long REPORT_NANOS = 100_000_000L;

    private final int steps;
    private SteinDirection direction = SteinDirection.standard();
    private Updater updater = DecayingAdaGrad.rate(0.05);
    private Temperatures temperatures = Temperatures.plain();
    private Data start;
    private boolean inOrder;
    private double center;
    private Consumer<Progress> progress;

    private Svgd(int steps) {
        this.steps = steps;
    }

    /** So many steps, of {@link DecayingAdaGrad} with rate 0.05, along {@link SteinDirection#standard}. */
    public static Svgd steps(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Svgd.steps: too few").expected("1 or more").butWas(number));
        }
        return new Svgd(number);
    }

    // ---------------------------------------------------------------- adjectives

    /** With a kernel, in {@link SteinDirection#kernel}. */
    public Svgd kernel(Kernel kernel) {
        return along(SteinDirection.kernel(kernel));
    }

    /** Along another direction: another kernel, on features, without a push. */
    public Svgd along(SteinDirection other) {
        return changed(copy -> copy.direction = other);
    }

    /** With other steps: {@code Adam.rate(0.05)}, say. They are told minus the direction as a gradient. */
    public Svgd with(Updater how) {
        return changed(copy -> copy.updater = how);
    }

    /** With the steps of one of ND4J's updaters. */
    public Svgd with(IUpdater how) {
        return with(Updater.of(how));
    }

    /**
     * Divides the score by a temperature that changes from step to step, so that the push is strong at first and particles
     * find all modes before they settle: annealed Stein variational gradient descent (D'Angelo and Fortuin, 2021), with
     * {@code Temperatures.from(100).geometric(1, steps)} for example. Should end at one. Not to be mixed up with the
     * amortised form, which shares its initials.
     */
    public Svgd temperatures(Temperatures schedule) {
        return changed(copy -> copy.temperatures = schedule);
    }

    /** Starts each particle at a random row of these data, not at standard normal noise. */
    public Svgd startingAt(Data rows) {
        return changed(copy -> {
            copy.start = rows;
            copy.inOrder = false;
        });
    }

    /** Starts particle i at row i: to go on from where others ended. */
    public Svgd continuingFrom(Data rows) {
        return changed(copy -> {
            copy.start = rows;
            copy.inOrder = true;
        });
    }

    /** Starts particles at normal noise of standard deviation one about this number, not about zero. */
    public Svgd startingAround(double number) {
        return changed(copy -> copy.center = number);
    }

    /** Is told where the particles stand, a few times a second; its objective is the root mean square of || phi ||. */
    public Svgd reporting(Consumer<Progress> listener) {
        return changed(copy -> copy.progress = listener);
    }

    private Svgd changed(Consumer<Svgd> change) {
        Svgd copy = new Svgd(steps);
        copy.direction = direction;
        copy.updater = updater;
        copy.temperatures = temperatures;
        copy.start = start;
        copy.inOrder = inOrder;
        copy.center = center;
        copy.progress = progress;
        change.accept(copy);
        return copy;
    }

    // ---------------------------------------------------------------- verbs

    /** Moves particles to a model and returns them, v only; see {@link ScoredTarget#of(EnergyModel)}. */
    @Override
    public Data sample(EnergyModel model, int chains, Noise noise) {
        Target target = Target.of(model);
        Particles moved = draw(ScoredTarget.of(target), chains, noise);
        if (moved.isInterrupted()) {
            throw Interruption.of(toString() + " on " + target.name());
        }
        float[] v = new float[chains * target.visible()];
        for (int i = 0; i < v.length; i++) {
            v[i] = moved.last().at(i / target.visible(), i % target.visible());
        }
        return Data.of("samples of " + model.name(), v, target.visible());
    }

    /** Moves particles to a model; see {@link ScoredTarget#of(EnergyModel)}. */
    public Particles draw(EnergyModel model, int particles, Noise noise) {
        return draw(ScoredTarget.of(model), particles, noise);
    }

    /**
     * Moves particles.
     *
     * @param target where to
     * @param particles how many
     * @param noise for their start, and for scores that need it; the same source gives the same particles
     * @throws ParticlesDivergedException if one leaves the finite numbers
     */
    public Particles draw(ScoredTarget target, int particles, Noise noise) {
        if (particles < 1) {
            throw new SettingException(Facts.that("Svgd.draw: too few particles")
                    .expected("1 or more")
                    .butWas(particles));
        }
        requirePositive();
        float[] first = first(target, particles, noise.split("start"));
        try (ParticleWalk walk = new ParticleWalk(this + " on " + target.name(), target, direction, updater, first)) {
            return walk(walk, noise);
        }
    }

    private Particles walk(ParticleWalk walk, Noise noise) {
        long reported = System.nanoTime();
        while (walk.made() < steps && goesOn(walk, noise)) {
            if (progress != null && System.nanoTime() - reported > REPORT_NANOS) {
                reported = System.nanoTime();
                progress.accept(walk.progress(steps, Optional.empty()));
            }
        }
        boolean interrupted = walk.made() < steps;
        if (progress != null) {
            progress.accept(
                    walk.progress(steps, Optional.of(interrupted ? Run.Ending.INTERRUPTED : Run.Ending.FINISHED)));
        }
        return walk.particles(noise, interrupted);
    }

    /** One step more; false if the thread was interrupted, which is an error before the first. */
    private boolean goesOn(ParticleWalk walk, Noise noise) {
        try {
            Interruption.check(walk.name());
            walk.step(noise, temperatures.at(walk.made()));
            return true;
        } catch (InterruptionException e) {
            if (walk.made() == 0) {
                throw e;
            }
            return false;
        }
    }

    private void requirePositive() {
        for (int t = 0; t < steps && t <= temperatures.steps(); t++) {
            if (!(temperatures.at(t) > 0)) {
                throw new SettingException(Facts.that("Svgd.temperatures: the score is divided by it")
                        .expected("positive temperatures")
                        .butWas(temperatures.at(t) + " at step " + (t + 1)));
            }
        }
    }

    private float[] first(ScoredTarget target, int particles, Noise noise) {
        float[] out = new float[Math.multiplyExact(particles, target.width())];
        if (start == null) {
            noise.normal(out, 0, out.length);
            for (int i = 0; i < out.length; i++) {
                out[i] += (float) center;
            }
            return out;
        }
        requireFit(target, particles);
        for (int i = 0; i < particles; i++) {
            start.copyRow(inOrder ? i : noise.nextInt(start.rows()), out, i * target.width());
        }
        return out;
    }

    private void requireFit(ScoredTarget target, int particles) {
        if (start.width() != target.width() || (inOrder && start.rows() != particles)) {
            throw new ShapeException(Facts.that("Svgd: the rows to start at do not fit")
                    .expected("[" + (inOrder ? particles : "n") + ", " + target.width() + "]   (" + target.name() + ")")
                    .butWas("[" + start.rows() + ", " + start.width() + "]   (" + start.name() + ")"));
        }
    }

    @Override
    public String toString() {
        String text = "SVGD, " + steps + " steps of " + updater + ", " + direction.name();
        return text + (temperatures.steps() > 0 || temperatures.at(0) != 1 ? ", " + temperatures : "");
    }
}
