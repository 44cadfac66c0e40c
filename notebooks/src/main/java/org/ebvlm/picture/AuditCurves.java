package org.ebvlm.picture;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.scoring.Audit;
import org.ebvlm.scoring.Quality;

/**
 * Curves of an {@link Audit}: bias or noise against the number of inner steps, a curve for each number of particles.
 *
 * <pre>{@code
 * AuditCurves.gradientBias(audit).picture()
 * }</pre>
 *
 * <p>What comes back is {@link Curves}, so it takes a title and other adjectives; bars suit few numbers of steps, and {@link
 * Curves#logX} an audit without the number 0.
 */
public final class AuditCurves {
    private AuditCurves() {}

    /** Length of the bias of the score, with its standard error. */
    public static Curves scoreBias(Audit audit) {
        return curves(audit, "bias of the score", row -> Optional.of(row.score()), Quality::bias, Quality::biasError);
    }

    /** Length of the bias of the parameter gradient, with its standard error. */
    public static Curves gradientBias(Audit audit) {
        return curves(audit, "bias of the gradient", Audit.Row::gradient, Quality::bias, Quality::biasError);
    }

    /** Standard deviation of the parameter gradient. */
    public static Curves gradientStd(Audit audit) {
        return curves(audit, "std of the gradient", Audit.Row::gradient, Quality::std, each -> 0);
    }

    private static Curves curves(
            Audit audit,
            String what,
            Function<Audit.Row, Optional<Quality>> part,
            ToDoubleFunction<Quality> height,
            ToDoubleFunction<Quality> error) {
        List<Integer> numbers = audit.rows().stream()
                .map(Audit.Row::particles)
                .distinct()
                .sorted()
                .toList();
        Curves curves = null;
        for (int number : numbers) {
            List<Audit.Row> rows = audit.ofParticles(number);
            double[] steps = rows.stream().mapToDouble(Audit.Row::innerSteps).toArray();
            double[] y = rows.stream()
                    .map(row -> present(what, part.apply(row)))
                    .mapToDouble(height)
                    .toArray();
            double[] width = rows.stream()
                    .map(row -> present(what, part.apply(row)))
                    .mapToDouble(error)
                    .toArray();
            String name = number == 0 ? rows.get(0).estimator() : number + " particles";
            curves = curves == null ? Curves.of(name, steps, y, width) : curves.and(name, steps, y, width);
        }
        return curves.labelled("inner steps of the posterior", what);
    }

    private static Quality present(String what, Optional<Quality> found) {
        return found.orElseThrow(() -> new SettingException(Facts.that("AuditCurves: there is no " + what)
                .expected("an audit of an objective's gradient")
                .butWas("one of the score alone")
                .hint("EstimatorAudit.of(model)....minimizing(Dsm.noiseStd(0.3)::using)")));
    }
}
