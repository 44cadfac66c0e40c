package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class ConvolutionalNetworkTest {
    private static double[] numbers(int n) {
        float[] drawn = new float[n];
        Noise.seed(3).normal(drawn, 0, n);
        return Doubles.widened(drawn);
    }

    @Test
    void theEncoderHasAsManyParametersAsPublished() {
        // Two heads of 50 units each; four by four pixels are left of 28 x 28 and of 32 x 32.
        for (Grid grid : List.of(Grid.grey(28, 28), Grid.grey(32, 32))) {
            Network encoder = Network.convolutions(grid, 64, 128, 256).init(grid.size(), 100, Noise.seed(1));
            assertEquals(779_364, encoder.parameters().size());
        }
    }

    @Test
    void isConvolutionsOfStrideTwoThenOneLayer() {
        for (Grid grid : List.of(new Grid(8, 8, 1), new Grid(9, 10, 3), new Grid(7, 5, 2), new Grid(1, 1, 2))) {
            Network network = Network.convolutions(grid, 3, 5).init(grid.size(), 4, Noise.seed(2));
            double[] rows = numbers(2 * grid.size());
            Expr x = Expr.input("x", 2, grid.size());
            double[] actual =
                    new Doubles().set(network.parameters()).set(x, rows).of(network.apply(x));
            for (int i = 0; i < 2; i++) {
                double[] row = Arrays.copyOfRange(rows, i * grid.size(), (i + 1) * grid.size());
                double[][][] image = PlainImages.image(row, grid.height(), grid.width(), grid.channels());
                for (int layer = 0; layer < 2; layer++) {
                    image = PlainImages.each(
                            s -> s > 0 ? s : 0.2 * s,
                            PlainImages.convolution(network.parameters(), "convolution" + layer, image, 2));
                }
                assertArrayEquals(
                        PlainImages.layer(network.parameters(), "last", PlainImages.flat(image)),
                        Arrays.copyOfRange(actual, 4 * i, 4 * i + 4),
                        1e-7,
                        grid + ", row " + i);
            }
        }
    }

    @Test
    void startingAtZeroIsZeroEverywhere() {
        Network network = Network.convolutions(Grid.grey(8, 8), 3)
                .init(64, 4, Noise.seed(2))
                .startingAtZero();
        Expr x = Expr.input("x", 2, 64);
        double[] zeros =
                new Doubles().set(network.parameters()).set(x, numbers(128)).of(network.apply(x));
        assertArrayEquals(new double[8], zeros);
    }

    @Test
    void rejectsRowsThatAreNotSuchImages() {
        ShapeException error = assertThrows(ShapeException.class, () -> Network.convolutions(Grid.grey(8, 8), 3)
                .init(65, 4, Noise.seed(2)));
        assertTrue(error.getMessage().contains("64") && error.getMessage().contains("65"), error.getMessage());
    }
}
