package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ToysTest {
    private static final int N = 40_000;

    interface Toy extends BiFunction<Integer, Noise, Data> {}

    static Stream<Named<Toy>> toys() {
        return Stream.of(
                Named.of("checkerboard", Datasets::checkerboard),
                Named.of("eight Gaussians", Datasets::eightGaussians),
                Named.of("pinwheel", Datasets::pinwheel),
                Named.of("two moons", Datasets::twoMoons),
                Named.of("rings", Datasets::rings),
                Named.of("spirals", Datasets::spirals),
                Named.of("swiss roll", Datasets::swissRoll),
                Named.of("glyphs", (n, noise) -> Datasets.glyphs(12, n, noise)));
    }

    @ParameterizedTest
    @MethodSource("toys")
    void givesTheRowsAskedForAndTheSameOnesForTheSameSeed(Toy toy) {
        Data data = toy.apply(100, Noise.seed(1));
        assertEquals(100, data.rows());
        assertArrayEquals(data.values(), toy.apply(100, Noise.seed(1)).values());
        assertNotEquals(
                data.provenance().sha256(),
                toy.apply(100, Noise.seed(2)).provenance().sha256());
        assertThrows(SettingException.class, () -> toy.apply(0, Noise.seed(1)));
    }

    @Test
    void checkerboardFillsTwoQuartersEvenly() {
        Data board = Datasets.checkerboard(N, Noise.seed(2));
        int[] cells = new int[64];
        for (int i = 0; i < N; i++) {
            int column = (int) (board.at(i, 0) * 8);
            int row = (int) (board.at(i, 1) * 8);
            cells[column * 8 + row]++;
        }
        double expected = N / 32.0;
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 8; j++) {
                boolean kept = (i < 4) == (j < 4);
                assertEquals(kept ? expected : 0, cells[i * 8 + j], kept ? 4.5 * Math.sqrt(expected) : 0);
            }
        }
    }

    @Test
    void eightGaussiansKnowTheirDensity() {
        GaussianMixture mixture = (GaussianMixture)
                Datasets.eightGaussians(10, Noise.seed(1)).density().orElseThrow();
        assertEquals(8, mixture.components().size());
        assertEquals(2, mixture.components().get(1).mean()[0], 1e-12);
        assertEquals(2, mixture.components().get(1).mean()[1], 1e-12);
    }

    @Test
    void ringsHaveTheirFourRadiiInEqualShares() {
        Data rings = Datasets.rings(N, Noise.seed(3));
        int[] counts = new int[4];
        for (int i = 0; i < N; i++) {
            double radius = Math.hypot(rings.at(i, 0), rings.at(i, 1)) / 0.75;
            counts[(int) Math.rint(radius) - 1]++;
            assertEquals(Math.rint(radius), radius, 6 * 0.08 / 0.75);
        }
        for (int count : counts) {
            assertEquals(N / 4.0, count, 4 * Math.sqrt(N * 0.25 * 0.75));
        }
    }

    @Test
    void moonsAreHalfCirclesOfRadiusOne() {
        Data moons = Datasets.twoMoons(N, Noise.seed(4));
        for (int i = 0; i < N; i++) {
            double x = moons.at(i, 0);
            double y = moons.at(i, 1);
            double fromUpper = Math.abs(Math.hypot(x, y) - 1);
            double fromLower = Math.abs(Math.hypot(x - 1, y - 0.5) - 1);
            assertTrue(Math.min(fromUpper, fromLower) < 0.6);
        }
    }

    @Test
    void spiralsAreSymmetricThroughTheOriginOnAverage() {
        Data spirals = Datasets.spirals(N, Noise.seed(5));
        double mean = 0;
        double square = 0;
        for (int i = 0; i < N; i++) {
            mean += spirals.at(i, 0) / (double) N;
            square += spirals.at(i, 0) * (double) spirals.at(i, 0) / N;
        }
        assertEquals(0, mean, 4 * Math.sqrt(square / N));
    }

    @Test
    void glyphsAreGreyImagesWithInkInTheMiddleAndNoneAtTheRim() {
        Data glyphs = Datasets.glyphs(28, 500, Noise.seed(6));
        assertEquals(Grid.grey(28, 28), glyphs.grid().orElseThrow());
        double ink = 0;
        for (int i = 0; i < glyphs.rows(); i++) {
            double most = 0;
            double total = 0;
            for (float value : glyphs.row(i)) {
                assertTrue(value >= 0 && value <= 1);
                most = Math.max(most, value);
                total += value;
            }
            assertTrue(most > 0.7, "image " + i + " is nearly empty");
            assertEquals(0, glyphs.at(i, 0));
            ink += total / 784;
        }
        assertEquals(0.13, ink / glyphs.rows(), 0.06);
        assertThrows(SettingException.class, () -> Datasets.glyphs(7, 10, Noise.seed(1)));
    }
}
