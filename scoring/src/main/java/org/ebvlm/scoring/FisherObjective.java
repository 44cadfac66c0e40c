package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/**
 * The Fisher divergence of data to model in its dual form as an objective: a learned function f, the critic, stands for the
 * gap between the scores of model and data,
 *
 * <pre>
 * J = max over f of  E_data[ s . f + tr(df/dv) - 1/2 ||f||^2 ] = 1/2 E_data || s - grad log p_data ||^2
 * dJ/dtheta = E_data[ z . d/dtheta s(v) ],   z = f(v)
 * </pre>
 *
 * <p>In each step the critic takes some steps up, then the model one step down along the critic, which is held. The objective
 * is linear in s, so that an unbiased {@link Estimator} makes it unbiased given the critic, with one particle as with many;
 * no other objective asks as little of the estimate. Related to the learned Stein discrepancy of Grathwohl et al. (2020).
 *
 * <p>The plotted value is the critic's present gain on the batch: a Fisher divergence, less what the critic misses, and negative while it
 * lags behind. The critic can learn single rows if they are few, which lets tr(df/dv) grow without bound: use many rows, or
 * noised ones ({@code data.noised}); {@link Dsm} is steadier. The trace is exact up to width ten and estimated by a Rademacher probe
 * above. Cost: K steps of the critic, each with a score and a second sweep of f; then one gradient estimate.
 */
public final class FisherObjective implements Objective {
    private static final int EXACT_TRACE_WIDTH = 10;

    private final int steps;
    private final Network.Architecture critic;
    private final Updater updater;
    private final Estimator estimator;

    private FisherObjective(int steps, Network.Architecture critic, Updater updater, Estimator estimator) {
        this.steps = steps;
        this.critic = critic;
        this.updater = updater;
        this.estimator = estimator;
    }

    /** This many steps of the critic for each step of the model, on the same rows; 5 is a beginning. */
    public static FisherObjective innerSteps(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("FisherObjective.innerSteps: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new FisherObjective(number, Network.elu(64, 64), null, ExactScore.estimator());
    }

    /** Another critic than two ELU layers of 64; it starts at zero, as if the model were right. */
    public FisherObjective critic(Network.Architecture network) {
        return new FisherObjective(steps, network, updater, estimator);
    }

    /** The critic climbs in another way than the model descends: mostly faster. */
    public FisherObjective with(Updater how) {
        return new FisherObjective(steps, critic, how, estimator);
    }

    /** How the score and its gradient are found; {@link ExactScore} unless said otherwise. */
    public FisherObjective using(Estimator how) {
        return new FisherObjective(steps, critic, updater, how);
    }

    @Override
    public String name() {
        return "Fisher divergence by a critic of " + steps + " inner steps, by " + estimator.name();
    }

    @Override
    public List<Parameters> parameters() {
        return estimator.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        Network network = critic.init(
                        model.visible(), model.visible(), Noise.seed(0).split("critic"))
                .requireRowwise("FisherObjective.critic")
                .startingAtZero();
        Expr v = batch.point();
        Expr f = network.apply(v);
        List<Phase> phases = new ArrayList<>(estimator.innerPhases(model, batch));
        Expr gain = gain(estimator.score(model, v).dot(f), f, v);
        phases.add(new Phase("criticGain", steps, network, gain.neg(), gain.held(), Optional.ofNullable(updater)));
        Estimator.Estimate estimate = estimator.at(model, v);
        Expr z = f.held();
        Expr value = gain(estimate.along(z), f, v).held();
        phases.add(Phase.of("objective", model, estimate.surrogate(z).mean(), value));
        return phases;
    }

    /** The mean of s . f + tr(df/dv) - 1/2 ||f||^2. */
    private static Expr gain(Expr product, Expr f, Expr v) {
        Expr trace = Trace.of(f, v, v.shape(1) <= EXACT_TRACE_WIDTH);
        return product.plus(trace).minus(f.square().sum(1).times(0.5)).mean();
    }

    @Override
    public String toString() {
        return name();
    }
}
