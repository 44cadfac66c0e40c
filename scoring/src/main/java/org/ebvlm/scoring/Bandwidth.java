package org.ebvlm.scoring;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;

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

    /** The same of rows whose distances somebody else wants as well; unless a rule says so, from the rows alone. */
    default double of(Distances distances) {
        return of(distances.data());
    }

    /**
     * The square of the length as an expression, for kernels within a graph whose points move; empty unless the rule can be
     * said so. It is zero where {@link #of} would refuse.
     *
     * @param squaredDistances of all n rows to all, [n, n], zero on the diagonal
     * @return []
     */
    default Optional<Expr> squareOf(Expr squaredDistances) {
        return Optional.empty();
    }

    /** The median distance of the pairs of the first 500 rows: {@code medianHeuristic()}. */
    static Bandwidth median() {
        return ofDistances(
                "by median",
                MedianDistance::of,
                r2 -> r2.shape(0) > MedianDistance.ROWS ? Optional.empty() : Optional.of(MedianDistance.square(r2)));
    }

    /** The median distance of all pairs; of 2000 rows, evenly spaced, if there are more. */
    static Bandwidth medianOfAll() {
        return ofDistances(
                "by median of all",
                rows -> MedianDistance.ofAll(rows).distance(),
                r2 -> Optional.of(MedianDistance.square(r2)));
    }

    /**
     * h^2 = median(r^2) / (2 log(n + 1)), each row's distance to itself counted too: the rule of the programs of Stein
     * variational gradient descent (Liu and Wang, 2016). It shrinks as n grows, which suits particles that must feel their
     * neighbours; for the score of a distribution it is far too small.
     */
    static Bandwidth asInSvgd() {
        return ofDistances(
                "as in SVGD",
                rows -> {
                    MedianDistance.Pairs pairs = MedianDistance.ofAll(rows);
                    return MedianDistance.positive(
                            Math.sqrt(pairs.medianSquareWithSelf() / (2 * Math.log(pairs.rows() + 1.0))), rows);
                },
                r2 -> Optional.of(MedianDistance.squareWithSelf(r2).times(1 / (2 * Math.log(r2.shape(0) + 1.0)))));
    }

    /** The median distance, each row's to itself counted too, the larger of two: the rule of the kscore programs. */
    static Bandwidth asInKscore() {
        return ofDistances(
                "as in kscore",
                rows -> MedianDistance.positive(MedianDistance.ofAll(rows).upperMedianWithSelf(), rows),
                r2 -> Optional.empty());
    }

    /** This length times a factor. */
    default Bandwidth times(double factor) {
        double checked = Kernel.checkedBandwidth("Bandwidth.times: factor", factor);
        return ofDistances("%.3g x ".formatted(checked) + name(), rows -> checked * of(rows), r2 -> squareOf(r2)
                .map(square -> square.times(checked * checked)));
    }

    /** A rule of one's own. */
    static Bandwidth named(String name, ToDoubleFunction<Data> rule) {
        return named(name, rule, r2 -> Optional.empty());
    }

    /** A rule of one's own that can be said as an expression too: see {@link #squareOf}. */
    static Bandwidth named(String name, ToDoubleFunction<Data> rule, Function<Expr, Optional<Expr>> square) {
        return ofDistances(name, distances -> rule.applyAsDouble(distances.data()), square);
    }

    /** A rule of one's own that looks at nothing but distances, which are then worked out once for all who need them. */
    static Bandwidth ofDistances(String name, ToDoubleFunction<Distances> rule, Function<Expr, Optional<Expr>> square) {
        return new Bandwidth() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double of(Data rows) {
                try (Distances distances = Distances.of(rows)) {
                    return of(distances);
                }
            }

            @Override
            public double of(Distances distances) {
                return rule.applyAsDouble(distances);
            }

            @Override
            public Optional<Expr> squareOf(Expr squaredDistances) {
                return square.apply(squaredDistances);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
