package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/**
 * A {@link MonteCarlo} objective as the fit of a posterior alone, for an energy model whose log Z need not be known: the hard
 * draws of {@code Posteriors.bernoulli(rbm).hard().fittedBy(Vimco.samples(5).innerSteps(5))}, for example. What the history
 * shows is minus the bound, up to log Z.
 *
 * <p>The bound of many draws is content with a posterior that is off, so for variational scores, which are as biased as the
 * posterior is wrong, take {@link LeaveOneOut} (the evidence lower bound) or {@link Rws}, not {@link Vimco} with many samples.
 */
public final class MonteCarloFit implements PosteriorFit {
    private final MonteCarlo estimate;
    private final int steps;
    private final Updater updater;

    private MonteCarloFit(MonteCarlo estimate, int steps, Updater updater) {
        this.estimate = estimate;
        this.steps = steps;
        this.updater = updater;
    }

    static MonteCarloFit of(MonteCarlo estimate, int steps) {
        if (steps < 1) {
            throw new SettingException(Facts.that(estimate.name() + ".innerSteps: not a number of steps")
                    .expected("1 or more")
                    .butWas(steps));
        }
        return new MonteCarloFit(estimate, steps, null);
    }

    /** Descends in another way than the model does. */
    public MonteCarloFit with(Updater how) {
        return new MonteCarloFit(estimate, steps, how);
    }

    @Override
    public String name() {
        return "negativeBound";
    }

    @Override
    public int innerSteps() {
        return steps;
    }

    @Override
    public Optional<Updater> updater() {
        return Optional.ofNullable(updater);
    }

    @Override
    public void check(Posterior posterior) {
        estimate.check(posterior);
    }

    /** Its gradient is the estimate; its value means nothing. */
    @Override
    public Expr loss(EnergyModel model, Posterior posterior, Expr v) {
        return estimate.surrogate(model, posterior, v).posterior();
    }

    @Override
    public Phase phase(EnergyModel model, Posterior posterior, Expr v, Expr weights) {
        return phase(estimate.surrogate(model, posterior, v), posterior, weights);
    }

    @Override
    public List<Phase> phases(EnergyModel model, Posterior posterior, Expr v, Expr weights) {
        Surrogate at = estimate.surrogate(model, posterior, v);
        List<Phase> phases = new ArrayList<>();
        for (Phase each : at.others()) {
            phases.add(new Phase(each.name(), steps, each.fitted(), each.loss(), each.value(), each.updater(), true));
        }
        phases.add(phase(at, posterior, weights));
        return phases;
    }

    private Phase phase(Surrogate at, Posterior posterior, Expr weights) {
        Expr loss = at.posterior().times(weights).mean();
        Expr value = at.bound().times(weights).mean().neg();
        return new Phase(name(), steps, posterior, loss, value, updater());
    }

    @Override
    public String toString() {
        return estimate + ", " + steps + " inner steps";
    }
}
