package org.ebvlm.variational;

import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Enumeration;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Parameters;

/**
 * The model's own p(h | v), where it is known: factorial for a {@link BoltzmannMachine} of one hidden layer, by enumeration
 * for any energy of at most ten binary units. It follows the model as that is trained. With it, VaES and VaGES are unbiased.
 */
public final class ExactPosterior extends PartOfModel<EnergyModel> {

    ExactPosterior(EnergyModel model) {
        super(model);
        if (!isFactorial(model) && (model.latents() != Latents.BINARY || model.hidden() > Enumeration.LIMIT)) {
            throw new SettingException(Facts.that("Posteriors.exact: p(h | v) of the model is not known")
                    .expected("a Grbm or BernoulliRbm, or at most " + Enumeration.LIMIT + " binary units")
                    .butWas(model)
                    .hint(
                            model.latents() == Latents.NONE
                                    ? Posteriors.NO_LATENTS
                                    : "take Posteriors.bernoulli(model) or Posteriors.gaussian(model), fitted"));
        }
    }

    /** Whether all hidden units are on the odd side, so that v alone decides each. */
    private static boolean isFactorial(EnergyModel model) {
        return model instanceof BoltzmannMachine machine && machine.oddUnits() == machine.hidden();
    }

    @Override
    public Expr mean(Expr v) {
        return isFactorial(model)
                ? ((BoltzmannMachine) model).drive(v).sigmoid()
                : Enumeration.of(model).posterior(v).matmul(Enumeration.states(model.hidden()));
    }

    @Override
    public Particle sampleAndLogProb(Expr v) {
        Expr h = isFactorial(model) ? factorial((BoltzmannMachine) model, v) : enumerated(v);
        return new Particle(h, logProb(v, h));
    }

    private static Expr factorial(BoltzmannMachine machine, Expr v) {
        Expr p = machine.drive(v).sigmoid();
        return p.greater(Expr.noise(Leaf.Source.UNIFORM, "u", p.shape()));
    }

    /** The state in whose interval of the cumulated probabilities u falls. */
    private Expr enumerated(Expr v) {
        Expr p = Enumeration.of(model).posterior(v);
        int states = p.shape(1);
        double[] before = new double[states * states];
        for (int i = 0; i < before.length; i++) {
            before[i] = i / states < i % states ? 1 : 0;
        }
        Expr low = p.matmul(Expr.constant(before, states, states));
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", v.shape(0), 1);
        Expr begun = u.greater(low);
        // The last state begun is the one drawn; rounding cannot leave a row without one, as the first begins at 0.
        Expr beyond = Expr.concat(1, List.of(begun.slice(1, 1, states - 1), Expr.constant(0, v.shape(0), 1)));
        return begun.minus(beyond).matmul(Enumeration.states(model.hidden()));
    }

    /** -E(v, h) + F(v). */
    @Override
    public Expr logProb(Expr v, Expr h) {
        return model.logUnnormalised(v, h).plus(model.freeEnergy(v));
    }

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public ExactPosterior with(Parameters values) {
        return new ExactPosterior(model.with(values));
    }
}
