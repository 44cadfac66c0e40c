package org.ebvlm.reproduce;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.GaussianMixture;
import org.ebvlm.datasets.Grid;
import org.ebvlm.likelihood.Ais;
import org.ebvlm.likelihood.GrbmMixture;
import org.ebvlm.likelihood.HamiltonianAis;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.likelihood.LogPartition;
import org.ebvlm.model.Activation;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.sampling.Target;
import org.ebvlm.scoring.Cd;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.ExactFisherDivergence;
import org.ebvlm.scoring.KernelSteinDiscrepancy;
import org.ebvlm.scoring.MaximumLikelihood;
import org.ebvlm.scoring.Vages;
import org.ebvlm.stein.SteinDirection;
import org.ebvlm.stein.SteinGan;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posteriors;

/**
 * SteinGAN (Wang and Liu, 2016). First on a Gaussian RBM with ten hidden units, whose likelihood is known to the last digit: with and
 * without repulsion, beside exact maximum likelihood, contrastive divergence and VaGES-DSM. Then on an autoencoder's energy: {@link
 * SteinGanImages}.
 */
final class SteinGanExperiment implements Experiment {
    private static final int HIDDEN = 10;
    private static final int BATCH = 100;
    private static final int SHOWN = 40;
    private static final int POINTS = 12;
    private static final int CHAINS = 100;
    /** The step of the published program's Hamiltonian annealing. */
    private static final double SHORT_STEP = 0.001;

    @Override
    public String name() {
        return "steingan";
    }

    @Override
    public String title() {
        return "SteinGAN: a Gaussian RBM by exact likelihood, and images of one pass (--data: MNIST's training images, labels "
                + "beside, a CIFAR-10 batch, or a folder of photographs; else drawn shapes)";
    }

    /**
     * What one scale does.
     *
     * @param start a number that the published first couplings are multiplied by
     * @param units of the sampler's one layer; 0 for the published network
     */
    private record Size(
            int rows, boolean halved, double start, int noise, int units, int steps, double rate, double samplerRate) {}

    private static Size size(Scale scale) {
        return switch (scale) {
            case TINY -> new Size(600, true, 0.3, 30, 30, 300, 3e-4, 5e-3);
            case SHORT -> new Size(60_000, false, 0.3, 100, 200, 600, 3e-4, 1e-3);
            case NIGHT -> new Size(60_000, false, 0.3, 100, 0, 12_000, 3e-4, 1e-3);
            case PUBLISHED -> new Size(60_000, false, 1, 100, 0, 12_000, 3e-4, 1e-3);
        };
    }

    /** A way to fit, and its sampler if it has one. */
    private record Method(String name, Function<Grbm, Objective> loss, Generator sampler, Double reference) {
        String file() {
            return "machine-" + name.replaceAll("[^A-Za-z0-9]+", " ").strip().replace(' ', '-') + ".png";
        }
    }

    @Override
    public void run(Account account) {
        Data images = images(account);
        if (images.grid().orElseThrow().channels() == 1) {
            new Machines(account, images).run();
        }
        new SteinGanImages(account, images).run();
    }

    private static Data images(Account account) {
        Size size = size(account.scale());
        if (account.data().filter(Files::isDirectory).isPresent()) {
            return photographs(account);
        }
        Data all = account.data().isPresent()
                ? Datasets.read(account.data().get())
                : Datasets.glyphs(28, Math.min(size.rows(), 12_000), account.noise("glyphs"));
        Data images = all.take(Math.min(all.rows(), size.rows()));
        return size.halved() && images.grid().orElseThrow().channels() == 1 ? DeepExperiment.halved(images) : images;
    }

    /** Of a folder, at the published size or half of it. */
    private static Data photographs(Account account) {
        int length = account.scale().pick(32, 32, 64, 64);
        return Datasets.pictures(account.data().orElseThrow())
                .first(account.scale().pick(600, 6_000, 60_000, 160_000))
                .scaled(length, length);
    }

