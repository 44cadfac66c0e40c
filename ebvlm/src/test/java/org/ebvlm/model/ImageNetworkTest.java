package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class ImageNetworkTest {
    private static final List<Grid> GRIDS =
            List.of(new Grid(8, 8, 1), new Grid(9, 10, 3), new Grid(7, 5, 2), new Grid(1, 1, 2));

    private static double[] numbers(int n) {
        float[] drawn = new float[n];
        Noise.seed(3).normal(drawn, 0, n);
        return Doubles.widened(drawn);
    }

    private static double leaky(double x) {
        return x > 0 ? x : 0.2 * x;
    }

    // ---------------------------------------------------------------- deconvolutions

    @Test
    void theDecoderGoesThroughThePublishedSizes() {
        Network decoder =
                Network.deconvolutions(Grid.grey(28, 28), 32, 64, 64).dense(512).init(64, 784, Noise.seed(1));
        Parameters p = decoder.parameters();
        assertArrayEquals(new int[] {64, 512}, p.shape("dense0.W"));
        assertArrayEquals(new int[] {512, 4 * 4 * 32}, p.shape("image.W"));
        assertArrayEquals(new int[] {3, 3, 64, 32}, p.shape("deconvolution0.W"), "4 to 7");
        assertArrayEquals(new int[] {4, 4, 64, 64}, p.shape("deconvolution1.W"), "7 to 14");
        assertArrayEquals(new int[] {4, 4, 1, 64}, p.shape("last.W"), "14 to 28");
    }

    @Test
    void isOneLayerThenTransposedConvolutionsOfStrideTwo() {
        for (Grid grid : GRIDS) {
            Network network = Network.deconvolutions(grid, 3, 5).dense(6).init(4, grid.size(), Noise.seed(2));
            double[] rows = numbers(8);
            Expr x = Expr.input("x", 2, 4);
            double[] actual =
                    new Doubles().set(network.parameters()).set(x, rows).of(network.apply(x));
            int high = (grid.height() + 1) / 2;
            int wide = (grid.width() + 1) / 2;
            for (int i = 0; i < 2; i++) {
                double[] dense = each(
                        PlainImages.layer(network.parameters(), "dense0", Arrays.copyOfRange(rows, 4 * i, 4 * i + 4)));
                double[] first = each(PlainImages.layer(network.parameters(), "image", dense));
                double[][][] image = PlainImages.image(first, (high + 1) / 2, (wide + 1) / 2, 3);
                image = PlainImages.each(
                        ImageNetworkTest::leaky, transposed(network.parameters(), "deconvolution0", image, high, wide));
                image = transposed(network.parameters(), "last", image, grid.height(), grid.width());
                assertArrayEquals(
                        PlainImages.flat(image),
                        Arrays.copyOfRange(actual, i * grid.size(), (i + 1) * grid.size()),
                        1e-7,
                        grid + ", row " + i);
            }
        }
    }

    private static double[] each(double[] x) {
        return Arrays.stream(x).map(ImageNetworkTest::leaky).toArray();
    }

    /** Every pixel spreads over a window around its double place: out[2 y - 1 + k] += in[y] w[k]. */
    private static double[][][] transposed(Parameters p, String name, double[][][] image, int height, int width) {
        int[] shape = p.shape(name + ".W");
        float[] w = p.values(name + ".W");
        float[] b = p.values(name + ".b");
        double[][][] out = new double[height][width][shape[2]];
        for (double[][] row : out) {
            for (double[] pixel : row) {
                for (int o = 0; o < pixel.length; o++) {
                    pixel[o] = b[o];
                }
            }
        }
        for (int y = 0; y < image.length; y++) {
            for (int x = 0; x < image[0].length; x++) {
                for (int k = 0; k < shape[0]; k++) {
                    for (int l = 0; l < shape[1]; l++) {
                        int row = 2 * y - 1 + k;
                        int column = 2 * x - 1 + l;
                        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
                        for (int o = 0; o < shape[2] && inside; o++) {
                            for (int c = 0; c < shape[3]; c++) {
                                double weight = w[((k * shape[1] + l) * shape[2] + o) * shape[3] + c];
                                out[row][column][o] += image[y][x][c] * weight;
                            }
                        }
                    }
                }
            }
        }
        return out;
    }

    @Test
    void gradientsOfTheDecoderAreFiniteDifferences() {
        Grid grid = new Grid(5, 6, 2);
        Network network =
                Network.deconvolutions(grid, 2, 3).activation(Activation.TANH).init(3, grid.size(), Noise.seed(4));
        Expr x = Expr.input("x", 2, 3);
        Expr y = network.apply(x).sin().sum();
        Doubles at = new Doubles().set(network.parameters()).set(x, numbers(6));
        assertArrayEquals(
                at.differences(y, network.parameters().leaf()),
                at.of(network.parameters().gradient(y)),
                1e-7);
    }

    @Test
    void theCompiledDecoderAndItsGradientAreTheInterpretedOnes() {
        Grid grid = Grid.grey(28, 28);
        Network network = Network.deconvolutions(grid, 4, 8, 8).dense(10).init(5, grid.size(), Noise.seed(4));
        Expr x = Expr.input("x", 3, 5);
        Expr y = network.apply(x);
        Expr slope = network.parameters().gradient(y.square().sum());
        double[] rows = numbers(15);
        Doubles at = new Doubles().set(network.parameters()).set(x, rows);
        try (Program program = Program.of(y, slope)) {
            network.parameters().give(program);
            program.set(x, narrowed(rows));
            program.run();
            assertClose(at.of(y), program.value(0));
            assertClose(at.of(slope), program.value(1));
        }
    }

    private static float[] narrowed(double[] x) {
        return Numbers.narrowed(x);
    }

    /** Single precision, sums of some hundred terms. */
    private static void assertClose(double[] expected, float[] actual) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, Doubles.widened(actual), 1e-4 * largest);
    }

    @Test
    void layersStartWithinOneOverTheRootOfWhatTheySum() {
        Network network = Network.deconvolutions(Grid.grey(28, 28), 32, 64, 64).init(64, 784, Noise.seed(1));
        Parameters p = network.parameters();
        assertEquals(1.0 / 8, largest(p.values("image.W")), 1e-3);
        assertEquals(2 / Math.sqrt(32 * 9), largest(p.values("deconvolution0.W")), 1e-3);
        assertEquals(2 / Math.sqrt(64 * 16), largest(p.values("deconvolution1.W")), 1e-3);
    }

    private static double largest(float[] values) {
        return Arrays.stream(Doubles.widened(values)).map(Math::abs).max().orElseThrow();
    }

    // ---------------------------------------------------------------- options of both

    @Test
    void denseLayersStandBetweenTheImageAndTheResult() {
        Grid grid = Grid.grey(8, 8);
        Network network = Network.convolutions(grid, 3).dense(7, 6).init(64, 4, Noise.seed(2));
        double[] row = numbers(64);
        Expr x = Expr.input("x", 1, 64);
        Parameters p = network.parameters();
        double[][][] image = PlainImages.each(
                ImageNetworkTest::leaky,
                PlainImages.convolution(p, "convolution0", PlainImages.image(row, 8, 8, 1), 2));
        double[] first = each(PlainImages.layer(p, "dense0", PlainImages.flat(image)));
        double[] second = each(PlainImages.layer(p, "dense1", first));
        assertArrayEquals(
                PlainImages.layer(p, "last", second),
                new Doubles().set(p).set(x, row).of(network.apply(x)),
                1e-7);
    }

    @Test
    void theActivationIsTheOneAskedFor() {
        Network network = Network.convolutions(Grid.grey(4, 4), 2)
                .activation(Activation.RELU)
                .init(16, 2, Noise.seed(2));
        double[] row = numbers(16);
        Expr x = Expr.input("x", 1, 16);
        double[][][] image = PlainImages.each(
                v -> Math.max(0, v),
                PlainImages.convolution(network.parameters(), "convolution0", PlainImages.image(row, 4, 4, 1), 2));
        assertArrayEquals(
                PlainImages.layer(network.parameters(), "last", PlainImages.flat(image)),
                new Doubles().set(network.parameters()).set(x, row).of(network.apply(x)),
                1e-7);
    }

    @Test
    void startingAtZeroIsZeroEverywhere() {
        Network network = Network.deconvolutions(Grid.grey(8, 8), 3, 2)
                .init(4, 64, Noise.seed(2))
                .startingAtZero();
        Expr x = Expr.input("x", 2, 4);
        assertArrayEquals(
                new double[128],
                new Doubles().set(network.parameters()).set(x, numbers(8)).of(network.apply(x)));
    }

    @Test
    void rejectsImagesOfAnotherSizeAndNoLayers() {
        ShapeException error = assertThrows(ShapeException.class, () -> Network.deconvolutions(Grid.grey(8, 8), 3)
                .init(4, 65, Noise.seed(2)));
        assertTrue(error.getMessage().contains("64") && error.getMessage().contains("65"), error.getMessage());
        assertThrows(SettingException.class, () -> Network.deconvolutions(Grid.grey(8, 8)));
        assertThrows(SettingException.class, () -> Network.convolutions(Grid.grey(8, 8), 3)
                .dense(0));
    }
}
