package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parametric;
import org.ebvlm.training.Phase;

/**
 * A distribution q(h | v) to draw hidden variables from, in place of or equal to the model's own p(h | v).
 *
 * <p>Each draw makes noise inputs of its own, so two draws are independent and one can be repeated by giving the same
 * noise again.
 */
public interface Posterior extends Parametric<Posterior> {

    /** What reports call it. */
    String name();

    /** Width of v. */
    int visible();

    /** Width of h. */
    int hidden();

    /** One draw for each row of v, with its log density. */
    Particle sampleAndLogProb(Expr v);

    /** One draw for each row of v, [n, hidden]. */
    default Expr sample(Expr v) {
        return sampleAndLogProb(v).h();
    }

    /** log q(h | v), [n]. */
    Expr logProb(Expr v, Expr h);

    /**
     * Several draws for each row of v at once, with their log densities: draw k of row i is row k n + i.
     *
     * @param number K, of draws for each row
     * @return h [K n, hidden], log q(h | v) [K n]
     */
    default Particle draws(Expr v, int number) {
        return sampleAndLogProb(Stack.repeated(v, number));
    }

    /**
     * log q(h | v) of several h for each row of v, as {@link #draws} stacks them.
     *
     * @param v [n, visible]
     * @param h [K n, hidden]
     * @return [K n]
     */
    default Expr logProbOfDraws(Expr v, Expr h) {
        return logProb(Stack.repeated(v, h.shape(0) / v.shape(0)), h);
    }

    /** Whether draws follow the distribution that {@link #logProb} gives, as estimates with importance weights need. */
    default boolean hasExactDraws() {
        return true;
    }

    /** Whether draws are differentiable in the parameters (reparametrised). */
    default boolean hasSmoothDraws() {
        return false;
    }

    /** Whether draws are reparametrised in some units and carry no derivative in others: {@link Particle#logChoice} tells them apart. */
    default boolean hasPartlySmoothDraws() {
        return false;
    }

    /**
     * E[h | v], [n, hidden]: the code of v.
     *
     * @throws SettingException where it is not known
     */
    default Expr mean(Expr v) {
        throw new SettingException(Facts.that("Posterior.mean: the mean of " + name() + " is not known")
                .expected("a Gaussian, Bernoulli or exact posterior")
                .butWas(this));
    }

    /** Independent draws, held: no derivative flows back to the posterior or to v through them. */
    default List<Expr> particles(Expr v, int number) {
        List<Expr> draws = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            draws.add(sample(v).held());
        }
        return draws;
    }

    /** How it is fitted; empty for one that needs no fitting. */
    Optional<PosteriorFit> fit();

    /** The same posterior, fitted in this way while a model is trained. */
    Posterior fittedBy(PosteriorFit how);

    /**
     * The phase that fits it to the model at points v, before the model moves; none if it needs no fitting.
     *
     * @param weights of the rows of v, [n]
     */
    default List<Phase> innerPhases(EnergyModel model, Expr v, Expr weights) {
        return fit().map(how -> how.phases(model, this, v, weights)).orElse(List.of());
    }

    /** The same with equal weights. */
    default List<Phase> innerPhases(EnergyModel model, Expr v) {
        return innerPhases(model, v, Expr.constant(1, v.shape(0)));
    }
}
