package org.ebvlm.reproduce;

import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.evaluation.HiddenPath;
import org.ebvlm.model.ConvEnergy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Target;
import org.ebvlm.sampling.Temperatures;
import org.ebvlm.scoring.Mdsm;
import org.ebvlm.scoring.NoiseGrid;
import org.ebvlm.scoring.Vages;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.GaussianPosterior;
import org.ebvlm.variational.HiddenLangevin;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.Posteriors;

/**
 * The deep energy on grey images by VaGES-MDSM (Bao et al., 2021): residual convolutional features, a convolutional Gaussian
 * posterior refined by five Langevin steps, samples by annealed Langevin dynamics, and h between images.
 */
final class DeepExperiment implements Experiment {
    private static final int SHOWN = 64;

    @Override
    public String name() {
        return "deep";
    }

    @Override
    public String title() {
        return "Deep energy on images by VaGES-MDSM: samples and interpolation (--data: MNIST's training images; else drawn shapes)";
    }

    /** What one scale does. */
    private record Size(
            boolean halved,
            int padding,
            int channels,
            int blocks,
            int hidden,
            int[] encoder,
            int batch,
            int steps,
            double rate) {}

    private static Size size(Scale scale) {
        return switch (scale) {
            case TINY -> new Size(true, 0, 2, 1, 2, new int[] {4, 8}, 10, 60, 1e-3);
            case SHORT -> new Size(true, 0, 8, 1, 10, new int[] {16, 32}, 50, 3_000, 1e-3);
            case NIGHT -> new Size(false, 0, 16, 2, 50, new int[] {64, 128, 256}, 32, 80_000, 1e-4);
            case PUBLISHED -> new Size(false, 2, 64, 2, 50, new int[] {64, 128, 256}, 100, 100_000, 1e-4);
        };
    }

    @Override
    public void run(Account account) {
        Size size = size(account.scale());
        Data train = images(account, size);
        Grid grid = train.grid().orElseThrow();
        Noise noise = account.noise("deep");
        EnergyModel model = ConvEnergy.images(grid)
                .channels(size.channels())
                .blocks(size.blocks())
                .hidden(size.hidden())
                .init(noise.split("model"));
        Adam adam = Adam.rate(size.rate()).betas(0.9, 0.95);
        GaussianPosterior q = Posteriors.gaussian(
                        model, Network.convolutions(grid, size.encoder()), noise.split("posterior"))
                .fittedBy(PosteriorFisher.innerSteps(5).with(adam.cosineTo(1e-6, 5L * size.steps())));
        Training training = Training.of(model)
                .minimizing(Mdsm.noise(NoiseGrid.geometric(0.1, 3))
                        .using(Vages.particles(2).posterior(Posteriors.refined(model, q, HiddenLangevin.steps(5)))))
                .on(train)
                .with(adam.cosineTo(1e-6, size.steps()))
                .batches(size.batch())
                .averaging(0.999);
        account.about(
                "What was done",
                String.format(
                        Locale.ROOT,
                        "%s on %s (%,d images); MDSM with noise 0.1 to 3, geometric, sigma0 0.1; L = 2, K = 5, 5 Langevin "
                                + "steps on h; Adam %s falling to 1e-6 along a cosine, batches of %d, %,d steps, averages "
                                + "of parameters (0.999). Samples: 2,700 Langevin steps on v, annealed from temperature "
                                + "100, with h the posterior mean of training images. No reference values: quality was "
                                + "published as FID, which needs a network from elsewhere.",
                        model,
                        train.name(),
                        train.rows(),
                        size.rate(),
                        size.batch(),
                        size.steps()));
        Run run = account.fit("deep", training, size.steps(), noise.split("fit"));
        Posterior fitted = run.<Posterior>fitted(q);
        account.table(
                "Training",
                List.of("steps", "seconds", "ms a step", "objective"),
                List.of(List.of(
                        "" + run.steps(),
                        String.format(Locale.ROOT, "%.0f", run.seconds()),
                        String.format(Locale.ROOT, "%.1f", 1e3 * run.seconds() / run.steps()),
                        String.format(Locale.ROOT, "%.4g", run.history().last("objective")))));
        account.number("objective", run.history().last("objective"));
        curves(account, run);
        samples(account, run.model(), fitted, train, noise);
        interpolation(account, run.model(), fitted, train, noise);
    }

