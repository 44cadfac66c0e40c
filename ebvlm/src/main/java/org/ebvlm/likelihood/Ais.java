package org.ebvlm.likelihood;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Annealed importance sampling of log Z (Neal, 2001) for a Gaussian RBM, as in the VaGES code: the coupling W and the
 * hidden bias c are scaled from 0 to 1 with b and s kept, one Gibbs sweep at each scale. At scale 0 the model is a
 * Gaussian times fair coins, with log Z known.
 *
 * <p>The estimate of Z is unbiased, that of log Z is below the truth on average; the standard error holds only if the
 * chains have found all modes. Compare with enumeration where that is possible.
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
        return new Ais(checked("chains", number), scales);
    }

    /** Another number of scales, from 2 up: more make the weights more even. */
    public Ais scales(int number) {
        return new Ais(chains, checked("scales", number));
    }

    private static int checked(String what, int number) {
        if (number < 2) {
            throw new SettingException(Facts.that("Ais." + what + ": too few")
                    .expected("2 or more")
                    .butWas(number));
        }
        return number;
    }

    /** Estimates log Z. */
    public LogPartition of(Grbm model, Noise noise) {
        Expr v = Expr.input("v", chains, model.visible());
        Expr now = Expr.input("scale", 1);
        Expr next = Expr.input("next scale", 1);
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains, model.hidden());
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", chains, model.visible());
        Expr drive = model.drive(v);
        // log w += F_now(v) - F_next(v); the quadratic parts cancel.
        Expr gain =
                drive.times(next).softplus().minus(drive.times(now).softplus()).sum(1);
        // One sweep at the next scale.
        Expr h = drive.times(next).sigmoid().greater(u).times(next);
        Expr moved = model.visibleMean(h).plus(e.times(model.std()));
        float[] state = firstDraw(model, noise);
        double[] logWeights = new double[chains];
        try (Program program = Program.of(gain, moved)) {
            model.parameters().give(program);
            program.bind(v, state);
            for (int k = 0; k < scales && !Thread.currentThread().isInterrupted(); k++) {
                program.set(now, new float[] {(float) k / scales});
                program.set(next, new float[] {(float) (k + 1) / scales});
                program.draw(noise);
                program.run();
                for (int i = 0; i < chains; i++) {
                    logWeights[i] += program.value(0)[i];
                }
                System.arraycopy(program.value(1), 0, state, 0, state.length);
            }
        }
        double base = GrbmEnumeration.logVolume(model.stdValues()) + model.hidden() * Math.log(2);
        return estimate(base, logWeights);
    }

    /** v at scale 0: N(b, s^2). */
    private float[] firstDraw(Grbm model, Noise noise) {
        float[] state = new float[chains * model.visible()];
        float[] b = model.parameters().values("b");
        float[] s = model.stdValues();
        noise.normal(state, 0, state.length);
        for (int i = 0; i < state.length; i++) {
            state[i] = b[i % b.length] + s[i % s.length] * state[i];
        }
        return state;
    }

    /** log of the mean weight, and by the delta method its standard error. */
    private LogPartition estimate(double base, double[] logWeights) {
        double top = Double.NEGATIVE_INFINITY;
        for (double w : logWeights) {
            top = Math.max(top, w);
        }
        double sum = 0;
        double squares = 0;
        for (double w : logWeights) {
            double x = Math.exp(w - top);
            sum += x;
            squares += x * x;
        }
        double mean = sum / chains;
        double variance = (squares / chains - mean * mean) * chains / (chains - 1);
        return new LogPartition(
                base + top + Math.log(mean),
                Math.sqrt(Math.max(0, variance) / chains) / mean,
                "AIS, " + chains + " chains, " + scales + " scales");
    }

    @Override
    public String toString() {
        return "Ais, " + chains + " chains, " + scales + " scales";
    }
}
