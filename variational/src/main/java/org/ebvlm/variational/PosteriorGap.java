package org.ebvlm.variational;

import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Enumeration;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Latents;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Rowwise;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * How far a posterior q(h | v) is from the model's own p(h | v), on average over rows: the diagnostic that says whether a
 * variational estimate can be trusted, as its bias is at most of the order of the root of the gap,
 *
 * <pre>
 * PosteriorGap.fisher(q)   mean over rows of  1/2 E_q || grad_h log q(h | v) + grad_h E(v, h) ||^2        real h
 * PosteriorGap.kl(q)       mean over rows of  sum over h of q(h | v) log( q(h | v) / p(h | v) )           binary h
 * </pre>
 *
 * <pre>{@code
 * Training.of(model)....every(500, PosteriorGap.fisher(q).on(data.test()))
 * }</pre>
 *
 * <p>The Fisher divergence needs no constant of p(h | v) and is estimated from some draws for each row. It is blind to wrong
 * weights of modes that lie far apart, and its unit is that of 1 / h^2: compare it with itself, not between models.
 *
 * <p>The Kullback-Leibler divergence is exact, in nats: a sum over units for a Bernoulli posterior of a {@link Grbm}, by
 * enumeration for any other energy of at most ten binary units, at the cost of one energy for each state; larger ones are
 * refused. It judges the Bernoulli units that the logits stand for. Relaxed draws, which a posterior is fitted with and
 * estimates use, have no weight on 0 and 1 and so no such divergence; at the usual temperature they differ from hard
 * ones by little, and that little is not in this number.
 *
 * <p>The standard error is that of the mean over rows, and holds the noise of the draws too.
 */
public final class PosteriorGap implements Evaluation {
    private static final int PARTICLES = 10;

    private final Posterior posterior;
    private final boolean fisher;
    private final Data data;
    private final int particles;

    private PosteriorGap(Posterior posterior, boolean fisher, Data data, int particles) {
        this.posterior = posterior;
        this.fisher = fisher;
        this.data = data;
        this.particles = particles;
    }

    /** The Fisher divergence of a posterior over real h; {@link #on} says at which rows. */
    public static PosteriorGap fisher(Posterior q) {
        if (q instanceof BernoulliPosterior || q instanceof ExactPosterior) {
            throw new SettingException(Facts.that("PosteriorGap.fisher: there is no gradient by binary h")
                    .expected("a posterior over real h, for example Posteriors.gaussian(model)")
                    .butWas(q)
                    .hint("PosteriorGap.kl(q)"));
        }
        refuseMoved("fisher", q);
        return new PosteriorGap(q, true, null, PARTICLES);
    }

    /** The Kullback-Leibler divergence of a posterior over binary h; {@link #on} says at which rows. */
    public static PosteriorGap kl(Posterior q) {
        if (q instanceof GaussianPosterior) {
            throw new SettingException(Facts.that("PosteriorGap.kl: p(h | v) of real h has an unknown constant")
                    .expected("a posterior over binary h, for example Posteriors.bernoulli(model)")
                    .butWas(q)
                    .hint("PosteriorGap.fisher(q)"));
        }
        refuseMoved("kl", q);
        return new PosteriorGap(q, false, null, PARTICLES);
    }

    private static void refuseMoved(String what, Posterior q) {
        if (q instanceof RefinedPosterior moved) {
            throw new SettingException(Facts.that("PosteriorGap." + what + ": moved draws have no known density")
                    .expected("a posterior with log q")
                    .butWas(q)
                    .hint("take start(), the posterior without the moves: "
                            + moved.start().name()));
        }
    }

    /** At these rows of v. */
    public PosteriorGap on(Data rows) {
        if (rows.width() != posterior.visible()) {
            throw new ShapeException(Facts.that("PosteriorGap.on: the data do not fit the posterior")
                    .expected("[n, " + posterior.visible() + "]")
                    .butWas("[" + rows.rows() + ", " + rows.width() + "]   (" + rows.name() + ")"));
        }
        return new PosteriorGap(posterior, fisher, rows, particles);
    }

    /** Draws of h for each row, for the Fisher divergence; 10 unless said otherwise. The other is exact without draws. */
    public PosteriorGap particles(int number) {
        if (number < 1 || !fisher) {
            throw new SettingException(Facts.that("PosteriorGap.particles: not possible")
                    .expected("1 or more, for the Fisher divergence")
                    .butWas(number + " for " + name()));
        }
        return new PosteriorGap(posterior, true, data, number);
    }

