package org.ebvlm.scoring;

import java.util.function.ToDoubleFunction;
import org.ebvlm.datasets.Data;

/**
 * A rule that takes a kernel's bandwidth from rows. The same words, "median heuristic", mean different lengths in different
 * programs; here each has a name. All are lengths h of exp(-r^2 / (2 h^2)).
 *
 * <pre>{@code
 * Rbf.bandwidth(Bandwidth.median().times(2))
 * }</pre>
 */
public interface Bandwidth {

    /** What reports call it. */
    String name();

    /**
     * The length.
     *
     * @throws org.ebvlm.errors.DataException if there are too few different rows for one
     */
    double of(Data rows);

    /** The median distance of the pairs of the first 500 rows: {@code medianHeuristic()}. */
    static Bandwidth median() {
        return named("by median", MedianDistance::of);
    }

    /** The median distance of all pairs; of 2000 rows, evenly spaced, if there are more. */
    static Bandwidth medianOfAll() {
        return named("by median of all", rows -> MedianDistance.ofAll(rows).distance());
    }

    /**
     * h^2 = median(r^2) / (2 log(n + 1)), each row's distance to itself counted too: the rule of the programs of Stein
     * variational gradient descent (Liu and Wang, 2016). It shrinks as n grows, which suits particles that must feel their
     * neighbours; for the score of a distribution it is far too small.
     */
    static Bandwidth asInSvgd() {
        return named("as in SVGD", rows -> {
            MedianDistance.Pairs pairs = MedianDistance.ofAll(rows);
            return MedianDistance.positive(
                    Math.sqrt(pairs.medianSquareWithSelf() / (2 * Math.log(pairs.rows() + 1.0))), rows);
        });
    }

    /** The median distance, each row's to itself counted too, the larger of two: the rule of the kscore programs. */
    static Bandwidth asInKscore() {
        return named(
                "as in kscore",
                rows -> MedianDistance.positive(MedianDistance.ofAll(rows).upperMedianWithSelf(), rows));
    }

    /** This length times a factor. */
    default Bandwidth times(double factor) {
        double checked = Kernel.checkedBandwidth("Bandwidth.times: factor", factor);
        return named("%.3g x ".formatted(checked) + name(), rows -> checked * of(rows));
    }

    /** A rule of one's own. */
    static Bandwidth named(String name, ToDoubleFunction<Data> rule) {
        return new Bandwidth() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double of(Data rows) {
                return rule.applyAsDouble(rows);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
