package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/**
 * A {@link MonteCarlo} objective of a directed model and its posterior, which it fits together: one set of draws for both
 * gradients, and both sets of parameters move at once. What the history calls {@code objective} is minus the bound, in nats.
 *
 * <p>A model whose log Z depends on its parameters is refused, since minus its energy is no log-density: fit its posterior by
 * {@link MonteCarlo#innerSteps} and the model by scores.
 */
public final class MonteCarloObjective implements Objective {
    private final MonteCarlo estimate;
    private final Posterior posterior;
    private final Updater updater;

    private MonteCarloObjective(MonteCarlo estimate, Posterior posterior, Updater updater) {
        this.estimate = estimate;
        this.posterior = posterior;
        this.updater = updater;
    }

    static MonteCarloObjective of(MonteCarlo estimate, Posterior q) {
        if (q.fit().isPresent() || q instanceof ExactPosterior) {
            throw new SettingException(
                    Facts.that(estimate.name() + ".posterior: this objective fits the posterior itself")
                            .expected("a posterior with parameters of its own and no fit")
                            .butWas(q)
                            .hint("leave fittedBy(...) out"));
        }
        estimate.check(q);
        return new MonteCarloObjective(estimate, q, null);
    }

    /** The posterior descends in another way than the model does. */
    public MonteCarloObjective with(Updater how) {
        return new MonteCarloObjective(estimate, posterior, how);
    }

    @Override
    public String name() {
        return estimate + ", " + posterior.name() + " posterior";
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        NegativeElbo.requireNormalised(estimate.name(), model, posterior);
        Surrogate at = estimate.surrogate(model, posterior, batch);
        Expr value = at.bound().mean().neg();
        List<Phase> phases = new ArrayList<>();
        at.others().forEach(each -> phases.add(each.joinedToNext()));
        if (posterior.parameters().leaf().equals(model.parameters().leaf())) {
            requireOneLoss(at);
            phases.add(Phase.of("objective", model, at.model().mean(), value));
            return phases;
        }
        phases.add(
                new Phase("posterior", 1, posterior, at.posterior().mean(), value, Optional.ofNullable(updater), true));
        phases.add(Phase.of("objective", model, at.model().mean(), value));
        return phases;
    }

    /** A posterior that is a part of the model has no gradient of its own. */
    private void requireOneLoss(Surrogate at) {
        if (!at.model().equals(at.posterior())) {
            throw new SettingException(Facts.that(estimate.name() + ": the posterior shares the model's parameters")
                    .expected("an objective that both follow, such as Vimco")
                    .butWas(estimate + ", which has one for each"));
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
