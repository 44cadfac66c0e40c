package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.AuditCurves;
import org.ebvlm.scoring.Audit;
import org.ebvlm.scoring.Bism;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.Estimator;
import org.ebvlm.scoring.EstimatorAudit;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.ImportanceScore;
import org.ebvlm.scoring.Quality;
import org.ebvlm.scoring.Vages;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.BernoulliPosterior;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;

/**
 * Bias and noise of estimates of the score and of its parameter gradient, against steps of the posterior K and particles L,
 * on Gaussian RBMs, where the truth is known (after the figures of bias of Bao et al., 2020 and 2021): a small machine on the
 * checkerboard, and a wide one on images, where coins no longer hit a likely h.
 */
final class BiasExperiment implements Experiment {
    private static final double RATE = 0.01;

    /**
     * A machine and its data.
     *
     * @param std of the noise of DSM
     * @param unrolled rate of BiSM's unrolled steps; the fit's curvature grows with the width, and they run away above 2 over it
     */
    private record Bed(String name, Data data, int hidden, double std, double unrolled, int steps, int repeats) {}

    @Override
    public String name() {
        return "bias";
    }

    @Override
    public String title() {
        return "Bias of VaES, VaGES and others against the exact score, by steps of the posterior and particles "
                + "(--data: Frey faces; else drawn shapes)";
    }

    @Override
    public void run(Account account) {
        List<Bed> beds = beds(account);
        account.about(
                "What was done",
                "A machine is trained by VaGES-DSM with L = 2 and K = 5, and held. Then each estimate is made many times "
                        + "on the same 100 rows and compared with the exact score and the exact gradient of DSM; DSM's own "
                        + "noise is common to both, so that the bias is the estimator's alone, while std is that of the "
                        + "gradient as training sees it. In the curves a new posterior takes K steps of Adam, rate "
                        + RATE + ", toward the machine's own; a linear encoder contains it, so that what remains after "
                        + "many steps comes from the relaxation at temperature 0.1 and from the steps' own noise. In the tables the posterior is that "
                        + "which training left behind. Bias of the score: root mean square over rows. Bias of the gradient: "
                        + "length of the vector. The number after ± is a standard error.");
        beds.forEach(bed -> audit(account, bed));
    }

    private static List<Bed> beds(Account account) {
        Data plane =
                Datasets.checkerboard(account.scale() == Scale.TINY ? 2_000 : 60_000, account.noise("checkerboard"));
        List<Bed> beds = new ArrayList<>();
        beds.add(new Bed(
                "small",
                plane,
                4,
                0.05,
                1,
                account.scale().pick(3_000, 40_000, 100_000, 100_000),
                account.scale().pick(200, 4_000, 40_000, 40_000)));
        if (account.scale() != Scale.TINY) {
            Data images = account.data()
                    .<Data>map(Datasets::freyFaces)
                    .orElseGet(() -> Datasets.glyphs(12, 10_000, account.noise("glyphs")));
            beds.add(new Bed(
                    "wide",
                    images,
                    account.data().isPresent() ? 400 : 64,
                    0.3,
                    0.05,
                    account.scale().pick(0, 3_000, 20_000, 20_000),
                    account.scale().pick(0, 1_000, 4_000, 4_000)));
        }
        return beds;
    }

    private static void audit(Account account, Bed bed) {
        Noise noise = account.noise(bed.name());
        Grbm start = Grbm.visible(bed.data().width()).hidden(bed.hidden()).init(noise.split("model"));
        BernoulliPosterior q = Posteriors.bernoulli(start).fittedBy(Elbo.innerSteps(5));
        Training training = Training.of(start)
                .minimizing(Dsm.noiseStd(bed.std()).using(Vages.particles(2).posterior(q)))
                .on(bed.data())
                .with(Adam.rate(1e-3).betas(0.9, 0.95))
                .batches(100);
        account.say("training " + bed.name());
        Run run = account.fit(bed.name(), training, bed.steps(), noise.split("fit"));
        account.say("measuring " + bed.name());
        curves(account, bed, run.model(), noise.split("curves"));
        table(account, bed, run.model(), run.<Posterior>fitted(q).parameters(), noise.split("table"));
    }

    private static EstimatorAudit audit(Bed bed, EnergyModel model) {
        return EstimatorAudit.of(model)
                .on(bed.data())
                .minimizing(Dsm.noiseStd(bed.std())::using)
                .repeats(bed.repeats());
    }

    // ---------------------------------------------------------------- against K and L

