package org.ebvlm.scoring;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Enumeration;
import org.ebvlm.model.Grbm;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Exact maximum likelihood, where Z can be summed,
 *
 * <pre>
 * J = mean over rows of F(v) + log Z,      dJ/dtheta = E_data[ dF/dtheta ] - E_model[ dF/dtheta ]
 * </pre>
 *
 * <p>for a {@link Grbm} with few hidden units, p(h = 1 | v) = sigmoid(c + M' v) and p(v | h) = N(b + S^2 M h, S^2),
 *
 * <pre>
 * Z = prod_i s_i sqrt(2 pi)  sum_h exp( h . (c + M' b) + 1/2 h' M' S^2 M h ),   S = diag(s)
 * </pre>
 *
 * <p>for a {@link BernoulliRbm} with few hidden units, and for any model of few binary v that has a free energy.
 *
 * <p>J is minus the mean log-likelihood, in nats, and is what contrastive divergence approaches with many sweeps: the
 * baseline for small models, without bias, or noise beyond that of the batch. Above {@link #LIMIT} units use {@link Cd} or a
 * score-based objective. Cost beside F: 2^hidden times hidden^2 operations a step for a Gaussian machine, however wide v is; 2^units
 * times visible times hidden for a binary one.
 */
public final class MaximumLikelihood implements Objective {
    /** The most units that are summed over: 65,536 states. */
    public static final int LIMIT = 16;

    private MaximumLikelihood() {}

    /** The objective; it has no settings. */
    public static MaximumLikelihood exact() {
        return new MaximumLikelihood();
    }

    @Override
    public String name() {
        return "maximum likelihood";
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        Expr objective = model.freeEnergy(batch).mean().plus(logPartition(model));
        return List.of(Phase.of("objective", model, objective, objective.held()));
    }

    /** log Z in nats as an expression of the parameters; a scalar. */
    static Expr logPartition(EnergyModel model) {
        if (model instanceof Grbm grbm && grbm.hidden() <= LIMIT) {
            return overHidden(grbm);
        } else if (model.hasBinaryVisible() && model.visible() <= LIMIT && model.hasFreeEnergy()) {
            return model.freeEnergy(Enumeration.states(model.visible())).neg().logSumExp();
        } else if (model instanceof BernoulliRbm rbm && rbm.hidden() <= LIMIT) {
            return overHidden(rbm);
        }
        throw new SettingException(Facts.that("MaximumLikelihood: Z of " + model.name() + " cannot be summed")
                .expected("a Grbm with at most " + LIMIT + " hidden units, or binary v of at most " + LIMIT
                        + ", or a BernoulliRbm with either")
                .butWas(model)
                .hint("Cd.steps(1) approximates the gradient by chains; Dsm needs no Z"));
    }

    /** log sum_h exp( h . (c + M' b) + 1/2 h' M' S^2 M h ), and the volume. */
    private static Expr overHidden(Grbm model) {
        Expr s = model.std();
        Expr b = model.parameters().get("b").reshape(1, model.visible());
        Expr states = Enumeration.states(model.hidden());
        // The log odds at v = b: c + M' b.
        Expr atCentre = model.drive(b);
        // One unit at a time moves the mean of v by S^2 M, and that the log odds by M' S^2 M.
        Expr square = model.drive(model.visibleMean(units(model.hidden()))).minus(atCentre);
        Expr own = states.matmul(atCentre, false, true);
        Expr pairs = states.matmul(square).times(states).sumKeep(1).times(0.5);
        Expr logVolume = s.log().sum().plus(0.5 * model.visible() * Math.log(2 * Math.PI));
        return own.plus(pairs).logSumExp().plus(logVolume);
    }

    /** log sum_h exp( c . h + sum_i softplus( (b + W h)_i ) ). */
    private static Expr overHidden(BernoulliRbm model) {
        Expr states = Enumeration.states(model.hidden());
        Expr c = model.parameters().get("c").reshape(1, model.hidden());
        Expr drive = states.matmul(model.parameters().get("W"), false, true)
                .plus(model.parameters().get("b"));
        return states.times(c).sum(1).plus(drive.softplus().sum(1)).logSumExp();
    }

    /** A row for each unit, with it alone on. */
    private static Expr units(int number) {
        double[] unit = new double[number * number];
        for (int i = 0; i < number; i++) {
            unit[i * (number + 1)] = 1;
        }
        return Expr.constant(unit, number, number);
    }

    @Override
    public String toString() {
        return name();
    }
}
