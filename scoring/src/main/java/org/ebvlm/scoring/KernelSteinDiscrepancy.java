package org.ebvlm.scoring;

import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * The squared kernel Stein discrepancy of rows to a model (Liu, Lee and Jordan, 2016; Chwialkowski, Strathmann and
 * Gretton, 2016), which needs the model's score s alone, neither log Z nor samples:
 *
 * <pre>
 * KSD^2 = E u(v, v'),   u = k s . s' + s . grad_v' k + s' . grad_v k + tr grad_v grad_v' k
 * </pre>
 *
 * <pre>{@code
 * KernelSteinDiscrepancy.against(data).kernel(Imq.medianHeuristic()).using(Vaes.particles(5).posterior(q))
 * }</pre>
 *
 * <p>It is zero only where the data come from the model, and with the {@link Imq} kernel small only where they nearly do
 * (Gorham and Mackey, 2017). Values compare models on the same rows with the same kernel; in hundreds of dimensions one
 * bandwidth sees little, and {@link FisherDivergence} says more.
 *
 * <p>The value is the mean over all pairs of different rows: unbiased, also with an unbiased noisy score, and so slightly
 * negative now and then where the fit is good. A biased score, from a poor posterior, is judged together with the model.
 * The standard error is the {@linkplain SteinStatistic jackknife}'s for independent rows; {@link #test} decides whether
 * the value differs from zero.
 *
 * <p>At most 2000 rows are compared unless said otherwise, evenly spaced from the first, since the cost grows with their
 * square: some hundredths of a second at width 2, a fifth of a second at width 560.
 */
public final class KernelSteinDiscrepancy implements Evaluation {
    private final Data data;
    private final ScoreEstimator estimator;
    private final int limit;
    private final SteinTest test;

    private KernelSteinDiscrepancy(Data data, ScoreEstimator estimator, int limit, SteinTest test) {
        this.data = data;
        this.estimator = estimator;
        this.limit = limit;
        this.test = test;
    }

    /**
     * Of these rows, to whatever model is measured.
     *
     * @throws DataException if there is only one
     */
    public static KernelSteinDiscrepancy against(Data data) {
        if (data.rows() < 2) {
            throw new DataException(Facts.that("KernelSteinDiscrepancy.against: too few rows for a mean over pairs")
                    .expected("2 or more")
                    .butWas(data.rows() + " in " + data.name()));
        }
        return new KernelSteinDiscrepancy(data, ExactScore.estimator(), 2000, SteinTest.kernel(Imq.medianHeuristic()));
    }

    /** The kernel; {@link Imq} with the median heuristic unless said otherwise. It is settled on the data. */
    public KernelSteinDiscrepancy kernel(Kernel kernel) {
        return new KernelSteinDiscrepancy(data, estimator, limit, test.withKernel(kernel));
    }

    /** How the model's score is found; {@link ExactScore} unless said otherwise. */
    public KernelSteinDiscrepancy using(ScoreEstimator how) {
        return new KernelSteinDiscrepancy(data, how, limit, test);
    }

    /** How many rows are compared at most, evenly spaced; 2000 unless said otherwise. */
    public KernelSteinDiscrepancy rows(int atMost) {
        if (atMost < 2) {
            throw new SettingException(Facts.that("KernelSteinDiscrepancy.rows: too few for a mean over pairs")
                    .expected("2 or more")
                    .butWas(atMost));
        }
        return new KernelSteinDiscrepancy(data, estimator, atMost, test);
    }

    /** How many bootstraps {@link #test} draws; 1000 unless said otherwise. */
    public KernelSteinDiscrepancy bootstraps(int number) {
        return new KernelSteinDiscrepancy(data, estimator, limit, test.bootstraps(number));
    }

    /** Lets {@link #test} take the rows for a chain's: see {@link SteinTest#correlated}. */
    public KernelSteinDiscrepancy correlated(double changeProbability) {
        return new KernelSteinDiscrepancy(data, estimator, limit, test.correlated(changeProbability));
    }

    @Override
    public String name() {
        return "ksd";
    }

    /** Of a model outside of training. */
    public Measurement of(EnergyModel model, Noise noise) {
        return measure(Snapshot.of(model, noise));
    }

    /**
     * The unbiased estimate of KSD^2.
     *
     * @throws org.ebvlm.errors.ShapeException if the data do not have the model's width
     * @throws DataException if a score is not finite, or the median heuristic finds no length
     */
    @Override
    public Measurement measure(Snapshot snapshot) {
        SteinStatistic found = SteinStatistic.of(settled(), scored(snapshot));
        return new Measurement(name(), found.uStatistic(), found.standardError());
    }

    /** Whether the rows could come from a model. */
    public GoodnessOfFit test(EnergyModel model, Noise noise) {
        return test(Snapshot.of(model, noise));
    }

    /** Whether the rows could come from the model as it is now. */
    public GoodnessOfFit test(Snapshot snapshot) {
        return test.withKernel(settled()).of(scored(snapshot), snapshot.noise().split("bootstrap"));
    }

    private Kernel settled() {
        return test.kernel().settledOn(data);
    }

    private ScoredRows scored(Snapshot snapshot) {
        Data rows = compared();
        return ScoredRows.of(rows.values(), ModelScores.of(snapshot, estimator, rows), rows.width());
    }

    /** All rows, or as many as the limit allows, evenly spaced. */
    private Data compared() {
        long n = data.rows();
        return n <= limit
                ? data
                : data.select(IntStream.range(0, limit)
                        .map(i -> (int) (i * n / limit))
                        .toArray());
    }

    @Override
    public String toString() {
        return "KernelSteinDiscrepancy against " + data.name() + " with "
                + test.kernel().name() + " by " + estimator.name();
    }
}
