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
 * sigmoid(l), are exact but carry no derivative, so they cannot be fitted.
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
        if (fit != null) {
            throw new SettingException(Facts.that("BernoulliPosterior.hard: hard draws carry no derivative")
                    .expected("relaxed draws where the posterior is fitted")
                    .butWas("fitted by " + fit)
                    .hint("fit it relaxed, then take run.fitted(q) and make that hard"));
        }
        return new BernoulliPosterior(encoder, 0, null);
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
        Expr logits = logits(v);
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", logits.shape());
        Expr h = temperature == 0 ? logits.sigmoid().greater(u) : relaxed(logits, u);
        return new Particle(h, logProb(v, h));
    }

    /** sigmoid( (l + log(u / (1 - u))) / T ); u is never so near 0 or 1 that the quotient is lost. */
    private Expr relaxed(Expr logits, Expr u) {
        Expr logistic = u.over(u.neg().plus(1)).log();
        return logits.plus(logistic).over(temperature).sigmoid();
    }

    /** h . l - softplus(l). */
    @Override
    public Expr logProb(Expr v, Expr h) {
        Expr logits = logits(v);
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
        if (temperature == 0 || how instanceof PosteriorFisher) {
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