    /** The part on machines. */
    private static final class Machines {
        private final Account account;
        private final Size size;
        private final Data train;
        private final Data test;
        /** Some test rows with the machine's own noise, as a mixture of Gaussians around them: without noise there is no density. */
        private final Data noised;

        private final Grid grid;
        private final Grbm start;
        private final Map<String, Run> runs = new LinkedHashMap<>();

        Machines(Account account, Data images) {
            this.account = account;
            size = size(account.scale());
            int cut = images.rows() / 6 * 5;
            train = images.rows(0, cut);
            test = images.rows(
                    cut, Math.min(images.rows(), cut + account.scale().pick(100, 2_000, 10_000, 10_000)));
            noised = noised(test.take(Math.min(test.rows(), 500)), account.noise("noised"));
            grid = images.grid().orElseThrow();
            start = start();
        }

        /** As many draws of the equal mixture of unit Gaussians around rows. */
        private static Data noised(Data rows, Noise noise) {
            double[][] means = new double[rows.rows()][rows.width()];
            for (int i = 0; i < means.length; i++) {
                for (int k = 0; k < rows.width(); k++) {
                    means[i][k] = rows.at(i, k);
                }
            }
            return GaussianMixture.isotropic(means, 1).sample(means.length, noise);
        }

        void run() {
            account.about("What was done with the Gaussian RBM", words());
            account.number("one Gaussian", oneGaussian());
            account.number("before training", likelihood(start).value());
            List<Method> methods = methods();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("one Gaussian at the mean", number(oneGaussian()), "-", "-", "-", "-", "-", "-", "-"));
            rows.add(row("before training", start, Double.NaN, null));
            for (Method method : methods) {
                account.say(method.name());
                Run run = fit(method);
                runs.put(method.name(), run);
                rows.add(row(method.name(), (Grbm) run.model(), 1e3 * run.seconds() / run.steps(), method.reference()));
                if (method.sampler() != null) {
                    samples(method, run);
                }
            }
            account.table(
                    "Gaussian RBM " + grid.size() + "/" + HIDDEN + ", test rows, after " + size.steps() + " steps",
                    List.of(
                            "method",
                            "log likelihood",
                            "by AIS",
                            "by Hamiltonian AIS",
                            "in steps of " + SHORT_STEP,
                            "KSD^2",
                            "Fisher divergence, noised rows",
                            "ms a step",
                            "published, in such steps"),
                    rows);
            curves();
        }

        private String words() {
            return String.format(
                    Locale.ROOT,
                    "%s, %,d rows to fit and %,d to test. Hidden units of -1 and 1, v of unit standard deviation, couplings uniform at "
                            + "first within %s times 4 sqrt(6 / %d); Adam %s, batches and particles of %d, %,d steps; the sampler %s, "
                            + "Adam %s with betas 0.5 and 0.999, noise of width %d, phi divided by row sums of the kernel. Log likelihoods in nats, with log Z the sum over %d Gaussians, "
                            + "by annealed importance sampling with its standard error, and by Hamiltonian annealing: in steps that a rehearsal found, "
                            + "and in steps of %s as in the published program, in which chains move by a standard deviation or "
                            + "less, so that log Z comes out too low and the likelihood too high. The Fisher divergence is that of "
                            + "unit Gaussians around test rows, at most 500: without noise there is no density. Pixels vary less than unit noise, so one "
                            + "Gaussian at their mean is hard to beat, and samples within [0, 1] have less noise than the machine. The published numbers are their authors' own estimates by "
                            + "Hamiltonian annealing, after 20 epochs (12,000 steps) from the couplings of the published scale.",
                    train.name(),
                    train.rows(),
                    test.rows(),
                    size.start(),
                    grid.size() + HIDDEN,
                    size.rate(),
                    BATCH,
                    size.steps(),
                    size.units() == 0
                            ? "the published network (1024 units, 7 x 7 x 128, 14 x 14 x 64), without batch normalisation"
                            : "of one layer of " + size.units() + " units",
                    size.samplerRate(),
                    size.noise(),
                    1 << HIDDEN,
                    SHORT_STEP);
        }

