package org.ebvlm.model;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The additive-coupling energy with residual convolutional features (Bao et al., 2020 and 2021), for images:
 *
 * <pre>
 * E(v, h) = sum of elu(A [l(f(v)) + h ; h] + a)^2
 * </pre>
 *
 * with l linear to the width of h, and h real. The features f are a 3x3 convolution to C channels, then three stages; stage
 * i = 1, 2, 4 has one block from i C to 2 i C channels that halves the image, then further blocks of 2 i C channels. A block
 * is {@code x -> conv3(elu(conv3(elu(x)))) + conv1(x)}, halved by means of two by two pixels; nothing is normalised.
 *
 * <pre>{@code
 * var model = ConvEnergy.images(new Grid(28, 28, 1)).channels(16).hidden(50).init(seed(7));
 * var q = Posteriors.gaussian(model, Network.convolutions(new Grid(28, 28, 1), 64, 128, 256), seed(8))
 *     .fittedBy(PosteriorFisher.innerSteps(5));
 * }</pre>
 *
 * <p>The last layer has half as many outputs as f and must have at least twice as many as h has units. With fewer there are
 * directions of h along which the energy stays bounded, p(h | v) does not exist, and training runs away.
 *
 * <p>Published: 32 x 32 grey, 64 channels, 2 blocks a stage, 50 hidden units, 9.9 million parameters; 128 channels and 3
 * blocks for colour images of 32 x 32 and 64 x 64. Cost of one pass of f in multiplications an image: 27 million for 28 x 28
 * with 16 channels, 586 million for the published grey size; a training step makes about a dozen.
 */
public final class ConvEnergy {
    private static final int[] STAGES = {1, 2, 4};

    private final Grid grid;
    private int channels = 64;
    private int blocks = 2;
    private int hidden = 50;
    private Activation activation = Activation.ELU;

    private ConvEnergy(Grid grid) {
        this.grid = grid;
    }

    /** Starts an energy of images of this shape, at least 8 x 8. */
    public static ConvEnergy images(Grid grid) {
        if (grid.height() < 8 || grid.width() < 8) {
            throw new SettingException(Facts.that("ConvEnergy.images: too small to be halved three times")
                    .expected("8 x 8 or larger")
                    .butWas(grid)
                    .hint("use MlpEnergy"));
        }
        return new ConvEnergy(grid);
    }

    /** C, the channels of the first convolution; 64 unless said otherwise. */
    public ConvEnergy channels(int number) {
        channels = positive("channels", number);
        return this;
    }

    /** Blocks in each of the three stages; 2 unless said otherwise. */
    public ConvEnergy blocks(int number) {
        blocks = positive("blocks", number);
        return this;
    }

    /** Width of h; 50 unless said otherwise. */
    public ConvEnergy hidden(int units) {
        hidden = positive("hidden", units);
        return this;
    }

    /** What stands between the layers; ELU unless said otherwise. */
    public ConvEnergy activation(Activation function) {
        activation = function;
        return this;
    }

    private static int positive(String what, int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("ConvEnergy." + what + ": too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return number;
    }

    /** One residual block: its name, its channels, and whether it halves the image. */
    private record Block(String name, int in, int out, boolean halves) {}

    private List<Block> blocksInOrder() {
        List<Block> all = new ArrayList<>();
        for (int stage : STAGES) {
            int wide = 2 * stage * channels;
            for (int b = 0; b < blocks; b++) {
                all.add(new Block("stage" + stage + ".block" + b, b == 0 ? stage * channels : wide, wide, b == 0));
            }
        }
        return all;
    }

    /**
     * The model, each layer uniform within 1 / sqrt(its number of inputs), as published.
     *
     * @throws SettingException if h has more units than half the outputs of the last layer
     */
    public LatentEnergy init(Noise noise) {
        int pixels = (grid.height() / 8) * (grid.width() / 8);
        int features = pixels * 8 * channels;
        Blueprint.requireIntegrable(
                "ConvEnergy", hidden, features / 2, "take more channels, larger images, or fewer hidden units");
        LatentEnergy.Builder model = LatentEnergy.visible(grid.size())
                .continuous(hidden)
                .named("ConvEnergy " + grid.height() + "x" + grid.width() + "x" + grid.channels() + "/" + hidden);
        model.plan().convolution("first", 3, grid.channels(), channels);
        for (Block block : blocksInOrder()) {
            model.plan()
                    .filter(block.name() + ".in", 3, block.in(), block.in())
                    .convolution(block.name() + ".out", 3, block.in(), block.out())
                    .convolution(block.name() + ".shortcut", 1, block.in(), block.out());
        }
        return model.layer("toHidden", features, hidden)
                .layer("head", 2 * hidden, features / 2)
                .energy((g, v, h) -> energy(g, v, h, features))
                .init(noise);
    }

    private SDVariable energy(SameDiff g, SDVariable v, SDVariable h, int features) {
        SDVariable x = v.reshape(-1, grid.height(), grid.width(), grid.channels());
        x = Images.convolution(g, "first", x, 3, 1);
        for (Block block : blocksInOrder()) {
            x = apply(g, block, x);
        }
        SDVariable coupled =
                Blueprint.linear(g, "toHidden", Images.flat(x, features)).add(h);
        SDVariable out = activation.apply(g, Blueprint.linear(g, "head", g.concat(1, coupled, h)));
        return g.math.square(out).sum(1);
    }

    /** conv3(elu(conv3(elu(x)))) + conv1(x), with both parts halved if the block halves. */
    private SDVariable apply(SameDiff g, Block block, SDVariable x) {
        SDVariable inner = Images.convolution(g, block.name() + ".in", activation.apply(g, x), 3, 1);
        SDVariable outer = Images.filter(g, block.name() + ".out", activation.apply(g, inner), 3, 1);
        SDVariable shortcut =
                Images.convolution(g, block.name() + ".shortcut", block.halves() ? Images.halved(g, x) : x, 1, 1);
        // The bias is added to the means, which is the same and less work.
        return (block.halves() ? Images.halved(g, outer) : outer)
                .add(g.getVariable(block.name() + ".out.b"))
                .add(shortcut);
    }

    @Override
    public String toString() {
        return "ConvEnergy: images of " + grid + ", " + channels + " channels, " + blocks + " blocks a stage, " + hidden
                + " hidden units; init(noise) makes the model";
    }
}
