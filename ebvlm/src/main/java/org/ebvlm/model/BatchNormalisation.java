package org.ebvlm.model;

import java.util.Collection;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015, algorithm 1) as variables of a SameDiff graph,
 *
 * <pre>y = gain (x - m) / sqrt(s + 1e-5) + shift,    m and s the mean and the variance of a unit, or a channel, over the batch</pre>
 *
 * <p>m and s are variables of known names: who reads the graph may put other moments in their place.
 */
final class BatchNormalisation {
    private static final String MEAN = ".batchMean";
    private static final String VARIANCE = ".batchVariance";
    private static final String GAIN = ".gain";
    private static final String SHIFT = ".shift";
    private static final double FLOOR = 1e-5;

    private BatchNormalisation() {}

    /** Plans gains of one and shifts of zero. */
    static void plan(Blueprint plan, String layer, int width) {
        plan.filled(layer + GAIN, 1, width).filled(layer + SHIFT, 0, width);
    }

    /** y, with moments over all axes but the last. */
    static SDVariable apply(SameDiff g, String layer, SDVariable x, int... axes) {
        SDVariable mean = x.mean(true, axes).rename(layer + MEAN);
        SDVariable centred = x.sub(mean);
        SDVariable variance = g.math.square(centred).mean(true, axes).rename(layer + VARIANCE);
        SDVariable scaled = centred.div(g.math.sqrt(variance.add(FLOOR)));
        return scaled.mul(g.getVariable(layer + GAIN)).add(g.getVariable(layer + SHIFT));
    }

    /** The moments among a graph's variables. */
    static List<String> moments(Collection<String> variables) {
        return variables.stream()
                .filter(name -> name.endsWith(MEAN) || name.endsWith(VARIANCE))
                .sorted()
                .toList();
    }
}
