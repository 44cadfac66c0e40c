package org.ebvlm.likelihood;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Annealed importance sampling of log Z (Neal, 2001; for restricted machines Salakhutdinov and Murray, 2008), on the path
 * of the VaGES code: couplings and hidden biases are scaled from 0 to 1 and what v has by itself is kept, one Gibbs sweep at
 * each scale. At scale 0 the model is v by itself times fair coins, with log Z known. With x the even units and E_t the
 * energy at scale t, a chain's weight is
 *
 * <pre>log w = sum over k of F_k(x_k) - F_(k+1)(x_k),   F_t(x) = own(x) - t c2 . h2 - sum of softplus(t drive(x))</pre>
 *
 * <p>The estimate of Z is unbiased, that of log Z is below the truth on average. The standard error is the delta method's;
 * the 95 % interval resamples chains (bootstrap), so it need not be symmetric. Both know only the weights that came up:
 * they do not cover a mode that no chain found, nor a tail of large weights that are too rare to have come up, and both
 * hide that the truth is then above. {@link LogPartition#effectiveChains} tells of uneven weights, though not of modes never
 * seen. Compare with {@link MachineEnumeration} where that is possible.
 */
public final class Ais {
    private final int chains;
    private final int scales;

    private Ais(int chains, int scales) {
        this.chains = chains;
        this.scales = scales;
    }

    /** 500 chains over 1000 scales. */
    public static Ais standard() {
        return new Ais(500, 1000);
    }

    /** Another number of chains, from 2 up: the standard error falls as one over its root. */
    public Ais chains(int number) {
        return new Ais(checked("Ais.chains", number), scales);
    }

    /** Another number of scales, from 2 up: more make the weights more even. */
    public Ais scales(int number) {
        return new Ais(chains, checked("Ais.scales", number));
    }

    static int checked(String what, int number) {
        if (number < 2) {
            throw new SettingException(
                    Facts.that(what + ": too few").expected("2 or more").butWas(number));
        }
        return number;
    }

    /** Estimates log Z: from below on average. */
    public LogPartition of(BoltzmannMachine model, Noise noise) {
        double[] logs = anneal(model, firstDraw(model, noise), k -> (double) k / scales, noise);
        return estimate(MachineEnumeration.logBase(model), 1, logs, method(""), noise);
    }

    /**
     * Estimates log Z from above on average, by the same path taken backwards from samples of the model (Burda, Grosse and
     * Salakhutdinov, 2015): a wide gap to {@link #of} says that one of the two is off. It is a bound only as far as the
     * samples are the model's own: chains of {@code BlockGibbs} that have not mixed can bring it below the truth.
     *
     * @param samples rows of v, drawn at random for the chains
     * @throws SettingException for a machine with a second hidden layer, whose units the samples lack
     */
    public LogPartition above(BoltzmannMachine model, Data samples, Noise noise) {
        if (model.evenUnits() != model.visible() || samples.width() != model.visible()) {
            throw new SettingException(Facts.that("Ais.above: the samples do not make up a state of " + model.name())
                    .expected("a machine of one hidden layer, and rows of width " + model.visible())
                    .butWas(model + ", rows of width " + samples.width()));
        }
        int[] rows = new int[chains];
        Arrays.setAll(rows, i -> noise.nextInt(samples.rows()));
        float[] state = new float[chains * model.visible()];
        samples.gather(rows, state);
        double[] logs = anneal(model, state, k -> 1 - (double) k / scales, noise);
        return estimate(MachineEnumeration.logBase(model), -1, logs, method("reverse "), noise);
    }

    /** Log weights of chains from a state, along scales from the 0th to the last. */
    private double[] anneal(BoltzmannMachine model, float[] state, IntToDoubleFunction scale, Noise noise) {
        Expr even = Expr.input("even", chains, model.evenUnits());
        Expr now = Expr.input("scale", 1);
        Expr next = Expr.input("next scale", 1);
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains, model.oddUnits());
        Expr drive = model.drive(even);
        // log w += F_now(x) - F_next(x); what v has by itself cancels.
        Expr gain = drive.times(next)
                .softplus()
                .minus(drive.times(now).softplus())
                .sum(1)
                .plus(model.evenBias(even).times(next.minus(now)));
        // One sweep at the next scale.
        Expr odd = drive.times(next).sigmoid().greater(u);
        Expr moved = model.evenDraw(model.evenMean(odd, next));
        double[] logWeights = new double[chains];
        try (Program program = Program.of(gain, moved)) {
            model.parameters().give(program);
            program.bind(even, state);
            for (int k = 0; k < scales; k++) {
                Interruption.check("the estimate of log Z");
                program.set(now, new float[] {(float) scale.applyAsDouble(k)});
                program.set(next, new float[] {(float) scale.applyAsDouble(k + 1)});
                program.draw(noise);
                program.run();
                for (int i = 0; i < chains; i++) {
                    logWeights[i] += program.value(0)[i];
                }
                System.arraycopy(program.value(1), 0, state, 0, state.length);
            }
        }
        return logWeights;
    }

    /** The even units at scale 0. */
    private float[] firstDraw(BoltzmannMachine model, Noise noise) {
        Expr mean = model.evenMean(Expr.constant(0, chains, model.oddUnits()), Expr.constant(0, 1));
        try (Program program = Program.of(model.evenDraw(mean))) {
            model.parameters().give(program);
            program.draw(noise);
            program.run();
            return program.value(0).clone();
        }
    }

    private String method(String direction) {
        return direction + "AIS, " + chains + " chains, " + scales + " scales";
    }

    /** The base plus or minus the logarithm of the mean weight. */
    static LogPartition estimate(double base, int sign, double[] logWeights, String method, Noise noise) {
        requireFinite(logWeights);
        Weights weights = new Weights(logWeights);
        double[] interval = weights.interval(noise.split("bootstrap"));
        return new LogPartition(
                base + sign * weights.logMean(),
                weights.standardError(),
                base + sign * interval[sign > 0 ? 0 : 1],
                base + sign * interval[sign > 0 ? 1 : 0],
                weights.effectiveSize(),
                logWeights.length,
                method);
    }

    private static void requireFinite(double[] logWeights) {
        for (int i = 0; i < logWeights.length; i++) {
            if (!Double.isFinite(logWeights[i])) {
                throw new DivergenceException(Facts.that("log Z by annealing: a chain left the finite numbers")
                        .expected("finite log weights")
                        .butWas(logWeights[i] + " in chain " + i)
                        .hint("look at the parameters: a coupling or a standard deviation is too large or not finite"));
            }
        }
    }

    @Override
    public String toString() {
        return "Ais, " + chains + " chains, " + scales + " scales";
    }
}
