package org.ebvlm.picture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.training.History;

/**
 * Curves of what was measured in a training, with standard errors where they are known.
 *
 * <pre>{@code
 * HistoryCurves.of(run.history(), "fisherDivergence").picture()
 * }</pre>
 *
 * <p>What comes back is {@link Curves}, so it takes a title, a reference and other adjectives.
 */
public final class HistoryCurves {
    private static final int PANELS = 3;

    /** Points up to which standard errors are bars, not a band. */
    private static final int FEW = 25;

    private static final Map<String, String> WORDS = Map.of(
            "fisherDivergence", "Fisher divergence",
            "exactFisherDivergence", "exact Fisher divergence",
            "logLikelihood", "log-likelihood (nats)",
            "ksd", "squared KSD",
            "posteriorKl", "Kullback-Leibler divergence of the posterior (nats)",
            "posteriorFisherDivergence", "Fisher divergence of the posterior");

    private HistoryCurves() {}

    /**
     * A quantity over steps, with its standard error as a band, as bars if there are few points.
     *
     * @param name one of {@link History#names}
     * @throws SettingException if it was not measured, or never finite
     */
    public static Curves of(History history, String name) {
        double[] values = history.values(name);
        if (!isDrawable(history, name)) {
            throw new SettingException(Facts.that("HistoryCurves.of: there is no curve of " + name)
                    .expected("one of " + drawable(history))
                    .butWas(values.length + " values, none of them finite")
                    .hint("Training....every(500, ...) measures on the way"));
        }
        double[] errors = history.standardErrors(name);
        boolean known = Arrays.stream(errors).anyMatch(e -> e > 0);
        double[] steps = history.steps(name);
        Curves curves = known ? Curves.of(label(name), steps, values, errors) : Curves.of(label(name), steps, values);
        curves = curves.labelled("step", label(name));
        return known && steps.length <= FEW ? curves.bars() : curves;
    }

    /** All that was measured, side by side, the first three; empty if there is nothing to see yet. */
    public static Optional<Picture> all(History history) {
        return drawable(history).stream()
                .limit(PANELS)
                .map(name -> of(history, name).picture())
                .reduce((left, right) -> left.beside(right));
    }

    /** What there is a curve of: measured at least once, and finite. */
    public static List<String> drawable(History history) {
        return history.names().stream()
                .filter(name -> isDrawable(history, name))
                .toList();
    }

    private static boolean isDrawable(History history, String name) {
        return Arrays.stream(history.values(name)).anyMatch(Double::isFinite);
    }

    private static String label(String name) {
        return WORDS.getOrDefault(name, spaced(name));
    }

    /** "crossEntropy" as "cross entropy". */
    private static String spaced(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
