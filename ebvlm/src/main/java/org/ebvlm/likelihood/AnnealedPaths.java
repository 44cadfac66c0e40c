package org.ebvlm.likelihood;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Scaling;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.sampling.Target;

/** All chains of {@link HamiltonianAis} on their way, in the units of the Gaussian. */
final class AnnealedPaths implements AutoCloseable {
    /** The acceptance that a rehearsal aims at: a rejection turns a chain about. */
    private static final double AIM = 0.9;
    /** By how much the logarithm of the step follows the acceptance. */
    private static final double PACE = 0.1;

    private final Target target;
    private final int chains;
    private final Scaling start;
    private final float[] position;
    private final float[] momentum;
    private final float[] slope;
    private final float[] logDensity;
    private final float[] scale = {0};
    private final float[] step = {0};
    private final Program leap;
    private final Program arrival;

    AnnealedPaths(Target target, int chains, Scaling start) {
        this.target = target;
        this.chains = chains;
        this.start = start;
        position = new float[chains * target.width()];
        momentum = new float[position.length];
        slope = new float[position.length];
        logDensity = new float[chains];
        AnnealedLeap parts = new AnnealedLeap(target, chains, start);
        leap = Program.of(
                parts.nextPosition, parts.nextMomentum, parts.nextSlope, parts.nextLogDensity, parts.probability);
        leap.bind(parts.position, position);
        leap.bind(parts.momentum, momentum);
        leap.bind(parts.slope, slope);
        leap.bind(parts.logDensity, logDensity);
        leap.bind(parts.scale, scale);
        leap.bind(parts.step, step);
        arrival = Program.of(parts.slope(parts.position), parts.logDensity(parts.position));
        arrival.bind(parts.position, position);
        target.give(leap);
        target.give(arrival);
    }

    /** Puts each chain at a draw of the Gaussian, or at one of some samples, with a fresh momentum. */
    void begin(Data samples, Noise noise) {
        if (samples == null) {
            noise.normal(position, 0, position.length);
        } else {
            int[] rows = new int[chains];
            Arrays.setAll(rows, i -> noise.nextInt(samples.rows()));
            start.apply(samples).gather(rows, position);
        }
        noise.normal(momentum, 0, momentum.length);
        arrival.run();
        copy(arrival, 0, slope);
        copy(arrival, 1, logDensity);
        for (int i = 0; i < position.length; i++) {
            int chain = i / start.width();
            if (!Float.isFinite(logDensity[chain]) || !Float.isFinite(slope[i])) {
                throw new DivergenceException(Facts.that("HamiltonianAis: chain " + chain
                                + " begins where the log density or its gradient is not finite")
                        .expected("finite values of " + target.name())
                        .butWas("log density " + logDensity[chain] + ", gradient " + slope[i])
                        .hint("begin nearer to the target: from(rows)"));
            }
        }
    }

    /** Goes along the scales and notes at each the step with the wanted acceptance. */
    void rehearse(IntToDoubleFunction scales, double[] steps, Noise noise) {
        // With steps of d^(-1/6) standard deviations the acceptance of a leap among d normal numbers does not depend on
        // d.
        double next = Math.pow(start.width(), -1.0 / 6);
        for (int k = 0; k < steps.length; k++) {
            steps[k] = next;
            move(scales.applyAsDouble(k + 1), next, noise);
            next *= Math.exp(PACE * (acceptance() - AIM));
        }
    }

    /** Log weights, without the constant of the Gaussian. */
    double[] anneal(IntToDoubleFunction scales, double[] steps, Noise noise) {
        double[] logWeights = new double[chains];
        for (int k = 0; k < steps.length; k++) {
            double now = scales.applyAsDouble(k);
            double next = scales.applyAsDouble(k + 1);
            for (int i = 0; i < chains; i++) {
                // log w += (t' - t) (log f(x) + ||z||^2 / 2)
                logWeights[i] += (next - now) * (logDensity[i] + halfSquare(i));
            }
            move(next, steps[k], noise);
        }
        return logWeights;
    }

    private void move(double t, double size, Noise noise) {
        Interruption.check("the estimate of log Z");
        scale[0] = (float) t;
        step[0] = (float) size;
        leap.draw(noise);
        leap.run();
        copy(leap, 0, position);
        copy(leap, 1, momentum);
        copy(leap, 2, slope);
        copy(leap, 3, logDensity);
    }

    private double acceptance() {
        double sum = 0;
        for (float each : leap.value(4)) {
            sum += each;
        }
        return sum / chains;
    }

    private double halfSquare(int chain) {
        double sum = 0;
        for (int k = chain * start.width(); k < (chain + 1) * start.width(); k++) {
            sum += 0.5 * position[k] * position[k];
        }
        return sum;
    }

    private static void copy(Program from, int output, float[] to) {
        System.arraycopy(from.value(output), 0, to, 0, to.length);
    }

    @Override
    public void close() {
        leap.close();
        arrival.close();
    }
}