    // ---------------------------------------------------------------- data

    private static Data images(Account account, Size size) {
        Data images = account.data().isPresent()
                ? Datasets.idx(account.data().get())
                : Datasets.glyphs(28, account.scale() == Scale.TINY ? 200 : 10_000, account.noise("glyphs"));
        return size.halved() ? halved(images) : padded(images, size.padding());
    }

    /** Means of two by two pixels. */
    static Data halved(Data images) {
        Grid grid = images.grid().orElseThrow();
        Grid half = Grid.grey(grid.height() / 2, grid.width() / 2);
        float[] out = new float[images.rows() * half.size()];
        for (int i = 0; i < images.rows(); i++) {
            for (int y = 0; y < 2 * half.height(); y++) {
                for (int x = 0; x < 2 * half.width(); x++) {
                    out[i * half.size() + y / 2 * half.width() + x / 2] += images.at(i, y * grid.width() + x) / 4;
                }
            }
        }
        return Data.of(images.name() + " at half size", out, half.size()).onGrid(half);
    }

    /** With a border of zeros. */
    private static Data padded(Data images, int border) {
        if (border == 0) {
            return images;
        }
        Grid grid = images.grid().orElseThrow();
        Grid wide = Grid.grey(grid.height() + 2 * border, grid.width() + 2 * border);
        float[] out = new float[images.rows() * wide.size()];
        for (int i = 0; i < images.rows(); i++) {
            for (int y = 0; y < grid.height(); y++) {
                for (int x = 0; x < grid.width(); x++) {
                    out[i * wide.size() + (y + border) * wide.width() + x + border] =
                            images.at(i, y * grid.width() + x);
                }
            }
        }
        return Data.of(images.name() + ", padded", out, wide.size()).onGrid(wide);
    }

    // ---------------------------------------------------------------- pictures

    private static void curves(Account account, Run run) {
        for (String name : List.of("objective", "posteriorFisher")) {
            account.picture(
                    name + ".png",
                    name + " while training",
                    Curves.of(name, run.history().steps(name), run.history().values(name))
                            .labelled("step", name));
        }
    }

    private static void samples(Account account, EnergyModel model, Posterior q, Data train, Noise noise) {
        int number = account.scale() == Scale.TINY ? 4 : SHOWN;
        Data some = train.shuffled(noise.split("shown")).take(number);
        Data drawn = sampler(account.scale())
                .sample(Target.visible(model, HiddenPath.means(q, some)), number, noise.split("samples"));
        account.picture(
                "samples.png",
                "Training images beside samples",
                grid(some, some).columns(8).picture().beside(grid(drawn, train).columns(8)));
    }

    private static Langevin sampler(Scale scale) {
        if (scale != Scale.TINY) {
            return Langevin.published();
        }
        Temperatures few = Temperatures.from(100).hold(5).geometric(1, 20).linear(0, 5);
        return Langevin.steps(few.steps())
                .startingAround(0.5)
                .temperatures(few)
                .denoising(0.1)
                .clipping(0, 1);
    }

    /** Each row goes from the posterior mean of one image to that of another, drawn anew at each place. */
    private static void interpolation(Account account, EnergyModel model, Posterior q, Data train, Noise noise) {
        int pairs = account.scale() == Scale.TINY ? 1 : 6;
        int places = 8;
        Data ends = train.shuffled(noise.split("ends")).take(2 * pairs);
        Data h = HiddenPath.means(q, ends);
        float[] between = new float[pairs * places * h.width()];
        for (int i = 0; i < pairs * places; i++) {
            float part = i % places / (places - 1f);
            for (int j = 0; j < h.width(); j++) {
                between[i * h.width() + j] =
                        (1 - part) * h.at(2 * (i / places), j) + part * h.at(2 * (i / places) + 1, j);
            }
        }
        Data path = Data.of("h between images", between, h.width());
        Data drawn = sampler(account.scale()).sample(Target.visible(model, path), path.rows(), noise.split("between"));
        account.picture(
                "interpolation.png",
                "Two images a line, and samples with h on the way from the first's posterior mean to the second's",
                grid(ends, train).columns(2).picture().beside(grid(drawn, train).columns(places)));
    }

    private static ImageGrid grid(Data images, Data like) {
        Grid grid = like.grid().orElseThrow();
        return ImageGrid.of(images.values(), grid.height(), grid.width(), grid.channels());
    }
}
