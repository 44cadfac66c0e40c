package org.ebvlm.variational;

import java.util.Optional;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;

/**
 * Independent Gaussian units, h = mean(v) + std(v) e with e standard normal: an encoder gives [n, 2 hidden], means first,
 * then logarithms of standard deviations.
 */
public final class GaussianPosterior implements Posterior {
    private static final double HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

    private final Network encoder;
    private final PosteriorFit fit;

    GaussianPosterior(Network encoder, PosteriorFit fit) {
        this.encoder = encoder;
        this.fit = fit;
    }

    Network encoder() {
        return encoder;
    }

    @Override
    public Expr mean(Expr v) {
        return mean(encoder.apply(v), hidden());
    }

    private static Expr mean(Expr code, int units) {
        return code.slice(1, 0, units);
    }

    private static Expr logStd(Expr code, int units) {
        return code.slice(1, units, units);
    }

    @Override
    public Particle sampleAndLogProb(Expr v) {
        return drawn(encoder.apply(v));
    }

    /** The encoder sees each row of v once. */
    @Override
    public Particle draws(Expr v, int number) {
        return drawn(Stack.repeated(encoder.apply(v), number));
    }

    private Particle drawn(Expr code) {
        Expr mean = mean(code, hidden());
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", mean.shape());
        Expr h = mean.plus(logStd(code, hidden()).exp().times(e));
        return new Particle(h, logDensity(code, h));
    }

    @Override
    public Expr logProb(Expr v, Expr h) {
        return logDensity(encoder.apply(v), h);
    }

    @Override
    public Expr logProbOfDraws(Expr v, Expr h) {
        return logDensity(Stack.repeated(encoder.apply(v), h.shape(0) / v.shape(0)), h);
    }

    @Override
    public boolean hasSmoothDraws() {
        return true;
    }

    /** sum of -1/2 ((h - mean) / std)^2 - log std - 1/2 log 2 pi. */
    private Expr logDensity(Expr code, Expr h) {
        Expr logStd = logStd(code, hidden());
        Expr scaled = h.minus(mean(code, hidden())).times(logStd.neg().exp());
        return scaled.square().times(-0.5).minus(logStd).minus(HALF_LOG_2PI).sum(1);
    }

    @Override
    public String name() {
        return "Gaussian";
    }

    @Override
    public int visible() {
        return encoder.in();
    }

    @Override
    public int hidden() {
        return encoder.out() / 2;
    }

    @Override
    public Optional<PosteriorFit> fit() {
        return Optional.ofNullable(fit);
    }

    @Override
    public GaussianPosterior fittedBy(PosteriorFit how) {
        return new GaussianPosterior(encoder, how);
    }

    @Override
    public Parameters parameters() {
        return encoder.parameters();
    }

    @Override
    public GaussianPosterior with(Parameters values) {
        return new GaussianPosterior(encoder.with(values), fit);
    }

    @Override
    public String toString() {
        return name() + ", encoder " + encoder + (fit == null ? "" : ", fitted by " + fit);
    }
}
