package org.ebvlm.model;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Groups of units, one of each group 1 and the others 0, with logits z. */
record CategoricalLayer(int groups, int classes) implements Layer {

    @Override
    public int units() {
        return groups * classes;
    }

    @Override
    public int numbers() {
        return units();
    }

    @Override
    public Latents kind() {
        return Latents.MIXED;
    }

    /** sum over groups of  x . z - logsumexp(z). */
    @Override
    public Expr logProb(Expr x, Expr code) {
        Expr volume = byGroup(code).logSumExp(1).reshape(code.shape(0), groups);
        return x.times(code).sum(1).minus(volume.sum(1));
    }

    /** [n, groups classes] as [n groups, classes]. */
    private Expr byGroup(Expr code) {
        return code.reshape(code.shape(0) * groups, classes);
    }

    @Override
    public Expr mean(Expr code) {
        return byGroup(code).softmax(1).reshape(code.shape());
    }

    @Override
    public Expr draw(Expr code) {
        return drawGivenMean(mean(code));
    }

    /** The class whose stretch of [0, 1], cut into the probabilities one after another, a uniform number falls in. */
    @Override
    public Expr drawGivenMean(Expr mean) {
        Expr p = byGroup(mean);
        int choices = p.shape(0);
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", choices, 1);
        List<Expr> passed = new ArrayList<>();
        Expr end = p.slice(1, 0, 1);
        for (int c = 1; c < classes; c++) {
            // Sums one after another never fall, so exactly one class is drawn; the last ends at one whatever rounding
            // did.
            passed.add(end.greater(u));
            end = end.plus(p.slice(1, c, 1));
        }
        Expr within = Expr.concat(1, with(passed, Expr.constant(1, choices, 1), classes - 1));
        Expr before = Expr.concat(1, with(passed, Expr.constant(0, choices, 1), 0));
        return within.greater(before).reshape(mean.shape());
    }

    private static List<Expr> with(List<Expr> columns, Expr more, int place) {
        List<Expr> all = new ArrayList<>(columns);
        all.add(place, more);
        return all;
    }

    /** softmax((z - log(-log u)) / T) in each group. */
    @Override
    public Expr relaxed(Expr code, double temperature) {
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", code.shape());
        Expr gumbel = u.log().neg().log().neg();
        return mean(code.plus(gumbel).over(temperature));
    }

    @Override
    public Expr straightThrough(Expr code) {
        Expr p = mean(code);
        return drawGivenMean(p).held().plus(p.minus(p.held()));
    }

    @Override
    public SDVariable logProb(SameDiff graph, SDVariable x, SDVariable code) {
        SDVariable volume = graph.math
                .logSumExp(code.reshape(-1, classes), 1)
                .reshape(-1, groups)
                .sum(1);
        return x.mul(code).sum(1).sub(volume);
    }

    @Override
    public SDVariable plusStandard(SDVariable log, SDVariable x) {
        return log.sub(groups * Math.log(classes));
    }

    @Override
    public String toString() {
        return "categorical " + groups + " of " + classes;
    }
}
