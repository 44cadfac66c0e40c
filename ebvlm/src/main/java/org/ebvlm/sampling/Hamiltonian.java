package org.ebvlm.sampling;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** The move of {@link Hmc} and {@link Mala}: a fresh momentum, a path of leaps, and the Metropolis test. */
final class Hamiltonian implements Transition {
    private static final double SMALLEST = 1e-10;
    private static final double LARGEST = 1e10;
    /** Moves before a chain that stays is called stuck, and how many it may then be expected to have accepted. */
    private static final int PATIENCE = 10;

    private static final double HOPELESS = 1e-3;

    private final Target target;
    private final Settings settings;
    private final double aim;

    // where the chains are
    private final float[] position;
    private final float[] slope;
    private final float[] logDensity;
    private final float[] momentum;

    // where their paths are
    private final float[] pathPosition;
    private final float[] pathMomentum;
    private final float[] pathSlope;

    private final float[] step = new float[1];
    private final float[] scale;
    private final Program leap;
    private final Program choice;
    private final double[] expected;
    private double acceptance;
    private int moves;
    private DualAveraging averaging;
    private Scales scales;

    Hamiltonian(Target target, int chains, float[] start, Settings settings, double aim) {
        this.target = target;
        this.settings = settings;
        this.aim = aim;
        position = start;
        slope = new float[start.length];
        logDensity = new float[chains];
        momentum = new float[start.length];
        pathPosition = new float[start.length];
        pathMomentum = new float[start.length];
        pathSlope = new float[start.length];
        scale = new float[target.width()];
        Arrays.fill(scale, 1);
        scales = new Scales(scale.length);
        expected = new double[chains];
        leap = leap(new Leap(target, chains));
        choice = choice(new Choice(chains, target.width()));
        arrive();
        step[0] = settings.stepSize == null ? 1 : settings.stepSize.floatValue();
    }

    private Program leap(Leap parts) {
        Program program =
                target.program(List.of(parts.nextPosition, parts.nextMomentum, parts.nextSlope, parts.logDensity));
        program.bind(parts.position, pathPosition);
        program.bind(parts.momentum, pathMomentum);
        program.bind(parts.slope, pathSlope);
        program.bind(parts.step, step);
        program.bind(parts.scale, scale);
        return program;
    }

    private Program choice(Choice parts) {
        Program program = Program.of(parts.position, parts.slope, parts.logDensity, parts.probability);
        program.bind(parts.here.position(), position);
        program.bind(parts.here.momentum(), momentum);
        program.bind(parts.here.slope(), slope);
        program.bind(parts.here.logDensity(), logDensity);
        program.bind(parts.there.position(), leap.value(0));
        program.bind(parts.there.momentum(), leap.value(1));
        program.bind(parts.there.slope(), leap.value(2));
        program.bind(parts.there.logDensity(), leap.value(3));
        return program;
    }

    /** Log density and slope where the chains begin: a leap of no length. */
    private void arrive() {
        System.arraycopy(position, 0, pathPosition, 0, position.length);
        leap.run();
        copy(leap, 2, slope);
        copy(leap, 3, logDensity);
        for (int i = 0; i < position.length; i++) {
            int chain = i / target.width();
            if (!Float.isFinite(logDensity[chain]) || !Float.isFinite(slope[i])) {
                throw new DivergenceException(Facts.that(settings.sampler + ": chain " + chain
                                + " starts where the log density or its gradient is not finite")
                        .expected("finite values of " + target.name())
                        .butWas("log density " + logDensity[chain] + ", gradient " + slope[i])
                        .hint("start elsewhere: startingAt(rows) or startingAround(number)"));
            }
        }
    }

    private static void copy(Program from, int output, float[] to) {
        System.arraycopy(from.value(output), 0, to, 0, to.length);
    }

    // ---------------------------------------------------------------- moving

    @Override
    public void move(Noise noise) {
        propose(leaps(noise), noise);
        copy(choice, 0, position);
        copy(choice, 1, slope);
        copy(choice, 2, logDensity);
        moves++;
        for (int i = 0; i < expected.length; i++) {
            expected[i] += choice.value(3)[i];
        }
    }