    @Override
    public String name() {
        return fisher ? "posteriorFisherDivergence" : "posteriorKl";
    }

    /** Outside of training. */
    public Measurement of(EnergyModel model, Noise noise) {
        return measure(Snapshot.of(model, noise));
    }

    @Override
    public Measurement measure(Snapshot snapshot) {
        EnergyModel model = snapshot.model();
        requireFit(model);
        Posterior q = snapshot.fitted(posterior);
        double[] sums = new double[2];
        Rowwise.evaluate(
                data,
                v -> fisher ? fisherDivergence(model, q, v) : klDivergence(model, q, v),
                program -> {
                    q.parameters().give(program);
                    model.parameters().give(program);
                },
                snapshot.noise(),
                (from, to, values) -> {
                    for (float each : values) {
                        sums[0] += each;
                        sums[1] += (double) each * each;
                    }
                });
        int n = data.rows();
        double mean = sums[0] / n;
        double error = n < 2 ? Double.NaN : Math.sqrt(Math.max(0, sums[1] / n - mean * mean) / (n - 1));
        return new Measurement(name(), mean, error);
    }

    private void requireFit(EnergyModel model) {
        if (data == null) {
            throw new SettingException(Facts.that("PosteriorGap: on(...) is missing")
                    .expected("rows at which to compare, for example PosteriorGap.kl(q).on(data.test())")
                    .butWas("nothing"));
        }
        Latents kind = fisher ? Latents.CONTINUOUS : Latents.BINARY;
        if (model.latents() != kind || model.hidden() != posterior.hidden() || model.visible() != posterior.visible()) {
            throw new SettingException(Facts.that("PosteriorGap: the posterior and the model do not go together")
                    .expected(
                            String.format(Locale.ROOT, "v %d, h %d, %s", posterior.visible(), posterior.hidden(), kind))
                    .butWas(String.format(
                            Locale.ROOT, "v %d, h %d, %s", model.visible(), model.hidden(), model.latents())));
        }
    }

    // ---------------------------------------------------------------- the divergences of each row

    /** mean over l of 1/2 || grad_h log q(h_l | v) + grad_h E(v, h_l) ||^2; [n]. */
    private Expr fisherDivergence(EnergyModel model, Posterior q, Expr v) {
        PosteriorFisher each = PosteriorFisher.innerSteps(1);
        Expr sum = each.loss(model, q, v);
        for (int l = 1; l < particles; l++) {
            sum = sum.plus(each.loss(model, q, v));
        }
        return sum.over(particles);
    }

    private static Expr klDivergence(EnergyModel model, Posterior q, Expr v) {
        if (model instanceof Grbm grbm && q instanceof BernoulliPosterior bernoulli) {
            return unitByUnit(bernoulli.logits(v), grbm.drive(v));
        }
        if (model.hidden() > Enumeration.LIMIT) {
            throw new SettingException(Facts.that("PosteriorGap.kl: too many states of h to enumerate")
                    .expected("at most " + Enumeration.LIMIT + " units, or a Grbm with a Bernoulli posterior")
                    .butWas(model.hidden() + " units of " + model.name() + ", " + q.name())
                    .hint("Elbo tells how the divergence changes; its value in the history is the gap up to log p(v)"));
        }
        return stateByState(model, q, v);
    }

    /** sum over j of q_j (l_j - d_j) - softplus(l_j) + softplus(d_j), with q_j = sigmoid(l_j), p_j = sigmoid(d_j). */
    private static Expr unitByUnit(Expr l, Expr d) {
        return l.sigmoid()
                .times(l.minus(d))
                .minus(l.softplus())
                .plus(d.softplus())
                .sum(1);
    }

    /** sum over h of q ( log q + E - (-log sum exp(-E)) ). */
    private static Expr stateByState(EnergyModel model, Posterior q, Expr v) {
        int n = v.shape(0);
        Expr negative = Enumeration.of(model).negativeEnergies(v);
        Expr logP = negative.minus(negative.logSumExp(1).reshape(n, 1));
        Expr states = Enumeration.states(model.hidden());
        Expr[] columns = new Expr[states.shape(0)];
        for (int s = 0; s < columns.length; s++) {
            Expr h = states.slice(0, s, 1).broadcastTo(n, model.hidden());
            columns[s] = q.logProb(v, h).reshape(n, 1);
        }
        Expr logQ = Expr.concat(1, List.of(columns));
        return logQ.exp().times(logQ.minus(logP)).sum(1);
    }

    @Override
    public String toString() {
        return name() + " of " + posterior.name() + (data == null ? "" : " on " + data.name());
    }
}
