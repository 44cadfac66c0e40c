package org.ebvlm.variational;

import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;

/**
 * Independent Bernoulli units with logits l(v) from an encoder.
 *
 * <p>Draws are relaxed at a temperature T (two-class Gumbel-softmax; Jang et al., Maddison et al., 2017),
 *
 * <pre>h = sigmoid( (l + log u - log(1 - u)) / T ),   u uniform,</pre>
 *
 * which makes them differentiable and a little wrong: h is not exactly 0 or 1. {@code log q} of a relaxed h is the
 * Bernoulli formula at the relaxed value, h . l - softplus(l), as in the VaGES code. Hard draws, 1 where u below
 * sigmoid(l), are exact but carry no derivative: they can be fitted by a {@link MonteCarlo} objective such as {@link Vimco},
 * not by {@link Elbo}.
 */
public final class BernoulliPosterior implements Posterior {
    private final Network encoder;
    private final double temperature;
    private final PosteriorFit fit;

    BernoulliPosterior(Network encoder, double temperature, PosteriorFit fit) {
        this.encoder = encoder;
        this.temperature = temperature;
        this.fit = fit;
    }

    /** Relaxed at another temperature than 0.1. */
    public BernoulliPosterior temperature(double value) {
        if (!(value > 0)) {
            throw new SettingException(Facts.that("BernoulliPosterior.temperature: not a temperature")
                    .expected("a positive number, or hard()")
                    .butWas(value));
        }
        return new BernoulliPosterior(encoder, value, fit);
    }

    double temperature() {
        return temperature;
    }

    Network encoder() {
        return encoder;
    }

    /** Draws of 0 and 1. */
    public BernoulliPosterior hard() {
        if (fit != null && !(fit instanceof MonteCarloFit)) {
            throw new SettingException(Facts.that("BernoulliPosterior.hard: hard draws carry no derivative")
                    .expected("relaxed draws where the posterior is fitted")
                    .butWas("fitted by " + fit)
                    .hint("fit it relaxed, then take run.fitted(q) and make that hard"));
        }
        BernoulliPosterior hard = new BernoulliPosterior(encoder, 0, null);
        return fit == null ? hard : hard.fittedBy(fit);
    }

    /** Log odds of each unit, [n, hidden]. */
    public Expr logits(Expr v) {
        return encoder.apply(v);
    }

    /** sigmoid(l): the probability of each unit. */
    @Override
    public Expr mean(Expr v) {
        return logits(v).sigmoid();
    }

    @Override
    public Particle sampleAndLogProb(Expr v) {
        return drawn(logits(v));
    }

    /** The encoder sees each row of v once. */
    @Override
    public Particle draws(Expr v, int number) {
        return drawn(Stack.repeated(logits(v), number));
    }

    private Particle drawn(Expr logits) {
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", logits.shape());
        Expr h = temperature == 0 ? logits.sigmoid().greater(u) : relaxed(logits, u);
        return new Particle(h, logMass(logits, h));
    }

    /** sigmoid( (l + log(u / (1 - u))) / T ); u is never so near 0 or 1 that the quotient is lost. */
    private Expr relaxed(Expr logits, Expr u) {
        Expr logistic = u.over(u.neg().plus(1)).log();
        return logits.plus(logistic).over(temperature).sigmoid();
    }

    @Override
    public Expr logProb(Expr v, Expr h) {
        return logMass(logits(v), h);
    }

    @Override
    public Expr logProbOfDraws(Expr v, Expr h) {
        return logMass(Stack.repeated(logits(v), h.shape(0) / v.shape(0)), h);
    }

    @Override
    public boolean hasExactDraws() {
        return temperature == 0;
    }

    @Override
    public boolean hasSmoothDraws() {
        return temperature > 0;
    }

    /** h . l - softplus(l). */
    private static Expr logMass(Expr logits, Expr h) {
        return h.times(logits).minus(logits.softplus()).sum(1);
    }

    @Override
    public String name() {
        return temperature == 0 ? "hard Bernoulli" : "Bernoulli relaxed at " + temperature;
    }

    @Override
    public int visible() {
        return encoder.in();
    }

    @Override
    public int hidden() {
        return encoder.out();
    }

    @Override
    public Optional<PosteriorFit> fit() {
        return Optional.ofNullable(fit);
    }

    @Override
    public BernoulliPosterior fittedBy(PosteriorFit how) {
        if (how instanceof MonteCarloFit) {
            how.check(this);
        } else if (temperature == 0 || how instanceof PosteriorFisher) {
            throw new SettingException(Facts.that("BernoulliPosterior.fittedBy: not possible")
                    .expected("relaxed draws and Elbo")
                    .butWas(name() + " and " + how)
                    .hint("q.fittedBy(Elbo.innerSteps(5))"));
        }
        return new BernoulliPosterior(encoder, temperature, how);
    }

    @Override
    public Parameters parameters() {
        return encoder.parameters();
    }

    @Override
    public BernoulliPosterior with(Parameters values) {
        return new BernoulliPosterior(encoder.with(values), temperature, fit);
    }

    @Override
    public String toString() {
        return name() + ", encoder " + encoder + (fit == null ? "" : ", fitted by " + fit);
    }
}
