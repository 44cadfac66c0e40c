package org.ebvlm.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.likelihood.LogPartition;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.ExactFisherDivergence;
import org.ebvlm.scoring.FisherDivergence;
import org.ebvlm.scoring.GoodnessOfFit;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.KernelSteinDiscrepancy;
import org.ebvlm.scoring.ScoreEstimator;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.Posterior;

/** Evaluates a fitted model on test rows, each measure only where it is defined. */
final class Judge {
    private static final int FEWEST_ROWS = 100;
    private static final int WIDE = 100;
    /** Fewer test rows than this are too few to learn a critic from, and the training rows are taken too. */
    private static final int ENOUGH_ROWS = 2000;
    /** Steps of a critic in a rehearsal: as many as the JVM needs to compile them. */
    private static final int REHEARSED_STEPS = 40;

    private final Data clean;
    private final Data judged;
    private final Data criticRows;
    private final String rows;
    private final Noise noise;

    Judge(Recipe recipe, Source source) {
        this.noise = Noise.seed(recipe.seed()).split("evaluation");
        this.clean = source.test();
        boolean noised = recipe.objective().endsWith("dsm");
        // Denoising score matching learns the density of the noised data, so that is what it is judged by.
        this.judged = noised ? clean.noised(recipe.noiseStd(), noise.split("noised test rows")) : clean;
        Data all = clean.rows() < ENOUGH_ROWS ? joined(source.train(), clean) : clean;
        this.criticRows = noised ? all.noised(recipe.noiseStd(), noise.split("noised rows")) : all;
        this.rows = noised ? "test rows with noise " + recipe.noiseStd() : "test rows";
    }

    private static Data joined(Data train, Data test) {
        float[] values = Arrays.copyOf(train.values(), (train.rows() + test.rows()) * train.width());
        System.arraycopy(test.values(), 0, values, train.rows() * train.width(), test.rows() * test.width());
        return Data.of(train.name() + ", train and test", values, train.width());
    }

    /** Whether a critic is cheap enough to be learned on the way: a score by convolutions is not. */
    boolean isCheap(EnergyModel model) {
        return !isDeepOnImages(model);
    }

    private static boolean isDeepOnImages(EnergyModel model) {
        return model.latents() == Latents.CONTINUOUS && model.visible() > WIDE;
    }

    /** What the training measures on its way, for a curve: exact where that is possible. */
    Evaluation curve(ScoreEstimator score) {
        if (exactIsKnown(score)) {
            return ExactFisherDivergence.against(judged.take(Math.min(2000, judged.rows())))
                    .using(score);
        }
        return FisherDivergence.against(criticRows.take(Math.min(ENOUGH_ROWS, criticRows.rows())))
                .using(score)
                .criticSteps(clean.width() > WIDE ? 60 : 300);
    }

    boolean exactIsKnown(ScoreEstimator score) {
        return judged.density().isPresent() && score.parameters().isEmpty();
    }

    boolean canLearnCritic() {
        return criticRows.rows() >= Math.max(FEWEST_ROWS, 2 * criticRows.width());
    }

    Findings evaluate(EnergyModel model, Optional<Posterior> posterior) {
        return findings(model, posterior, UnaryOperator.identity());
    }

    /** As {@link #evaluate}, but critics are learned for a moment only: for the sake of the code, not of the numbers. */
    void rehearse(EnergyModel model, Optional<Posterior> posterior) {
        findings(model, posterior, measure -> measure.criticSteps(REHEARSED_STEPS));
    }

    private Findings findings(
            EnergyModel model, Optional<Posterior> posterior, UnaryOperator<FisherDivergence> shortened) {
        Findings findings = new Findings();
        Snapshot snapshot = Snapshot.of(model, noise.split("measures"));
        ScoreEstimator score = Job.score(model, posterior);
        likelihood(findings, snapshot);
        fisher(findings, snapshot, score, shortened);
        stein(findings, snapshot, score);
        return findings;
    }

    private void likelihood(Findings findings, Snapshot snapshot) {
        String what = "mean test log-likelihood, nats";
        if (!LogLikelihood.isDefinedFor(snapshot.model())) {
            findings.missing("logLikelihood", what, "not defined: log Z of this model is not known");
            return;
        }
        LogLikelihood measure = LogLikelihood.on(clean);
        LogPartition logZ = measure.logPartition(snapshot.model(), noise.split("log Z"));
        findings.add("logLikelihood", what, measure.measure(snapshot, logZ), "test rows; log Z by " + logZ.method());
    }

    private void fisher(
            Findings findings, Snapshot snapshot, ScoreEstimator score, UnaryOperator<FisherDivergence> shortened) {
        if (canLearnCritic()) {
            boolean deep = isDeepOnImages(snapshot.model());
            Data some = deep ? criticRows.take(Math.min(ENOUGH_ROWS, criticRows.rows())) : criticRows;
            FisherDivergence learned = FisherDivergence.against(some).using(score);
            if (judged.width() > WIDE) {
                learned = learned.criticSteps(deep ? 60 : 300);
            }
            FisherDivergence.Estimate estimate = shortened.apply(learned).estimate(snapshot);
            findings.add(
                    "fisherDivergence",
                    "Fisher divergence, learned critic",
                    estimate.measurement(),
                    note(estimate, score));
        } else {
            findings.missing(
                    "fisherDivergence",
                    "Fisher divergence, learned critic",
                    "not defined: " + criticRows.rows() + " rows are too few for a critic of width "
                            + criticRows.width());
        }
        if (exactIsKnown(score)) {
            Measurement exact =
                    ExactFisherDivergence.against(judged).using(score).measure(snapshot);
            findings.add("exactFisherDivergence", "Fisher divergence, exact", exact, rows + ", whose score is known");
        } else {
            findings.missing(
                    "exactFisherDivergence", "Fisher divergence, exact", "not defined: a score is not known exactly");
        }
    }

    private String note(FisherDivergence.Estimate estimate, ScoreEstimator score) {
        String which = criticRows.rows() > clean.rows() ? rows.replace("test rows", "train and test rows") : rows;
        boolean doubtful =
                estimate.correction() > 0.25 * Math.abs(estimate.measurement().value());
        return which + "; score by " + score.name()
                + String.format(Locale.ROOT, "; %.2g of it corrects the critics", estimate.correction())
                + (doubtful ? ", a large part: take it for a rough lower bound" : "");
    }

    private void stein(Findings findings, Snapshot snapshot, ScoreEstimator score) {
        KernelSteinDiscrepancy ksd = KernelSteinDiscrepancy.against(judged)
                .kernel(Imq.medianHeuristic())
                .using(score)
                .rows(Math.min(1000, judged.rows()));
        GoodnessOfFit fit = ksd.test(snapshot);
        findings.add("ksd", "squared KSD (IMQ kernel)", fit.statistic(), "U-statistic of " + fit.rows() + " rows");
        findings.add(
                "ksdPValue",
                "p-value: rows come from the model",
                fit.pValue(),
                fit.pValue() < 0.05 ? "rejected at 5 %" : "not rejected at 5 %");
    }
}
