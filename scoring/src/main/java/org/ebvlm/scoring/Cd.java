package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Contrastive divergence (Hinton, 2002): chains of k steps in place of the model's own distribution in the gradient of the
 * likelihood,
 *
 * <pre>
 * dJ/dtheta = mean over rows of dF/dtheta(v) - mean over chains of dF/dtheta(v_k),   v_k held
 * </pre>
 *
 * <p>A step is a block Gibbs sweep, h given v and v given h, where the model has these conditionals, a {@link BoltzmannMachine} of one hidden layer;
 * {@link #langevin} steps need a free energy only. Chains start at the rows of the batch, so with few steps they see only
 * the neighbourhood of the data, and the gradient is biased: modes that no row is near may keep their mass. {@linkplain
 * #persistent() Persistent} chains go on from step to step of the training (Tieleman, 2008) and wander further; they need a
 * learning rate that they can follow.
 *
 * <p>The plotted value is mean F(v) - mean F(v_k). It is near zero where the chains leave rows as the data have them; it is no measure of
 * fit, and that it goes up or down says little: watch {@link FisherDivergence} or a likelihood. Cost: two free energies and one reverse
 * sweep, and k steps, which are written out in the compiled program; for k in the hundreds take persistent chains, which run
 * one compiled step k times.
 */
public final class Cd implements Objective {
    private final int steps;
    private final double stepSize;
    private final boolean persistent;
    private final int chains;

    private Cd(int steps, double stepSize, boolean persistent, int chains) {
        this.steps = steps;
        this.stepSize = stepSize;
        this.persistent = persistent;
        this.chains = chains;
    }

    /** Chains of this many steps; 1 is usual. */
    public static Cd steps(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Cd.steps: too few").expected("1 or more").butWas(number));
        }
        return new Cd(number, 0, false, 0);
    }

    /** Chains that are kept from one step of the training to the next, as many as the batch has rows. */
    public Cd persistent() {
        return new Cd(steps, stepSize, true, 0);
    }

    /** This many chains that are kept; they start at rows of the data. */
    public Cd persistent(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("Cd.persistent: too few chains")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new Cd(steps, stepSize, true, number);
    }

    /**
     * Langevin steps on v in place of Gibbs sweeps, for any model with a free energy:
     *
     * <pre>v = v + size^2 / 2 s(v) + size e,   s the model's score, e standard normal</pre>
     *
     * <p>without an acceptance test, so that even endless chains miss the model by the order of size^2.
     *
     * @param size a length in the space of v
     */
    public Cd langevin(double size) {
        if (!(size > 0) || size == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("Cd.langevin: not a step size")
                    .expected("a positive number")
                    .butWas(size));
        }
        return new Cd(steps, size, persistent, chains);
    }

    private boolean isLangevin() {
        return stepSize > 0;
    }

    @Override
    public String name() {
        return (persistent ? "persistent CD-" : "CD-")
                + steps
                + (isLangevin() ? " by Langevin steps of " + stepSize : "")
                + (chains > 0 ? " with " + chains + " chains" : "");
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        requireChains(model);
        return persistent ? withKeptChains(model, data, batch) : List.of(objective(model, batch, chain(model, batch)));
    }

    private void requireChains(EnergyModel model) {
        if (isLangevin() && !model.hasFreeEnergy()) {
            throw new SettingException(Facts.that("Cd.langevin: the free energy of " + model.name() + " is not known")
                    .expected("a model with a free energy")
                    .butWas(model)
                    .hint("Dsm, Ksd and FdSsm fit such models by variational estimates: using(Vages...)"));
        }
        if (isLangevin() && model.hasBinaryVisible()) {
            throw new SettingException(Facts.that("Cd.langevin: " + model.name() + " has no slope in v to follow")
                    .expected("a model of real v")
                    .butWas(model)
                    .hint("a Boltzmann machine has Gibbs sweeps: Cd.steps(" + steps + ") alone"));
        }
        if (!isLangevin() && !(model instanceof BoltzmannMachine machine && machine.evenUnits() == machine.visible())) {
            throw new SettingException(Facts.that("Cd: " + model.name() + " has no Gibbs sweep from v to v")
                    .expected("a Grbm or BernoulliRbm")
                    .butWas(model)
                    .hint("for real v, Cd.steps(" + steps + ").langevin(0.1) takes Langevin steps"));
        }
    }

    /** Moves the kept chains first, then the model. */
    private List<Phase> withKeptChains(EnergyModel model, Data data, Expr batch) {
        KeptChains kept = KeptChains.at(data, chains > 0 ? chains : batch.shape(0));
        Expr v = kept.rows();
        Expr where = model.freeEnergy(v).mean().held();
        Phase once = Phase.setting("chainFreeEnergy", kept, step(model, v), where);
        List<Phase> phases = new ArrayList<>();
        phases.add(new Phase(once.name(), steps, kept, once.loss(), once.value(), once.updater()));
        phases.add(objective(model, batch, v));
        return phases;
    }

    /** mean F(v) - mean F(v_k). */
    private static Phase objective(EnergyModel model, Expr batch, Expr chain) {
        Expr gap = model.freeEnergy(batch)
                .mean()
                .minus(model.freeEnergy(chain.held()).mean());
        return Phase.of("objective", model, gap, gap.held());
    }

    /** k steps from v. */
    private Expr chain(EnergyModel model, Expr v) {
        Expr at = v;
        for (int i = 0; i < steps; i++) {
            at = step(model, at).held();
        }
        return at;
    }

    private Expr step(EnergyModel model, Expr v) {
        return isLangevin() ? langevin(model, v) : sweep((BoltzmannMachine) model, v);
    }

    /** h given v, then v given h. */
    private static Expr sweep(BoltzmannMachine model, Expr v) {
        Expr odds = model.drive(v).sigmoid();
        Expr h = odds.greater(Expr.noise(Leaf.Source.UNIFORM, "u", odds.shape()));
        return model.evenDraw(model.evenMean(h));
    }

    /** v + size^2 / 2 s(v) + size e. */
    private Expr langevin(EnergyModel model, Expr v) {
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", v.shape());
        return v.plus(model.score(v).times(stepSize * stepSize / 2)).plus(e.times(stepSize));
    }

    @Override
    public String toString() {
        return name();
    }
}
