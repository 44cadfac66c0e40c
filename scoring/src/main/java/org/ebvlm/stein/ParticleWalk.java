package org.ebvlm.stein;

import java.util.Arrays;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.ebvlm.training.Updater;

/** Particles on their way: scores, the direction they give, and a step along it. */
final class ParticleWalk implements AutoCloseable {
    private final String name;
    private final ScoredTarget target;
    private final ScoredTarget.Scores scores;
    private final ParticleField field;
    private final Updater updater;
    private final Updater.State state;
    private final int width;
    private final float[] x;
    private final float[] before;
    private final float[] s;
    private final float[] phi;
    private final long began = System.nanoTime();
    private double[] moves = new double[64];
    private int made;

    ParticleWalk(String name, ScoredTarget target, SteinDirection direction, Updater updater, float[] first) {
        this.name = name;
        this.target = target;
        this.width = target.width();
        this.updater = updater;
        x = first;
        before = first.clone();
        s = new float[x.length];
        phi = new float[x.length];
        state = updater.start(x.length);
        field = new ParticleField(direction, x.length / width, width);
        scores = target.open(x.length / width);
    }

    /** One step. Interrupted, it throws, and the particles are where they were before it. */
    void step(Noise noise, double temperature) {
        scores.at(x, noise, s);
        requireFinite("the score", s);
        for (int i = 0; i < s.length && temperature != 1; i++) {
            s[i] /= (float) temperature;
        }
        field.direction(x, s, phi);
        requireFinite("the direction", phi);
        double sum = 0;
        for (int i = 0; i < phi.length; i++) {
            sum += (double) phi[i] * phi[i];
            phi[i] = -phi[i];
        }
        System.arraycopy(x, 0, before, 0, x.length);
        state.update(x, phi, made);
        requireFinite("the place", x);
        moves = made == moves.length ? Arrays.copyOf(moves, 2 * made) : moves;
        moves[made++] = Math.sqrt(sum * width / phi.length);
    }

    private void requireFinite(String what, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                Facts facts = Facts.that("Svgd: " + what + " of particle " + i / width
                                + " left the finite numbers at step " + (made + 1))
                        .expected("finite rows of " + target.name())
                        .butWas(values[i] + " in column " + i % width)
                        .hint("take a smaller rate than that of " + updater
                                + ", or start where the target has a density; particles() are those before this step");
                float[] good = (what.equals("the place") ? before : x).clone();
                throw new ParticlesDivergedException(facts, result(good, new float[0], true));
            }
        }
    }

    String name() {
        return name;
    }

    /** Steps made. */
    int made() {
        return made;
    }

    Progress progress(int steps, Optional<Run.Ending> ending) {
        double seconds = (System.nanoTime() - began) * 1e-9;
        return new Progress(made, steps, seconds, made / seconds, moves[made - 1], new History(), ending);
    }

    /** The particles as they are now, with their scores. */
    Particles particles(Noise noise, boolean interrupted) {
        scores.at(x, noise, s);
        requireFinite("the score", s);
        return result(x, s.clone(), interrupted);
    }

    private Particles result(float[] rows, float[] found, boolean interrupted) {
        Data last = Data.of("particles of " + target.name(), rows, width);
        return new Particles(name, last, found, made, Arrays.copyOf(moves, made), interrupted);
    }

    @Override
    public void close() {
        scores.close();
        field.close();
    }
}