    private static void curves(Account account, Bed bed, EnergyModel model, Noise noise) {
        boolean tiny = account.scale() == Scale.TINY;
        Audit audit = audit(bed, model)
                .posterior(Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5)))
                .with(Adam.rate(RATE).betas(0.9, 0.95))
                .particles(tiny ? new int[] {2, 5} : new int[] {2, 5, 10})
                .innerSteps(tiny ? new int[] {1, 100, 1000} : new int[] {1, 5, 20, 50, 100, 200, 500, 1000, 2000})
                .measure(noise);
        List<List<String>> rows = new ArrayList<>();
        for (Audit.Row row : audit.rows()) {
            Quality gradient = row.gradient().orElseThrow();
            List<String> cells = new ArrayList<>(List.of("" + row.innerSteps(), "" + row.particles()));
            cells.addAll(cells(row.score(), gradient));
            rows.add(cells);
            String where = bed.name() + ", K = " + row.innerSteps() + ", L = " + row.particles();
            number(account, "score bias, " + where, row.score());
            number(account, "gradient bias, " + where, gradient);
        }
        List<String> head = new ArrayList<>(List.of("K", "L"));
        head.addAll(HEAD);
        account.table(
                model.name() + " on " + bed.data().name() + ": VaGES after K steps of a new posterior", head, rows);
        String on = ", " + model.name() + " on " + bed.data().name();
        account.picture(
                bed.name() + "-score-bias.png",
                "Bias of the score by VaES; particles do not change it, so the curves lie on each other" + on,
                AuditCurves.scoreBias(audit).logX());
        account.picture(
                bed.name() + "-gradient-bias.png",
                "Bias of the gradient by VaGES, likewise" + on,
                AuditCurves.gradientBias(audit).logX());
        account.picture(
                bed.name() + "-gradient-std.png",
                "Standard deviation of the gradient by VaGES" + on,
                AuditCurves.gradientStd(audit).logX());
    }

    // ---------------------------------------------------------------- every estimator

    private static void table(Account account, Bed bed, EnergyModel model, Parameters left, Noise noise) {
        List<List<String>> rows = new ArrayList<>();
        estimators(bed, model, left, account.scale()).forEach((name, estimator) -> {
            Audit.Row row =
                    audit(bed, model).using(estimator).measure(noise).rows().get(0);
            Quality gradient = row.gradient().orElseThrow();
            List<String> cells = new ArrayList<>(List.of(name));
            cells.addAll(cells(row.score(), gradient));
            rows.add(cells);
            number(account, "score bias, " + bed.name() + ", " + name, row.score());
            number(account, "gradient bias, " + bed.name() + ", " + name, gradient);
        });
        List<String> head = new ArrayList<>(List.of("estimator"));
        head.addAll(HEAD);
        account.table(
                model.name() + " on " + bed.data().name()
                        + ": every estimator, posterior as training with K = 5 left it",
                head,
                rows);
    }

    /** In the order of the table. */
    private static Map<String, Estimator> estimators(Bed bed, EnergyModel model, Parameters left, Scale scale) {
        BernoulliPosterior unfitted = Posteriors.bernoulli(model).with(left);
        BernoulliPosterior hard = unfitted.hard();
        BernoulliPosterior q = unfitted.fittedBy(Elbo.innerSteps(5));
        Map<String, Estimator> all = new LinkedHashMap<>();
        all.put("exact score", ExactScore.estimator());
        all.put("VaGES, L = 2, the model's own posterior", Vages.particles(2).posterior(Posteriors.exact(model)));
        all.put("VaGES, L = 2", Vages.particles(2).posterior(q));
        all.put(
                "VaGES, L = 2, biased covariance",
                Vages.particles(2).posterior(q).biasedCovariance());
        if (scale == Scale.TINY) {
            return all;
        }
        all.put(
                "VaGES, L = 2, variance reduced",
                Vages.particles(2).posterior(q).varianceReduced());
        all.put(
                "VaGES, L = 2, shared particles",
                Vages.particles(2).posterior(q).sharedParticles());
        all.put("VaGES, L = 2, hard draws", Vages.particles(2).posterior(hard));
        all.put("VaGES, L = 10", Vages.particles(10).posterior(q));
        all.put("importance, coins, L = 2", ImportanceScore.particles(2));
        all.put("importance, coins, L = 10", ImportanceScore.particles(10));
        all.put(
                "importance, hard draws of q, L = 10",
                ImportanceScore.particles(10).posterior(hard));
        all.put("BiSM, N = 0", Bism.posterior(q));
        all.put("BiSM, N = 5, rate " + bed.unrolled(), Bism.posterior(q).unrolled(5, bed.unrolled()));
        return all;
    }

    // ---------------------------------------------------------------- cells

    private static final List<String> HEAD =
            List.of("bias of score", "bias of gradient", "of its length", "std of gradient", "signal to noise", "ms");

    private static List<String> cells(Quality score, Quality gradient) {
        return List.of(
                bias(score),
                bias(gradient),
                String.format(Locale.ROOT, "%.1f %%", 100 * gradient.bias() / gradient.signal()),
                format(gradient.std()),
                format(gradient.signalToNoise()),
                format(gradient.millis()));
    }

    private static String bias(Quality quality) {
        return format(quality.bias()) + " ± " + format(quality.biasError());
    }

    private static void number(Account account, String name, Quality quality) {
        account.number(name, quality.bias());
        account.number(name + ", square", quality.biasSquared());
        account.number(name + ", standard error of the square", quality.biasSquaredError());
    }

    /** Three figures that mean something. */
    private static String format(double x) {
        return Math.abs(x) >= 1000 || (x != 0 && Math.abs(x) < 1e-3)
                ? String.format(Locale.ROOT, "%.2e", x)
                : String.format(Locale.ROOT, Math.abs(x) < 1 ? "%.4f" : Math.abs(x) < 10 ? "%.3f" : "%.1f", x);
    }
}