    /** From half to one and a half of what was asked for. */
    private int leaps(Noise noise) {
        int half = settings.leaps / 2;
        return half == 0 ? settings.leaps : settings.leaps - half + noise.nextInt(2 * half + 1);
    }

    /** A path from where the chains are, and the test of its end. */
    private void propose(int leaps, Noise noise) {
        noise.normal(momentum, 0, momentum.length);
        System.arraycopy(position, 0, pathPosition, 0, position.length);
        System.arraycopy(momentum, 0, pathMomentum, 0, momentum.length);
        System.arraycopy(slope, 0, pathSlope, 0, slope.length);
        for (int i = 0; i < leaps; i++) {
            leap.run();
            copy(leap, 0, pathPosition);
            copy(leap, 1, pathMomentum);
            copy(leap, 2, pathSlope);
        }
        choice.draw(noise);
        choice.run();
        acceptance = 0;
        for (float each : choice.value(3)) {
            acceptance += each / expected.length;
        }
    }

    // ---------------------------------------------------------------- tuning

    @Override
    public void warm(Noise noise, int number, int steps) {
        if (number == 0) {
            tune(noise);
        }
        move(noise);
        if (averaging != null) {
            averaging.update(acceptance);
            step[0] = (float) (number + 1 == steps ? averaging.settled() : averaging.next());
        }
        if (settings.scaling && number < steps / 2) {
            scales.see(position);
            rescale(noise, number + 1, steps);
        }
    }

    /** At an eighth, a quarter and half of the warm-up: chains must first have spread to show how far they spread. */
    private void rescale(Noise noise, int made, int steps) {
        if (made == steps / 8 || made == steps / 4 || made == steps / 2) {
            scales.copyTo(scale);
            scales = new Scales(scale.length);
            tune(noise);
        }
    }

    /** Begins, anew after a change of scales, to look for a step size. */
    private void tune(Noise noise) {
        if (settings.stepSize == null) {
            step[0] = (float) firstStep(noise);
            averaging = new DualAveraging(step[0], aim);
        }
    }

    /** Doubles or halves a step size until the acceptance of one leap crosses a half (Hoffman and Gelman, algorithm 4). */
    private double firstStep(Noise noise) {
        double size = 1;
        boolean growing = tried(size, noise) > 0.5;
        do {
            size *= growing ? 2 : 0.5;
            if (size < SMALLEST || size > LARGEST) {
                throw noStep(size);
            }
        } while (tried(size, noise) > 0.5 == growing);
        return size;
    }

    private double tried(double size, Noise noise) {
        step[0] = (float) size;
        propose(1, noise);
        return acceptance;
    }

    private DivergenceException noStep(double size) {
        return new DivergenceException(
                Facts.that(settings.sampler + ": there is no step size for " + target.name())
                        .expected("one between " + SMALLEST + " and " + LARGEST + " that half of the chains accept")
                        .butWas(size > 1 ? "every step accepted" : "hardly any step accepted")
                        .hint(
                                size > 1
                                        ? "the log density is flat: does it fall far out?"
                                        : "chains start where the log density is millions or jumps: start elsewhere, or scale it"));
    }

    // ---------------------------------------------------------------- looking

    @Override
    public int width() {
        return target.width();
    }

    @Override
    public float[] state() {
        return position;
    }

    @Override
    public double acceptance() {
        return acceptance;
    }

    @Override
    public double stepSize() {
        return step[0];
    }

    @Override
    public void finish() {
        for (int i = 0; i < expected.length && moves >= PATIENCE; i++) {
            if (expected[i] < HOPELESS) {
                throw new DivergenceException(Facts.that(settings.sampler + ": chain " + i + " cannot move")
                        .expected("some of " + moves + " moves accepted on " + target.name())
                        .butWas("a summed probability of " + expected[i] + " at step size " + step[0])
                        .hint("take a smaller step size, or start elsewhere: startingAt(rows)"));
            }
        }
    }

    @Override
    public void close() {
        leap.close();
        choice.close();
    }
}
