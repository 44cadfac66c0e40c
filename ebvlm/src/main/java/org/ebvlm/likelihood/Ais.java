package org.ebvlm.likelihood;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Annealed importance sampling of log Z (Neal, 2001; for restricted machines Salakhutdinov and Murray, 2008). The path begins
 * where the odd units h are as active as in the machine itself and coupled to nothing. With x the even units, mu about the mean
 * of h, and t from 0 to 1,
 *
 * <pre>
 * log f_t(x, h) = own(x) + (t h + (1 - t) mu) . drive(x) + (1 - t) h . logit(mu)
 * -F_t(x) = own(x) + (1 - t) mu . drive(x) + sum of softplus(t drive(x) + (1 - t) logit(mu))
 * log w = sum over k of F_k(x_k) - F_(k+1)(x_k)
 * </pre>
 *
 * <p>with one Gibbs sweep at each scale. At t = 0 all units are independent, with log Z known. mu is found by a rehearsal of 50
 * Gibbs sweeps of as many chains from fair coins, which are then thrown away, so that Z stays unbiased; it is kept between 0.1
 * and 0.9. Centred so (Montavon and M&uuml;ller, 2012) the path does not depend on whether hidden units are thought of as 0 and 1
 * or as -1 and 1, and begins in the middle of the model's modes. {@link #uncentred} is the path of the VaGES code.
 *
 * <p>The estimate of Z is unbiased, that of log Z is below the truth on average. The standard error is the delta method's;
 * the 95 % interval resamples chains (bootstrap), so it need not be symmetric. Both know only the weights that came up:
 * they do not cover a mode that no chain found, nor a tail of large weights that are too rare to have come up, and both
 * hide that the truth is then above. {@link LogPartition#effectiveChains} tells of uneven weights, though not of modes never
 * seen. Compare with {@link MachineEnumeration} where that is possible, with {@link #above}, or for real v with {@link HamiltonianAis}.
 */
public final class Ais {
    private static final int REHEARSAL = 50;
    /** Units are begun no surer than this, so that chains can leave the modes that the rehearsal has found. */
    private static final double SUREST = 0.1;

    private final int chains;
    private final int scales;
    private final boolean centred;

    private Ais(int chains, int scales, boolean centred) {
        this.chains = chains;
        this.scales = scales;
        this.centred = centred;
    }

    /** 500 chains over 1000 scales. */
    public static Ais standard() {
        return new Ais(500, 1000, true);
    }

    /** Another number of chains, from 2 up: the standard error falls as one over its root. */
    public Ais chains(int number) {
        return new Ais(checked("Ais.chains", number), scales, centred);
    }

    /** Another number of scales, from 2 up: more make the weights more even. */
    public Ais scales(int number) {
        return new Ais(chains, checked("Ais.scales", number), centred);
    }

    /**
     * The path of the VaGES code: couplings and hidden biases of a restricted machine are scaled from 0 to 1, and what v has by itself is
     * kept; mu = 0 and fair coins. For comparison with numbers that were found so: where hidden units are mostly on, or on as often as
     * off, it begins far from the model, and on machines of units of -1 and 1 its estimates have been a hundred nats too low, with a
     * standard error below one.
     */
    public Ais uncentred() {
        return new Ais(chains, scales, false);
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
        Start start = start(model, noise);
        double[] logs = anneal(model, start, firstDraw(model, start, noise), k -> (double) k / scales, noise);
        return Weights.logPartition(start.logPartition(model), 1, logs, method(""), noise);
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
        Start start = start(model, noise);
        double[] logs = anneal(model, start, state, k -> 1 - (double) k / scales, noise);
        return Weights.logPartition(start.logPartition(model), -1, logs, method("reverse "), noise);
    }

    /** Odd units at the beginning: what stands for them in the even ones, and their own log odds. */
    private record Start(float[] mean, float[] logOdds) {
        /** log of the sum over x of exp(own(x) + mu . drive(x)), and sum of softplus(logit(mu)). */
        double logPartition(BoltzmannMachine model) {
            double sum = MachineEnumeration.logSumGiven(model, mean);
            for (float each : logOdds) {
                sum += MachineEnumeration.softplus(each);
            }
            return sum;
        }
    }

    private Start start(BoltzmannMachine model, Noise noise) {
        float[] mean = new float[model.oddUnits()];
        float[] logOdds = new float[mean.length];
        if (centred) {
            double[] activity = activity(model, noise.split("rehearsal"));
            for (int j = 0; j < mean.length; j++) {
                double mu = Math.max(SUREST, Math.min(1 - SUREST, activity[j]));
                mean[j] = (float) mu;
                logOdds[j] = (float) Math.log(mu / (1 - mu));
            }
        }
        return new Start(mean, logOdds);
    }

    /** The mean of each odd unit's probability over chains of block Gibbs that began at fair coins. */
    private double[] activity(BoltzmannMachine model, Noise noise) {
        Expr odd = Expr.input("odd", chains, model.oddUnits());
        Expr probability = model.drive(model.evenDraw(model.evenMean(odd))).sigmoid();
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains, model.oddUnits());
        float[] state = new float[chains * model.oddUnits()];
        for (int i = 0; i < state.length; i++) {
            state[i] = noise.nextInt(2);
        }
        double[] sums = new double[model.oddUnits()];
        try (Program program = Program.of(probability.greater(u), probability)) {
            model.parameters().give(program);
            program.bind(odd, state);
            for (int k = 0; k < REHEARSAL; k++) {
                Interruption.check("the estimate of log Z");
                program.draw(noise);
                program.run();
                System.arraycopy(program.value(0), 0, state, 0, state.length);
            }
            for (int i = 0; i < state.length; i++) {
                sums[i % sums.length] += program.value(1)[i] / chains;
            }
        }
        return sums;
    }

    /** Log weights of chains from a state, along scales from the 0th to the last. */
    private double[] anneal(
            BoltzmannMachine model, Start start, float[] state, IntToDoubleFunction scale, Noise noise) {
        Expr even = Expr.input("even", chains, model.evenUnits());
        Expr now = Expr.input("scale", 1);
        Expr next = Expr.input("next scale", 1);
        Expr mean = Expr.input("mean", 1, model.oddUnits());
        Expr logOdds = Expr.input("log odds", 1, model.oddUnits());
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains, model.oddUnits());
        Expr drive = model.drive(even);
        // log w += F_now(x) - F_next(x); what x has by itself cancels.
        Expr gain = between(logOdds, drive, next)
                .softplus()
                .minus(between(logOdds, drive, now).softplus())
                .plus(drive.times(mean).times(now.minus(next)))
                .sum(1);
        // One sweep at the next scale.
        Expr odd = between(logOdds, drive, next).sigmoid().greater(u);
        Expr moved = model.evenDraw(model.evenMean(between(mean, odd, next)));
        double[] logWeights = new double[chains];
        try (Program program = Program.of(gain, moved)) {
            model.parameters().give(program);
            program.bind(even, state);
            program.bind(mean, start.mean());
            program.bind(logOdds, start.logOdds());
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

    /** (1 - t) a + t b. */
    private static Expr between(Expr a, Expr b, Expr t) {
        return b.times(t).plus(a.times(t.neg().plus(1)));
    }

    /** The even units at scale 0. */
    private float[] firstDraw(BoltzmannMachine model, Start start, Noise noise) {
        Expr odd = Expr.input("odd", chains, model.oddUnits());
        float[] means = new float[chains * model.oddUnits()];
        for (int i = 0; i < means.length; i++) {
            means[i] = start.mean()[i % model.oddUnits()];
        }
        try (Program program = Program.of(model.evenDraw(model.evenMean(odd)))) {
            model.parameters().give(program);
            program.bind(odd, means);
            program.draw(noise);
            program.run();
            return program.value(0).clone();
        }
    }

    private String method(String direction) {
        return direction + "AIS, " + chains + " chains, " + scales + " scales" + path();
    }

    @Override
    public String toString() {
        return "Ais, " + chains + " chains, " + scales + " scales" + path();
    }

    private String path() {
        return centred ? "" : ", uncentred";
    }
}
