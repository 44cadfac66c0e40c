package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every density must do. A new one is one more row of {@link #densities()}; its plane must hold all its mass. */
class DensityContractTest {
    record Row(String name, Density density, Plane plane) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Gaussian TILTED =
            Gaussian.full(new double[] {0.5, -1}, new double[][] {{1.0, 0.6}, {0.6, 0.7}});
    private static final GaussianMixture UNEVEN = GaussianMixture.of(
            new double[] {1, 3, 2},
            List.of(
                    TILTED,
                    Gaussian.isotropic(new double[] {-2, 1}, 0.4),
                    Gaussian.diagonal(new double[] {2, 2}, new double[] {0.3, 0.8})));

    static Stream<Row> densities() {
        return Stream.of(
                new Row("round Gaussian", Gaussian.isotropic(new double[] {1, -2}, 0.7), new Plane(-9, 9, 300)),
                new Row(
                        "Gaussian of two widths",
                        Gaussian.diagonal(new double[] {1, -2}, new double[] {0.4, 1.2}),
                        new Plane(-12, 12, 400)),
                new Row("tilted Gaussian", TILTED, new Plane(-10, 10, 400)),
                new Row("uneven mixture", UNEVEN, new Plane(-10, 10, 400)),
                new Row("banana", Banana.of(-0.3, 1.5), new Plane(-22, 12, 500)),
                new Row("checkerboard", new Checkerboard(2), new Plane(0, 1, 300)),
                new Row("odd checkerboard", new Checkerboard(3), new Plane(0, 1, 300)),
                new Row("noised checkerboard", new NoisedCheckerboard(new Checkerboard(2), 0.1), new Plane(-1, 2, 300)),
                new Row(
                        "fine board, much noise",
                        new NoisedCheckerboard(new Checkerboard(5), 1),
                        new Plane(-8, 9, 200)),
                new Row(
                        "rescaled mixture",
                        new RescaledDensity(UNEVEN, Scaling.of(new double[] {1, -3}, new double[] {2, 0.5})),
                        new Plane(-16, 20, 700)));
    }

    @ParameterizedTest
    @MethodSource("densities")
    void integratesToOne(Row row) {
        assertEquals(1, row.plane.expectation(row.density, x -> 1), 1e-8);
    }

    @ParameterizedTest
    @MethodSource("densities")
    void scoreEqualsFiniteDifferenceOfLogDensity(Row row) {
        Data points = row.density.sample(200, Noise.seed(1));
        double step = 1e-5;
        double[] score = new double[2];
        for (int i = 0; i < points.rows(); i++) {
            double[] x = point(points, i);
            row.density.score(x, score);
            for (int j = 0; j < 2; j++) {
                double difference = (shifted(row.density, x, j, step) - shifted(row.density, x, j, -step)) / (2 * step);
                assertEquals(difference, score[j], 1e-6 * (1 + Math.abs(difference)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("densities")
    void drawsHaveTheMomentsOfTheDensity(Row row) {
        Data draws = row.density.sample(100_000, Noise.seed(2));
        Map<String, ToDoubleFunction<double[]>> moments = Map.of(
                "x", x -> x[0],
                "y", x -> x[1],
                "x^2", x -> x[0] * x[0],
                "xy", x -> x[0] * x[1],
                "y^2", x -> x[1] * x[1],
                "sin 5x cos 4y", x -> Math.sin(5 * x[0]) * Math.cos(4 * x[1]));
        moments.forEach((name, moment) -> {
            double exact = row.plane.expectation(row.density, moment);
            double second = row.plane.expectation(row.density, x -> Math.pow(moment.applyAsDouble(x), 2));
            double standardError = Math.sqrt((second - exact * exact) / draws.rows());
            assertEquals(exact, mean(draws, moment), 4 * standardError + 1e-5, name);
        });
    }

    @ParameterizedTest
    @MethodSource("densities")
    void drawsKnowTheirDensityAndHavePositiveDensity(Row row) {
        Data draws = row.density.sample(1000, Noise.seed(3));
        assertEquals(row.density.name(), draws.density().orElseThrow().name());
        for (int i = 0; i < draws.rows(); i++) {
            assertTrue(Double.isFinite(draws.density().orElseThrow().logDensity(point(draws, i))));
        }
    }

    @ParameterizedTest
    @MethodSource("densities")
    void convolutionEqualsItsIntegral(Row row) {
        double std = 0.35;
        row.density.convolved(std).ifPresent(convolved -> {
            Gaussian kernel = Gaussian.isotropic(new double[2], std);
            for (double[] x : new double[][] {{0.3, 0.4}, {-0.5, 1.2}, {1, -1}}) {
                double integral = row.plane.expectation(
                        row.density, y -> Math.exp(kernel.logDensity(new double[] {x[0] - y[0], x[1] - y[1]})));
                assertEquals(Math.log(integral), convolved.logDensity(x), 1e-4);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("densities")
    void theSameSeedGivesTheSameDraws(Row row) {
        assertEquals(
                row.density.sample(50, Noise.seed(4)).provenance().sha256(),
                row.density.sample(50, Noise.seed(4)).provenance().sha256());
    }

    static double[] point(Data data, int row) {
        return new double[] {data.at(row, 0), data.at(row, 1)};
    }

    private static double shifted(Density density, double[] point, int coordinate, double step) {
        double[] x = point.clone();
        x[coordinate] += step;
        return density.logDensity(x);
    }

    private static double mean(Data data, ToDoubleFunction<double[]> moment) {
        double sum = 0;
        for (int i = 0; i < data.rows(); i++) {
            sum += moment.applyAsDouble(point(data, i));
        }
        return sum / data.rows();
    }
}
