package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.datasets.SplitWithValidation;
import org.ebvlm.graph.Expr;
import org.ebvlm.likelihood.Ais;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.Vages;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Stepper;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;

/**
 * The Gaussian RBM 560/400 on the Frey faces (Bao et al., 2021): what the number of particles L and of posterior updates K
 * cost and what they bring, by log-likelihood estimated with AIS.
 */
final class FreyExperiment implements Experiment {
    private static final double NOISE = 0.3;
    private static final int HIDDEN = 400;
    private static final double MB = 1 << 20;

    /** One training: L = 0 stands for the exact score. */
    private record Setting(int particles, int inner) {
        @Override
        public String toString() {
            return particles == 0 ? "exact score" : "L = " + particles + ", K = " + inner;
        }
    }

    @Override
    public String name() {
        return "frey";
    }

    @Override
    public String title() {
        return "Gaussian RBM 560/400 on Frey faces: particles and posterior steps against likelihood, time and memory";
    }

    @Override
    public String needs() {
        return "frey_rawface.mat";
    }

    @Override
    public void run(Account account) {
        Data faces = Datasets.freyFaces(account.data().orElseThrow());
        SplitWithValidation split = faces.splitInOrder(1400, 300);
        int steps = account.scale().pick(10, 1_500, 20_000, 20_000);
        int hidden = account.scale().pick(20, HIDDEN, HIDDEN, HIDDEN);
        Ais ais = account.scale()
                .pick(
                        Ais.standard().chains(10).scales(20),
                        Ais.standard().chains(100).scales(300),
                        Ais.standard().chains(2000).scales(2000),
                        Ais.standard().chains(2000).scales(2000));
        // The published rate; at 1e-3 modes far from the data appear within a few hundred steps.
        double rate = 2e-4;
        account.about(
                "What was done",
                "DSM with noise %s, Adam with rate %s and betas 0.9 and 0.95, batches of 100, %,d steps; "
                                .formatted(NOISE, rate, steps)
                        + "log-likelihood of the 265 test faces by " + ais
                        + ". A value hundreds of nats below the others says that the model has mass far from all data, "
                        + "which denoising score matching does not see and annealing finds. No reference values: none "
                        + "were published in a form that we could check.");
        List<List<String>> rows = new ArrayList<>();
        List<double[]> byParticles = new ArrayList<>();
        List<double[]> byInner = new ArrayList<>();
        Run shown = null;
        for (Setting setting : settings(account.scale())) {
            Noise noise = account.noise("frey");
            Grbm model = Grbm.visible(faces.width()).hidden(hidden).init(noise.split("model"));
            Objective loss = objective(model, setting);
            account.say(setting.toString());
            Run run = account.fit(
                    setting.toString(), training(model, loss, split.train(), rate), steps, noise.split("fit"));
            Measurement likelihood = LogLikelihood.on(split.test())
                    .estimating(ais)
                    .measure(Snapshot.of(run.model(), noise.split("likelihood")));
            double bytes = bytes(model, loss, split.train());
            rows.add(List.of(
                    setting.toString(),
                    String.format(Locale.ROOT, "%.1f ± %.1f", likelihood.value(), likelihood.standardError()),
                    String.format(Locale.ROOT, "%.2f", 1e3 * run.seconds() / run.steps()),
                    String.format(Locale.ROOT, "%.1f", bytes / MB)));
            account.number("logLikelihood " + setting, likelihood.value());
            double[] point = {0, likelihood.value(), likelihood.standardError()};
            if (setting.inner() == 5 && setting.particles() > 0) {
                byParticles.add(with(point, setting.particles()));
            }
            if (setting.particles() == 2) {
                byInner.add(with(point, setting.inner()));
            }
            shown = setting.particles() == 2 ? run : shown;
        }
        account.table(
                "After " + steps + " steps",
                List.of("method", "mean test log-likelihood, nats", "ms a step", "MB of programs"),
                rows);
        if (byParticles.size() > 1) {
            account.picture("particles.png", "Log-likelihood against L, K = 5", curve(byParticles, "L"));
            account.picture("inner.png", "Log-likelihood against K, L = 2", curve(byInner, "K"));
        }
        samples(account, shown, split.train(), faces.grid().orElseThrow());
    }

    private static List<Setting> settings(Scale scale) {
        List<Setting> all = new ArrayList<>();
        all.add(new Setting(0, 0));
        if (scale == Scale.TINY) {
            all.add(new Setting(2, 1));
            return all;
        }
        boolean all5 = scale != Scale.SHORT;
        for (int particles : all5 ? new int[] {2, 4, 6, 8, 10} : new int[] {2, 10}) {
            all.add(new Setting(particles, 5));
        }
        for (int inner : all5 ? new int[] {1, 2, 3, 4} : new int[] {1, 2}) {
            all.add(new Setting(2, inner));
        }
        return all;
    }

    private static Objective objective(Grbm model, Setting setting) {
        if (setting.particles() == 0) {
            return Dsm.noiseStd(NOISE);
        }
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(setting.inner()));
        return Dsm.noiseStd(NOISE).using(Vages.particles(setting.particles()).posterior(q));
    }

    private static Training training(Grbm model, Objective loss, Data train, double rate) {
        return Training.of(model)
                .minimizing(loss)
                .on(train)
                .with(Adam.rate(rate).betas(0.9, 0.95))
                .batches(100);
    }

    /** Size of all arrays of the compiled step. */
    private static double bytes(Grbm model, Objective loss, Data train) {
        Expr batch = Expr.input("batch", 100, train.width());
        try (Stepper stepper =
                new Stepper(loss.phases(model, train, batch), batch, Adam.rate(2e-4), List.of(model.parameters()), 1)) {
            return stepper.bytes();
        }
    }

    private static double[] with(double[] point, int x) {
        return new double[] {x, point[1], point[2]};
    }

    private static Curves curve(List<double[]> points, String what) {
        List<double[]> sorted =
                points.stream().sorted((a, b) -> Double.compare(a[0], b[0])).toList();
        double[][] columns = new double[3][sorted.size()];
        for (int i = 0; i < sorted.size(); i++) {
            for (int c = 0; c < 3; c++) {
                columns[c][i] = sorted.get(i)[c];
            }
        }
        return Curves.of("log-likelihood", columns[0], columns[1], columns[2])
                .bars()
                .labelled(what, "mean test log-likelihood, nats");
    }

    private static void samples(Account account, Run run, Data train, Grid grid) {
        Data drawn = BlockGibbs.sweeps(200)
                .startingAt(train)
                .showingMeans()
                .sample(run.model(), 40, account.noise("samples"));
        account.picture(
                "samples.png",
                "Means given h after 200 sweeps from training faces, L = 2",
                ImageGrid.of(drawn.values(), grid.height(), grid.width(), grid.channels())
                        .columns(10));
    }
}
