package org.ebvlm.picture;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.variational.GradientAudit;
import org.ebvlm.variational.GradientAudit.Row;

/**
 * Curves of a {@link GradientAudit}: how noisy gradients are against the number of draws, a curve for each estimate.
 *
 * <pre>{@code
 * GradientCurves.signalToNoise(audit.measure(seed(1))).picture()
 * }</pre>
 *
 * <p>What all estimates share, the posterior for example, is left out of their names. What comes back is {@link Curves}, so it
 * takes a title and other adjectives.
 */
public final class GradientCurves {
    private GradientCurves() {}

    /** Signal over standard deviation of the posterior's gradient; the larger the better. */
    public static Curves signalToNoise(GradientAudit.Report report) {
        return curves(report, "signal to noise of the posterior's gradient", row -> row.posterior()
                .signalToNoise());
    }

    /** Signal over standard deviation of the model's gradient. */
    public static Curves modelSignalToNoise(GradientAudit.Report report) {
        return curves(report, "signal to noise of the model's gradient", row -> row.model()
                .signalToNoise());
    }

    /** Total variance of the posterior's gradient, the trace of its covariance, on a logarithmic axis. */
    public static Curves variance(GradientAudit.Report report) {
        return curves(
                        report,
                        "variance of the posterior's gradient",
                        row -> Math.pow(row.posterior().std(), 2))
                .logY();
    }

    private static Curves curves(GradientAudit.Report report, String what, ToDoubleFunction<Row> height) {
        List<String> names =
                report.rows().stream().map(Row::estimate).distinct().toList();
        if (names.isEmpty()) {
            throw new SettingException(Facts.that("GradientCurves: there is nothing to draw")
                    .expected("a report of one estimate or more")
                    .butWas("none"));
        }
        String shared = shared(names);
        Curves curves = null;
        for (String name : names) {
            List<Row> rows = report.rows().stream()
                    .filter(row -> row.estimate().equals(name))
                    .sorted((a, b) -> a.samples() - b.samples())
                    .toList();
            double[] x = rows.stream().mapToDouble(Row::samples).toArray();
            double[] y = rows.stream().mapToDouble(height).toArray();
            String label = name.substring(0, name.length() - shared.length());
            curves = curves == null ? Curves.of(label, x, y) : curves.and(label, x, y);
        }
        return curves.labelled("draws for each row, K", what);
    }

    /** The longest end, from a comma on, that all names have. */
    private static String shared(List<String> names) {
        String first = names.get(0);
        for (int comma = first.indexOf(", "); comma >= 0; comma = first.indexOf(", ", comma + 1)) {
            String end = first.substring(comma);
            if (names.stream().allMatch(name -> name.endsWith(end))) {
                return end;
            }
        }
        return "";
    }
}
