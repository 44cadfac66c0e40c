package org.ebvlm.implicit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.scoring.Estimator;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Explicit score matching (Hyvarinen, 2005; so named by Vincent, 2011): the score of the model is drawn to a score that is
 * given, by default one that was estimated from the data themselves, once, before the first step,
 *
 * <pre>
 * J = E_data 1/2 || score(v) - s(v) ||^2
 * dJ/dtheta = E_data z . d/dtheta score(v),   z = score(v) - s(v)
 * </pre>
 *
 * <pre>{@code
 * Esm.by(Stein.gaussian())                     // the data's score, from 500 of its rows
 * Esm.toward("teacher", teacher::score)        // another model's
 * }</pre>
 *
 * <p>It needs no second derivatives, no trace and no noise, and works with every {@link Estimator}. But the model learns the
 * estimate, with its bias towards zero, worst in the tails: a Gaussian comes out a little too wide. So it suits few coordinates, a
 * quick start before another objective, and teachers; {@link org.ebvlm.scoring.Dsm} and {@link org.ebvlm.scoring.Ssm} know no such bias.
 *
 * <p>Cost: a fit to the rows, then rows x width multiplications for each row of a batch, rows^2 for {@link Stein}, and one
 * gradient estimate.
 */
public final class Esm implements Objective {
    private static final int ROWS = 500;

    private final ScoreFromSamples<?> how;
    private final int rows;
    /** Null: to be fitted. */
    private final UnaryOperator<Expr> given;

    private final String givenName;
    private final Estimator estimator;

    private Esm(ScoreFromSamples<?> how, int rows, UnaryOperator<Expr> given, String givenName, Estimator estimator) {
        this.how = how;
        this.rows = rows;
        this.given = given;
        this.givenName = givenName;
        this.estimator = estimator;
    }

    /** Towards the data's score as this finds it, from 500 rows, evenly spaced, unless said otherwise. */
    public static Esm by(ScoreFromSamples<?> how) {
        return new Esm(how, ROWS, null, null, ExactScore.estimator());
    }

    /**
     * Towards a score that is given, and held.
     *
     * @param name what reports call it
     * @param score from rows [n, visible] to [n, visible]
     */
    public static Esm toward(String name, UnaryOperator<Expr> score) {
        return new Esm(null, 0, score, name, ExactScore.estimator());
    }

    /** From how many rows of the data the score is estimated at most, evenly spaced. */
    public Esm rows(int atMost) {
        if (given != null) {
            throw new SettingException(Facts.that("Esm.rows: no score is estimated")
                    .expected("Esm.by(...)")
                    .butWas("Esm.toward(" + givenName + ")"));
        }
        return new Esm(how, Settings.atLeast(2, "Esm.rows", atMost), null, null, estimator);
    }

    /** How the model's score and its gradient are found; {@link ExactScore} unless said otherwise. */
    public Esm using(Estimator other) {
        return new Esm(how, rows, given, givenName, other);
    }

    @Override
    public String name() {
        return "explicit score matching to " + (given == null ? how.name() : givenName) + " by " + estimator.name();
    }

    @Override
    public List<Parameters> parameters() {
        return estimator.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        Expr target = reference(data, batch).held();
        List<Phase> phases = new ArrayList<>(estimator.innerPhases(model, batch));
        Estimator.Estimate estimate = estimator.at(model, batch);
        Expr z = estimate.score().minus(target).held();
        phases.add(Phase.of(
                "objective",
                model,
                estimate.surrogate(z).mean(),
                value(estimate, z, target).held()));
        return phases;
    }

    /** Without the variance of an estimated score, as s' of {@code along} is of other draws: 1/2 E[ z . s' - s . g + ||g||^2 ]. */
    private static Expr value(Estimator.Estimate estimate, Expr z, Expr target) {
        Expr rest = target.minus(estimate.score()).dot(target);
        return estimate.along(z).plus(rest).mean().times(0.5);
    }

    private Expr reference(Data data, Expr batch) {
        return given == null ? how.fit(some(data)).at(batch) : given.apply(batch);
    }

    private Data some(Data data) {
        long n = data.rows();
        return n <= rows
                ? data
                : data.select(
                        IntStream.range(0, rows).map(i -> (int) (i * n / rows)).toArray());
    }

    @Override
    public String toString() {
        return name();
    }
}
