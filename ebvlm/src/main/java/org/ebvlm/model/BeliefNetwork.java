package org.ebvlm.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Layers of units, each given one beside it by a linear map to its code, with log p written as a SameDiff expression: what
 * {@link Sbn}, {@link LayeredModel} and {@link ConditionalSbn} say of themselves in the same way.
 */
abstract class BeliefNetwork extends Written {
    final List<Layer> kinds;

    /** Hidden layers as they lie in h. */
    BeliefNetwork(LatentEnergy energy, List<Layer> kinds) {
        super(energy);
        this.kinds = List.copyOf(kinds);
    }

    // ---------------------------------------------------------------- what it is

    /** What follows the name in a report. */
    abstract String description();

    /** Units of each hidden layer, as they lie in h. */
    public List<Integer> layers() {
        return kinds.stream().map(Layer::units).toList();
    }

    @Override
    public boolean isNormalised() {
        return true;
    }

    /** What link i gives: [n, units it leads from] to [n, numbers of the code it leads to]. */
    Expr code(int link, Expr units) {
        return units.matmul(parameters().get(weight(link))).plus(parameters().get(bias(link)));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s, %,d parameters",
                name(),
                description(),
                parameters().size());
    }

    // ---------------------------------------------------------------- how it is written

    static String weight(int link) {
        return "W" + (link + 1);
    }

    static String bias(int link) {
        return "b" + (link + 1);
    }

    /** Weights normal of variance 1 / inputs, biases of zero. */
    static void plan(LatentEnergy.Builder plan, int link, int from, int to) {
        plan.normal(weight(link), 1 / Math.sqrt(from), from, to).zeros(bias(link), to);
    }

    /** The columns of a layer in h, or h itself where it is the only one. */
    static SDVariable columns(SDVariable h, List<Layer> kinds, int layer) {
        if (kinds.size() == 1) {
            return h;
        }
        int from = 0;
        for (Layer below : kinds.subList(0, layer)) {
            from += below.units();
        }
        return h.get(
                SDIndex.all(), SDIndex.interval(from, from + kinds.get(layer).units()));
    }

    /** Bernoulli layers of these widths. */
    static List<Layer> bits(String doing, int... units) {
        if (units.length == 0) {
            throw new SettingException(Facts.that(doing + ": not possible")
                    .expected("the layers, one or more")
                    .butWas("none"));
        }
        return Arrays.stream(units)
                .mapToObj(each -> Layer.bernoulli(Blueprint.width(doing, each)))
                .toList();
    }

    /** Bits, real numbers, or what is neither. */
    static Latents latents(List<Layer> kinds) {
        Latents first = kinds.get(0).kind();
        return kinds.stream().allMatch(each -> each.kind() == first) ? first : Latents.MIXED;
    }
}
