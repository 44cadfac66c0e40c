package org.ebvlm.variational;

import java.util.function.Function;
import java.util.stream.IntStream;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.ConditionalSbn;
import org.ebvlm.model.Layer;
import org.ebvlm.model.Parameters;

/**
 * The prior p(h | c) of a conditional network in a posterior's place, q(h | v) = p(h | c): draws that have not seen the target.
 * It shares the model's parameters, so log weights are log p(y | h), and an objective of both has one gradient,
 *
 * <pre>sum over j of  A_j grad log p(h_j | c)  +  sum over j of  w_j grad log p(y | h_j)</pre>
 *
 * for {@link Vimco}, of which the first term is the prior's and the second the likelihood's.
 */
public final class ConditionalPrior extends PartOfModel<ConditionalSbn> {

    ConditionalPrior(ConditionalSbn model) {
        super(model);
    }

    @Override
    public Particle sampleAndLogProb(Expr v) {
        return draws(v, 1);
    }

    /** The first layer sees each row of v once. */
    @Override
    public Particle draws(Expr v, int number) {
        return chain().drawn(Stack.repeated(first(v), number), (layer, odds) -> layer.draw(odds)
                .held());
    }

    private Chain chain() {
        return new Chain(
                model.layers().stream().map(Layer::bernoulli).toList(),
                IntStream.range(1, model.layers().size())
                        .<Function<Expr, Expr>>mapToObj(i -> units -> model.odds(i, units))
                        .toList());
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
        return chain().logProb(Stack.repeated(first(v), h.shape(0) / v.shape(0)), h);
    }

    @Override
    public String name() {
        return "prior";
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
