package org.ebvlm.model;

import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Independent bits with log odds z. */
record BernoulliLayer(int units) implements Layer {

    @Override
    public int numbers() {
        return units;
    }

    @Override
    public Latents kind() {
        return Latents.BINARY;
    }

    /** x . z - softplus(z). */
    @Override
    public Expr logProb(Expr x, Expr code) {
        return x.times(code).minus(code.softplus()).sum(1);
    }

    @Override
    public Expr mean(Expr code) {
        return code.sigmoid();
    }

    @Override
    public Expr draw(Expr code) {
        return drawGivenMean(mean(code));
    }

    @Override
    public Expr drawGivenMean(Expr mean) {
        return mean.greater(Expr.noise(Leaf.Source.UNIFORM, "u", mean.shape()));
    }

    /** sigmoid((z + log u - log(1 - u)) / T). */
    @Override
    public Expr relaxed(Expr code, double temperature) {
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", code.shape());
        Expr logistic = u.over(u.neg().plus(1)).log();
        return code.plus(logistic).over(temperature).sigmoid();
    }

    @Override
    public Expr straightThrough(Expr code) {
        Expr p = mean(code);
        return drawGivenMean(p).held().plus(p.minus(p.held()));
    }

    @Override
    public SDVariable logProb(SameDiff graph, SDVariable x, SDVariable code) {
        return x.mul(code).sub(graph.nn.softplus(code)).sum(1);
    }

    @Override
    public SDVariable plusStandard(SDVariable log, SDVariable x) {
        return log.sub(units * Math.log(2));
    }

    @Override
    public String toString() {
        return "bernoulli " + units;
    }
}
