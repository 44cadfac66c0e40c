package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.ConditionalSbn;
import org.ebvlm.model.Parameters;

/**
 * The prior p(h | c) of a conditional network in a posterior's place, q(h | v) = p(h | c): draws that have not seen the target.
 * It shares the model's parameters, so log weights are log p(y | h), and an objective of both has one gradient,
 *
 * <pre>sum over j of  A_j grad log p(h_j | c)  +  sum over j of  w_j grad log p(y | h_j)</pre>
 *
 * for {@link Vimco}, of which the first term is the prior's and the second the likelihood's.
 */
public final class ConditionalPrior implements Posterior {
    private final ConditionalSbn model;

    ConditionalPrior(ConditionalSbn model) {
        this.model = model;
    }

    @Override
    public Particle sampleAndLogProb(Expr v) {
        return draws(v, 1);
    }

    /** The first layer sees each row of v once. */
    @Override
    public Particle draws(Expr v, int number) {
        List<Expr> units = new ArrayList<>();
        Expr log = null;
        Expr odds = Stack.repeated(first(v), number);
        for (int i = 0; i < model.layers().size(); i++) {
            odds = i == 0 ? odds : model.odds(i, units.get(i - 1));
            Expr p = odds.sigmoid();
            Expr drawn =
                    p.greater(Expr.noise(Leaf.Source.UNIFORM, "h", p.shape())).held();
            Expr mass = drawn.times(odds).minus(odds.softplus()).sum(1);
            log = log == null ? mass : log.plus(mass);
            units.add(drawn);
        }
        return new Particle(Expr.concat(1, units), log);
    }

    private Expr first(Expr v) {
        return model.odds(0, v.slice(1, 0, model.context()));
    }

    @Override
    public Expr logProb(Expr v, Expr h) {
        return logProbOfDraws(v, h);
    }

    @Override
    public Expr logProbOfDraws(Expr v, Expr h) {
        Expr odds = Stack.repeated(first(v), h.shape(0) / v.shape(0));
        Expr log = null;
        int from = 0;
        for (int i = 0; i < model.layers().size(); i++) {
            Expr units = h.slice(1, from, model.layers().get(i));
            Expr mass = units.times(odds).minus(odds.softplus()).sum(1);
            log = log == null ? mass : log.plus(mass);
            odds = model.odds(i + 1, units);
            from += model.layers().get(i);
        }
        return log;
    }

    @Override
    public String name() {
        return "prior";
    }

    @Override
    public int visible() {
        return model.visible();
    }

    @Override
    public int hidden() {
        return model.hidden();
    }

    @Override
    public Optional<PosteriorFit> fit() {
        return Optional.empty();
    }

    @Override
    public Posterior fittedBy(PosteriorFit how) {
        throw new SettingException(Facts.that("ConditionalPrior.fittedBy: there is nothing to fit by itself")
                .expected("no fit: this is a part of the model")
                .butWas(how));
    }

    /** The model's parameters, which it shares. */
    @Override
    public Parameters parameters() {
        return model.parameters();
    }

    @Override
    public ConditionalPrior with(Parameters values) {
        return new ConditionalPrior(model.with(values));
    }

    @Override
    public String toString() {
        return "prior of " + model.name();
    }
}
