package org.ebvlm.variational;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Substitution;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;

/**
 * A posterior's parameters after some more steps of its fit, as an expression of the model's parameters: how bi-level
 * methods see that the posterior would follow if the model moved (Bao et al., 2020),
 *
 * <pre>phi_0 = phi,   phi_(n+1) = phi_n - rate dG(theta, phi_n)/dphi,   n = 0 .. N - 1</pre>
 *
 * <p>with G the mean over rows of {@link PosteriorFit#loss}, each step with noise of its own. Plain gradient descent, not the
 * updater of the fit: with too great a rate (above 2 over the curvature of G) the steps run away, and derivatives with them.
 * Cost: N steps forward, and their derivatives backward, which is several times a step of the fit each.
 */
public final class Unrolling {
    private final int steps;
    private final double rate;

    private Unrolling(int steps, double rate) {
        this.steps = steps;
        this.rate = rate;
    }

    /**
     * This many steps of this rate.
     *
     * @param number 0 or more; 0 leaves the parameters as they are
     * @param rate of plain gradient descent
     */
    public static Unrolling steps(int number, double rate) {
        if (number < 0 || !(rate > 0) || rate == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("Unrolling.steps: not possible")
                    .expected("0 steps or more, and a positive rate, for example 5 of 0.1")
                    .butWas(number + " steps of " + rate));
        }
        return new Unrolling(number, rate);
    }

    /** How many. */
    public int steps() {
        return steps;
    }

    /** Refuses a posterior that cannot be fitted, if there are steps to take. */
    public void requireFit(Posterior q) {
        if (steps > 0 && q.fit().isEmpty()) {
            throw new SettingException(Facts.that("Unrolling: there is no fit to unroll")
                    .expected("a posterior that is fitted, as by q.fittedBy(Elbo.innerSteps(5)), or no steps")
                    .butWas(steps + " steps of: " + q));
        }
        if (steps > 0 && q.fit().orElseThrow() instanceof MonteCarloFit) {
            throw new SettingException(
                    Facts.that("Unrolling: the fit cannot be differentiated by the model's parameters")
                            .expected("Elbo or PosteriorFisher: the signals of a Monte Carlo objective are held")
                            .butWas(q.fit().orElseThrow()));
        }
    }

    /**
     * Puts the parameters after the steps in the place of those before.
     *
     * @param model whose posterior is approached
     * @param q with a fit, unless there are no steps
     * @param v points at which it is fitted, [n, visible]
     * @param weights of the rows, [n]
     */
    public Substitution of(EnergyModel model, Posterior q, Expr v, Expr weights) {
        requireFit(q);
        Parameters phi = q.parameters();
        Substitution after = Substitution.none();
        for (int n = 0; n < steps; n++) {
            Expr loss = q.fit().orElseThrow().loss(model, q, v).times(weights).mean();
            Expr now = after.in(phi.leaf());
            // phi_(n+1) = phi_n - rate dG(theta, phi_n)/dphi
            Expr next = now.minus(after.in(phi.gradient(loss)).times(rate));
            after = Substitution.of(phi.leaf(), next);
        }
        return after;
    }

    @Override
    public String toString() {
        return steps + " unrolled steps" + (steps == 0 ? "" : " of rate " + rate);
    }
}