        /** Couplings B uniform within the published bound, biases zero. */
        private Grbm start() {
            double bound = size.start() * 4 * Math.sqrt(6.0 / (grid.size() + HIDDEN));
            float[] couplings = new float[grid.size() * HIDDEN];
            account.noise("machine").uniform(couplings, 0, couplings.length);
            for (int k = 0; k < couplings.length; k++) {
                couplings[k] = (float) (bound * (2 * couplings[k] - 1));
            }
            return Grbm.visible(grid.size())
                    .hidden(HIDDEN)
                    .ofSigns(couplings, new float[HIDDEN], new float[grid.size()]);
        }

        private List<Method> methods() {
            return List.of(
                    steinGan("SteinGAN, samples in [0, 1]", true, 1, -771.2),
                    steinGan("the same without repulsion", true, 0, -989.6),
                    steinGan("SteinGAN, samples anywhere", false, 1, null),
                    steinGan("the same without repulsion, anywhere", false, 0, null),
                    new Method("maximum likelihood", model -> MaximumLikelihood.exact(), null, null),
                    new Method("CD-1", model -> Cd.steps(1), null, null),
                    new Method("PCD-1", model -> Cd.steps(1).persistent(), null, null),
                    new Method(
                            "VaGES-DSM",
                            model -> Dsm.noiseStd(0.3)
                                    .using(Vages.particles(2)
                                            .posterior(
                                                    Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5)))),
                            null,
                            null));
        }

        private Method steinGan(String name, boolean within, double repulsion, Double published) {
            Generator.Builder plan = Generator.noise(size.noise()).uniform().visible(grid.size());
            Generator sampler = (within ? plan.range(0, 1) : plan)
                    .network(
                            size.units() == 0
                                    ? Network.deconvolutions(grid, 128, 64)
                                            .dense(1024)
                                            .activation(Activation.RELU)
                                    : Network.leakyRelu(size.units()))
                    .init(account.noise("sampler"));
            Adam rate = Adam.rate(size.rate()).betas(0.5, 0.999);
            SteinDirection direction = SteinDirection.standard().weightedMean().repulsion(repulsion);
            return new Method(
                    name,
                    model -> SteinGan.sampler(sampler)
                            .particles(BATCH)
                            .along(direction)
                            .movingModel(rate),
                    sampler,
                    account.scale() == Scale.PUBLISHED ? published : null);
        }

        private Run fit(Method method) {
            Adam adam = method.sampler() == null
                    ? Adam.rate(size.rate())
                    : Adam.rate(size.samplerRate()).betas(0.5, 0.999);
            Training training = Training.of(start)
                    .minimizing(method.loss().apply(start))
                    .on(train)
                    .with(adam)
                    .batches(BATCH)
                    .every(Math.max(1, size.steps() / POINTS), LogLikelihood.on(test));
            return account.fit(method.name(), training, size.steps(), account.noise("fit"));
        }

        // ------------------------------------------------------------ measures

        /** The mean log density of test rows in N(mean of the training rows, 1). */
        private double oneGaussian() {
            int width = grid.size();
            double[] mean = new double[width];
            for (int i = 0; i < train.rows(); i++) {
                for (int k = 0; k < width; k++) {
                    mean[k] += train.at(i, k) / (double) train.rows();
                }
            }
            double sum = 0;
            for (int i = 0; i < test.rows(); i++) {
                for (int k = 0; k < width; k++) {
                    sum += Math.pow(test.at(i, k) - mean[k], 2) / test.rows();
                }
            }
            return -0.5 * sum - 0.5 * width * Math.log(2 * Math.PI);
        }

        private Measurement likelihood(EnergyModel model) {
            return LogLikelihood.on(test).measure(Snapshot.of(model, account.noise("test")));
        }

        private List<String> row(String name, Grbm model, double milliseconds, Double reference) {
            Noise noise = account.noise("measures");
            Noise leaps = noise.split("leaps");
            double exact = likelihood(model).value();
            double unnormalised = exact + GrbmMixture.of(model).logPartition().value();
            int scales = account.scale().pick(100, 300, 1000, 1000);
            Ais ais = Ais.standard().chains(CHAINS).scales(scales);
            HamiltonianAis hamiltonian =
                    HamiltonianAis.standard().chains(CHAINS).scales(scales);
            Target target = Target.visible(model);
            Measurement ksd = KernelSteinDiscrepancy.against(test).rows(500).of(model, noise.split("ksd"));
            Measurement fisher = ExactFisherDivergence.against(noised).of(model, noise.split("fisher"));
            account.number(name, exact);
            account.number(name + ", KSD", ksd.value());
            account.number(name + ", Fisher divergence", fisher.value());
            return List.of(
                    name,
                    number(exact),
                    estimate(name + ", by AIS", unnormalised, ais.of(model, noise.split("ais"))),
                    estimate(name + ", by Hamiltonian AIS", unnormalised, hamiltonian.of(target, leaps)),
                    estimate(
                            name + ", in short steps",
                            unnormalised,
                            hamiltonian.stepSize(SHORT_STEP).of(target, leaps)),
                    String.format(Locale.ROOT, "%.3g", ksd.value()),
                    number(fisher.value()),
                    Double.isNaN(milliseconds) ? "-" : String.format(Locale.ROOT, "%.1f", milliseconds),
                    reference == null ? "-" : number(reference));
        }

        /** A likelihood by an estimate of log Z, with the error of that alone. */
        private String estimate(String name, double unnormalised, LogPartition logZ) {
            double likelihood = unnormalised - logZ.value();
            account.number(name, likelihood);
            account.number(name + ", error", logZ.standardError());
            return number(likelihood) + " ± " + String.format(Locale.ROOT, "%.2g", logZ.standardError());
        }

        private static String number(double x) {
            return String.format(Locale.ROOT, "%.1f", x);
        }

        // ------------------------------------------------------------ pictures

        private void samples(Method method, Run run) {
            int shown = Math.min(SHOWN, test.rows());
            Data drawn = run.fitted(method.sampler())
                    .samples(shown, account.noise("samples"))
                    .onGrid(grid);
            Data own = withoutNoise(GrbmMixture.of((Grbm) run.model()), shown).onGrid(grid);
            account.picture(
                    method.file(),
                    method.name()
                            + ": samples of the sampler, and of the machine without their unit noise (0 black, 1 white)",
                    ImageGrid.of(drawn)
                            .columns(10)
                            .picture()
                            .beside(ImageGrid.of(own).range(0, 1).columns(10)));
        }

        /** E[mean | v] = v + score(v) at exact samples v: the Gaussian that each came from, as far as one can tell. */
        private Data withoutNoise(GrbmMixture machine, int number) {
            Data drawn = machine.sample(number, account.noise("own"));
            int width = grid.size();
            float[] means = drawn.values();
            double[] point = new double[width];
            double[] score = new double[width];
            for (int i = 0; i < number; i++) {
                for (int k = 0; k < width; k++) {
                    point[k] = drawn.at(i, k);
                }
                machine.score(point, score);
                for (int k = 0; k < width; k++) {
                    means[i * width + k] += (float) score[k];
                }
            }
            return Data.of("means", means, width);
        }

        /** Those with a sampler, and the others; exact maximum likelihood in both. */
        private void curves() {
            List<String> samplers = List.copyOf(runs.keySet()).subList(0, 5);
            List<String> others = List.copyOf(runs.keySet()).subList(4, runs.size());
            picture("likelihood-samplers.png", "with a sampler, beside exact maximum likelihood", samplers);
            picture("likelihood-others.png", "without one", others);
        }

        private void picture(String file, String which, List<String> names) {
            Curves curves = null;
            for (String name : names) {
                double[] x = runs.get(name).history().steps("logLikelihood");
                double[] y = runs.get(name).history().values("logLikelihood");
                curves = curves == null ? Curves.of(name, x, y) : curves.and(name, x, y);
            }
            account.picture(
                    file,
                    "Exact log likelihood of test rows while training, " + which,
                    curves.reference("one Gaussian", oneGaussian()).labelled("step", "log likelihood, nats"));
        }
    }
}
