package org.ebvlm.variational;

import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * An objective of K draws of h for each row, with the way its gradient is estimated: {@link Vimco}, {@link Iwae}, {@link Nvil}
 * and the others, one word for another. With log weights l_k = log p(v, h_k) - log q(h_k | v), most of them go up the K-sample
 * bound (Burda, Grosse and Salakhutdinov, 2016)
 *
 * <pre>L = log 1/K sum over k of exp(l_k),     E L &lt;= log p(v),  closer for more draws.</pre>
 *
 * <p>The same value serves in two places: {@code Vimco.samples(5).posterior(q)} is the {@linkplain MonteCarloObjective objective}
 * of a training that fits a directed model and its posterior together; {@code q.fittedBy(Vimco.samples(5).innerSteps(5))} fits
 * the posterior alone, for an energy model whose log Z is not known: log Z shifts all l_k alike, which no estimate here sees.
 */
public interface MonteCarlo {

    /** What reports call it. */
    String name();

    /** K. */
    int samples();

    /**
     * Losses whose gradients are the estimates, at draws of this posterior for these rows.
     *
     * @param v [n, visible]
     */
    Surrogate surrogate(EnergyModel model, Posterior q, Expr v);

    /**
     * Refuses a posterior whose draws do not suit the estimate.
     *
     * @throws org.ebvlm.errors.SettingException saying which would
     */
    void check(Posterior q);

    /** The objective of a directed model and this posterior together. */
    default MonteCarloObjective posterior(Posterior q) {
        return MonteCarloObjective.of(this, q);
    }

    /** A fit of a posterior alone, with this many steps for each step of the model. */
    default MonteCarloFit innerSteps(int number) {
        return MonteCarloFit.of(this, number);
    }
}
