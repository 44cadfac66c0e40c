package org.ebvlm.reproduce;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Grid;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Activation;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.Generator;
import org.ebvlm.model.ImageNetwork;
import org.ebvlm.model.LabelledEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.stein.SteinDirection;
import org.ebvlm.stein.SteinGan;

/**
 * The networks of a SteinGAN of images, and how they learn: a DCGAN-type sampler with batch normalisation, and an autoencoder's energy,
 * in one of three {@linkplain Form forms}.
 *
 * @param form of the networks
 * @param sampler channels of the sampler's transposed convolutions, the smallest image first
 * @param dense width of the sampler's linear layer before them; 0 for none
 * @param features width of what the encoder makes; its channels are the sampler's, backwards
 * @param steps of training
 * @param batch rows, and particles, of a step
 * @param discount gamma, of samples in the model's step
 */
record SteinGanSetting(Form form, int[] sampler, int dense, int features, long steps, int batch, double discount) {

    /** What is on top of plain networks with windows of 3 pixels and the length of the error as energy. */
    enum Form {
        /** Nothing: digits can be seen after some hundred steps. */
        PLAIN,
        /** Windows of 5 pixels (Wang and Liu, 2016). */
        PAPER,
        /**
         * As the program that goes with the paper has it for photographs: windows of 5 pixels, tied weights, input dropout, and both
         * roots of the error. In six hundred steps all samples come to look alike: the roots' scores are several times as steep, and the
         * push of the nearest neighbour is the same.
         */
        PROGRAM
    }

    private static final double SLACK = 0.1;
    private static final int NOISE = 100;
    private static final int WINDOW = 5;
    private static final double DROPOUT = 0.3;
    private static final double DISCOUNT = 0.5;
    private static final double DISCOUNT_OF_PHOTOGRAPHS = 0.7;
    private static final int PUBLISHED_EPOCHS = 50;
    private static final int PUBLISHED_BATCH = 100;

    /** The setting of a scale for images of this size, of which there are so many. */
    static SteinGanSetting of(Scale scale, Grid grid, int rows) {
        return switch (scale) {
            case TINY -> new SteinGanSetting(Form.PROGRAM, new int[] {8, 4}, 16, 8, 12, 50, DISCOUNT);
            case SHORT -> new SteinGanSetting(Form.PLAIN, new int[] {32, 16}, 128, 32, 1_200, 64, DISCOUNT);
            case NIGHT -> new SteinGanSetting(Form.PLAIN, new int[] {64, 64, 32}, 512, 64, 20_000, 100, DISCOUNT);
            case PUBLISHED -> published(grid, rows);
        };
    }

    /**
     * For digits 1024-7x7x128-64, as for the Gaussian RBM; for photographs DCGAN's, from 4 x 4, half as many channels each time, in
     * the form of the program.
     */
    private static SteinGanSetting published(Grid grid, int rows) {
        long steps = Math.max(1, (long) PUBLISHED_EPOCHS * rows / PUBLISHED_BATCH);
        return grid.channels() == 1
                ? new SteinGanSetting(Form.PAPER, new int[] {128, 64}, 1024, 100, steps, PUBLISHED_BATCH, DISCOUNT)
                : new SteinGanSetting(
                        Form.PROGRAM, photographs(grid), 0, 100, steps, PUBLISHED_BATCH, DISCOUNT_OF_PHOTOGRAPHS);
    }

    /** 128 in the last layer, twice as many in each before it: 1024-512-256-128 for 64 x 64 pixels. */
    private static int[] photographs(Grid grid) {
        int layers = 0;
        for (int length = Math.max(grid.height(), grid.width()); length > 4; length = (length + 1) / 2) {
            layers++;
        }
        int[] channels = new int[Math.max(1, layers)];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = 128 << (channels.length - 1 - i);
        }
        return channels;
    }

    private static int[] reversed(int... channels) {
        int[] other = new int[channels.length];
        for (int i = 0; i < other.length; i++) {
            other[i] = channels[other.length - 1 - i];
        }
        return other;
    }

    /** The sampler but for its labels; {@link Generator.Builder#init} ends it. */
    Generator.Builder sampler(Grid grid) {
        ImageNetwork plain = Network.deconvolutions(grid, sampler)
                .dense(dense == 0 ? new int[0] : new int[] {dense})
                .batchNormalised()
                .activation(Activation.RELU);
        return Generator.noise(NOISE).uniform().visible(grid.size()).range(0, 1).network(windowed(plain));
    }

    AutoencoderEnergy model(Grid grid, Noise noise) {
        AutoencoderEnergy.Builder plan = AutoencoderEnergy.visible(grid.size())
                .features(features)
                .range(0, 1)
                .encoder(windowed(Network.convolutions(grid, reversed(sampler))));
        return form == Form.PROGRAM
                ? plan.tied().dropout(DROPOUT).roots().init(noise)
                : plan.decoder(windowed(Network.deconvolutions(grid, sampler)))
                        .root()
                        .init(noise);
    }

    private ImageNetwork windowed(ImageNetwork network) {
        return form == Form.PLAIN ? network : network.window(WINDOW);
    }

    /** Of an autoencoder's energy, the cross entropy of labels beside it. */
    LabelledEnergy labelled(AutoencoderEnergy autoencoder, int labels, Noise noise) {
        return LabelledEnergy.of(autoencoder).labels(labels).slack(SLACK).init(noise);
    }

    /** Of a model whose features these are. */
    SteinGan loss(Generator sampler, SteinDirection direction) {
        return SteinGan.sampler(sampler)
                .particles(batch)
                .along(direction)
                .discount(discount)
                .weightDecay(1e-5)
                .publishedRates();
    }

    /** Each sample's own score, and half the push of its nearest neighbour in the encoder's features. */
    static SteinDirection direction(UnaryOperator<Expr> features) {
        return SteinDirection.standard().features("encoder", features).nearestNeighbour();
    }

    String words() {
        return String.format(
                Locale.ROOT,
                "Sampler: noise of width %d, %stransposed convolutions of %s channels%s, batch normalisation, ReLU. Energy: convolutions to %d features%s. "
                        + "Direction: each sample's own score, and half the push of its nearest neighbour in the encoder's features. Discount %s, "
                        + "weight decay 1e-5, Adam 1e-3 for the sampler, 5e-4 for the model and 1e-4 where it is ahead, batches and particles of %d, %,d steps.",
                NOISE,
                dense == 0 ? "" : dense + " units, ",
                text(sampler),
                form == Form.PLAIN ? "" : ", windows of " + WINDOW,
                features,
                form == Form.PROGRAM
                        ? ", the same filters transposed on the way back, input dropout " + DROPOUT
                                + ", both roots of the error"
                        : ", a decoder of its own, no dropout, the root of the squared error",
                discount,
                batch,
                steps);
    }

    private static String text(int... channels) {
        return Arrays.toString(channels).replaceAll("[\\[\\] ]", "").replace(',', '-');
    }
}
