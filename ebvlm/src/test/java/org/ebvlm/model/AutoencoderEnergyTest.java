package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class AutoencoderEnergyTest {
    private static final double[] ROWS = {0.4, -1.1, 0.9, -2, 0.3, 0.1};

    /** encode(v) = v . (1, 2, -1), decode(f) = f (0.5, 0, 1) + (0, 1, 0). */
    static AutoencoderEnergy linear(boolean root) {
        AutoencoderEnergy.Builder builder = AutoencoderEnergy.visible(3);
        return linear(root ? builder.root() : builder);
    }

    private static AutoencoderEnergy linear(AutoencoderEnergy.Builder builder) {
        AutoencoderEnergy model = builder.features(1)
                .encoder(Network.linear())
                .decoder(Network.linear())
                .init(Noise.seed(1));
        return model.with(model.parameters()
                .with("encoder.layer.W", new float[] {1, 2, -1})
                .with("encoder.layer.b", new float[] {0})
                .with("decoder.layer.W", new float[] {0.5f, 0, 1})
                .with("decoder.layer.b", new float[] {0, 1, 0}));
    }

    /** Of two networks, with reconstructions between -1 and 2. */
    static AutoencoderEnergy squashed(boolean root) {
        AutoencoderEnergy.Builder builder = AutoencoderEnergy.visible(3)
                .features(2)
                .encoder(Network.elu(4))
                .decoder(Network.elu(4))
                .range(-1, 2);
        return (root ? builder.root() : builder).init(Noise.seed(3));
    }

    /** As the program for images has it, small: tied convolutions of 6 x 5 pixels, windows of 5, dropout, both roots. */
    static AutoencoderEnergy published() {
        return AutoencoderEnergy.visible(30)
                .features(2)
                .range(0, 1)
                .encoder(Network.convolutions(Grid.grey(6, 5), 2, 3)
                        .window(5)
                        .dense(4)
                        .activation(Activation.SOFTPLUS))
                .tied()
                .dropout(0.3)
                .roots()
                .init(Noise.seed(5));
    }

    private static double squaredError(int row) {
        double sum = 0;
        for (double each : errors(row, 1, 1, 1)) {
            sum += each * each;
        }
        return sum;
    }

    private static double absoluteError(int row) {
        double sum = 0;
        for (double each : errors(row, 1, 1, 1)) {
            sum += Math.abs(each);
        }
        return sum;
    }

    /** v - decode(encode(mask v)). */
    private static double[] errors(int row, double... mask) {
        double a = ROWS[3 * row];
        double b = ROWS[3 * row + 1];
        double c = ROWS[3 * row + 2];
        double f = mask[0] * a + 2 * mask[1] * b - mask[2] * c;
        return new double[] {a - 0.5 * f, b - 1, c - f};
    }

    @Test
    void theEnergyIsTheSquaredErrorOrItsRoot() {
        Expr v = Expr.input("v", 2, 3);
        for (boolean root : new boolean[] {false, true}) {
            AutoencoderEnergy model = linear(root);
            double[] energy = new Doubles().set(model.parameters()).set(v, ROWS).of(model.freeEnergy(v));
            for (int i = 0; i < 2; i++) {
                assertEquals(root ? Math.sqrt(squaredError(i)) : squaredError(i), energy[i], 1e-12);
            }
            assertEquals(model.freeEnergy(v), model.energy(v, null));
        }
    }

    @Test
    void theRootsAreThoseOfTheAbsoluteAndTheSquaredError() {
        Expr v = Expr.input("v", 2, 3);
        AutoencoderEnergy model = linear(AutoencoderEnergy.visible(3).roots());
        double[] energy = new Doubles().set(model.parameters()).set(v, ROWS).of(model.freeEnergy(v));
        for (int i = 0; i < 2; i++) {
            assertEquals(Math.sqrt(absoluteError(i)) + Math.sqrt(squaredError(i)), energy[i], 1e-12);
        }
    }

    // ---------------------------------------------------------------- dropout

    /** The encoder sees masked values, the others larger by 1 / 0.75; the error is of the whole row. */
    @Test
    void whileItLearnsTheEncoderSeesValuesAtRandom() {
        AutoencoderEnergy model = linear(AutoencoderEnergy.visible(3).dropout(0.25));
        Expr v = Expr.input("v", 1, 3);
        Expr energy = model.learning().freeEnergy(v);
        Set<Integer> seen = new HashSet<>();
        for (int seed = 0; seed < 60; seed++) {
            Doubles at = new Doubles()
                    .set(model.parameters())
                    .set(v, ROWS[0], ROWS[1], ROWS[2])
                    .draw(Noise.seed(seed), energy);
            double found = at.scalar(energy);
            for (int bits = 0; bits < 8; bits++) {
                double sum = 0;
                for (double each : errors(0, (bits & 1) / 0.75, (bits >> 1 & 1) / 0.75, (bits >> 2) / 0.75)) {
                    sum += each * each;
                }
                if (Math.abs(sum - found) < 1e-6) {
                    seen.add(bits);
                }
            }
        }
        assertTrue(seen.contains(7) && seen.size() > 3, "masks met: " + seen);
    }

    /** Of the mean squared error over all eight masks by their probabilities. */
    @Test
    void aValueIsMissingAsOftenAsTheShareSays() {
        AutoencoderEnergy model = linear(AutoencoderEnergy.visible(3).dropout(0.25));
        int n = 20_000;
        Expr v = Expr.constant(new double[] {ROWS[0], ROWS[1], ROWS[2]}, 1, 3).broadcastTo(n, 3);
        Expr energy = model.learning().freeEnergy(v);
        double mean = 0;
        double square = 0;
        for (int bits = 0; bits < 8; bits++) {
            double sum = 0;
            for (double each : errors(0, (bits & 1) / 0.75, (bits >> 1 & 1) / 0.75, (bits >> 2) / 0.75)) {
                sum += each * each;
            }
            double probability = Math.pow(0.75, Integer.bitCount(bits)) * Math.pow(0.25, 3 - Integer.bitCount(bits));
            mean += probability * sum;
            square += probability * sum * sum;
        }
        try (Program program = Program.of(energy.mean())) {
            model.parameters().give(program);
            program.draw(Noise.seed(4));
            program.run();
            assertEquals(mean, program.value(0)[0], 4 * Math.sqrt((square - mean * mean) / n));
        }
    }

    @Test
    void theModelAsItIsHasNoDropoutAndTheSameParameters() {
        AutoencoderEnergy model = linear(AutoencoderEnergy.visible(3).dropout(0.25));
        Expr v = Expr.input("v", 2, 3);
        double[] energy = new Doubles().set(model.parameters()).set(v, ROWS).of(model.freeEnergy(v));
        assertEquals(squaredError(1), energy[1], 1e-12);
        assertEquals(model.parameters().leaf(), model.learning().parameters().leaf());
        AutoencoderEnergy without = linear(false);
        assertSame(without, without.learning());
    }

    @Test
    void twoEnergiesOfOneRowHaveMasksOfTheirOwn() {
        AutoencoderEnergy model = published();
        Expr v = Expr.constant(0.5, 1, 30);
        Expr one = model.learning().freeEnergy(v);
        Expr other = model.learning().freeEnergy(v);
        Doubles at = new Doubles().set(model.parameters()).draw(Noise.seed(4), one, other);
        assertTrue(Math.abs(at.scalar(one) - at.scalar(other)) > 1e-9, at.scalar(one) + " and " + at.scalar(other));
    }

    // ---------------------------------------------------------------- tied weights

    /** Where every activation is linear, encode(x) = A x + a and decode(f) = A' f + b: so f . A x = x . A' f. */
    @Test
    void aTiedDecoderIsTheTransposeOfItsEncoder() {
        for (Grid grid : List.of(Grid.grey(7, 6), Grid.grey(4, 5), new Grid(4, 8, 3))) {
            for (int window : new int[] {3, 5}) {
                AutoencoderEnergy model = AutoencoderEnergy.visible(grid.size())
                        .features(4)
                        .encoder(Network.convolutions(grid, 2, 3).window(window).dense(5))
                        .tied()
                        .init(Noise.seed(3));
                Parameters far = model.parameters();
                for (String name : far.names()) {
                    float[] values = far.values(name);
                    Arrays.fill(values, 1000);
                    far = name.endsWith(".b") ? far.with(name, values) : far;
                }
                // Weights of one sign keep what is positive positive, layer after layer.
                for (String name : far.names()) {
                    float[] values = far.values(name);
                    for (int i = 0; i < values.length; i++) {
                        values[i] = Math.abs(values[i]);
                    }
                    far = name.endsWith(".W") ? far.with(name, values) : far;
                }
                assertTransposed(model.with(far), grid.size());
            }
        }
    }

    private static void assertTransposed(AutoencoderEnergy model, int width) {
        Expr x = Expr.input("x", 1, width);
        Expr v = Expr.input("v", 1, width);
        Expr features = model.features(x);
        double[] row = new double[width];
        double[] weights = new double[width];
        for (int i = 0; i < width; i++) {
            row[i] = Math.sin(1 + i);
            weights[i] = Math.cos(2 * i);
        }
        Doubles at = new Doubles().set(model.parameters()).set(x, row).set(v, weights);
        // The derivative of the reconstruction of x along A' A is symmetric: w . A' A r = r . A' A w.
        Expr forward =
                Differentiation.vjp(model.reconstruction(x), v, List.of(x)).get(0);
        double[] zero = new double[width];
        double[] alongRow = minus(
                at.of(model.reconstruction(x)),
                new Doubles().set(model.parameters()).set(x, zero).of(model.reconstruction(x)));
        double left = dot(at.of(forward), row);
        assertEquals(dot(weights, alongRow), left, 1e-6 * Math.abs(left) + 1e-6);
        double[] mapped = minus(
                at.of(features),
                new Doubles().set(model.parameters()).set(x, zero).of(features));
        // r . A' A r = |A r|^2.
        double norm = dot(mapped, mapped);
        assertEquals(norm, dot(row, alongRow), 1e-8 * norm);
        assertTrue(norm > 1e-3);
    }

    private static double[] minus(double[] a, double[] b) {
        double[] c = a.clone();
        for (int i = 0; i < c.length; i++) {
            c[i] -= b[i];
        }
        return c;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void aTiedDecoderHasBiasesAloneOfItsOwn() {
        List<String> own = published().parameters().names().stream()
                .filter(name -> name.startsWith("decoder."))
                .toList();
        assertEquals(List.of("decoder.back0.b", "decoder.back1.b", "decoder.back2.b", "decoder.back3.b"), own);
    }

    @Test
    void slopesOfTheWholePublishedFormAreFiniteDifferences() {
        AutoencoderEnergy model = published();
        Expr v = Expr.input("v", 2, 30);
        double[] rows = new double[60];
        for (int i = 0; i < 60; i++) {
            rows[i] = 0.5 + 0.4 * Math.sin(3 * i + 1);
        }
        Expr energy = model.learning().freeEnergy(v).sum();
        Doubles at = new Doubles().set(model.parameters()).set(v, rows).draw(Noise.seed(2), energy);
        assertArrayEquals(at.differences(energy, v), at.of(Differentiation.gradient(energy, v)), 1e-7);
        assertArrayEquals(
                at.differences(energy, model.parameters().leaf()),
                at.of(model.parameters().gradient(energy)),
                1e-7);
        // A score's own parameter gradient, by which score matching learns: through transposes and masks once more.
        Expr squared = Differentiation.gradient(energy, v).square().sum();
        assertArrayEquals(
                at.differences(squared, model.parameters().leaf()),
                at.of(model.parameters().gradient(squared)),
                1e-5);
    }

    @Test
    void theFeaturesAreWhatTheEncoderMakes() {
        Expr v = Expr.input("v", 2, 3);
        AutoencoderEnergy model = linear(false);
        double[] features = new Doubles().set(model.parameters()).set(v, ROWS).of(model.features(v));
        assertArrayEquals(new double[] {0.4 - 2.2 - 0.9, -2 + 0.6 - 0.1}, features, 1e-12);
    }

    @Test
    void scoresAndParameterGradientsAreFiniteDifferences() {
        for (boolean root : new boolean[] {false, true}) {
            AutoencoderEnergy model = squashed(root);
            Expr v = Expr.input("v", 2, 3);
            Doubles at = new Doubles().set(model.parameters()).set(v, ROWS);
            Expr energy = model.freeEnergy(v).sum();
            double[] slope = at.differences(energy, v);
            double[] score = at.of(model.score(v));
            for (int i = 0; i < slope.length; i++) {
                assertEquals(-slope[i], score[i], 1e-8);
            }
            assertArrayEquals(
                    at.differences(energy, model.parameters().leaf()),
                    at.of(model.parameters().gradient(energy)),
                    1e-8);
        }
    }

    @Test
    void theRootHasNoGradientWhereTheErrorIsZero() {
        AutoencoderEnergy model = linear(true);
        Parameters zero = model.parameters().with("decoder.layer.b", new float[3]);
        AutoencoderEnergy atZero = model.with(zero);
        Expr v = Expr.input("v", 1, 3);
        double[] score = new Doubles().set(zero).set(v, 0, 0, 0).of(atZero.score(v));
        for (double each : score) {
            assertEquals(0, each, 1e-30);
        }
    }

    @Test
    void theRangeHoldsTheReconstruction() {
        Grid grid = Grid.grey(8, 8);
        AutoencoderEnergy model = AutoencoderEnergy.visible(64)
                .features(5)
                .encoder(Network.convolutions(grid, 3, 4).dense(6))
                .decoder(Network.deconvolutions(grid, 4, 3).dense(6))
                .range(0, 1)
                .init(Noise.seed(2));
        assertEquals(5, model.featureWidth());
        Expr v = Expr.constant(100, 2, 64);
        for (double x : new Doubles().set(model.parameters()).of(model.reconstruction(v))) {
            assertTrue(x >= 0 && x <= 1);
        }
    }

    @Test
    void rejectsAModelWithoutFeaturesAndRowsOfWrongWidth() {
        assertThrows(SettingException.class, () -> AutoencoderEnergy.visible(3).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> AutoencoderEnergy.visible(3).range(2, 1));
        assertThrows(SettingException.class, () -> AutoencoderEnergy.visible(3).dropout(1));
        assertThrows(SettingException.class, () -> AutoencoderEnergy.visible(3).dropout(Double.NaN));
        assertThrows(
                SettingException.class,
                () -> AutoencoderEnergy.visible(3).root().roots());
        assertThrows(ShapeException.class, () -> linear(false).freeEnergy(Expr.input("v", 2, 4)));
    }

    @Test
    void rejectsWhatCannotBeTied() {
        Grid grid = Grid.grey(4, 4);
        AutoencoderEnergy.Builder plain =
                AutoencoderEnergy.visible(16).features(2).tied();
        assertThrows(SettingException.class, () -> plain.init(Noise.seed(1)));
        AutoencoderEnergy.Builder doubling = AutoencoderEnergy.visible(16)
                .features(16)
                .encoder(Network.deconvolutions(grid, 2))
                .tied();
        assertThrows(SettingException.class, () -> doubling.init(Noise.seed(1)));
        AutoencoderEnergy.Builder both = AutoencoderEnergy.visible(16)
                .features(2)
                .encoder(Network.convolutions(grid, 2))
                .decoder(Network.linear())
                .tied();
        assertThrows(SettingException.class, () -> both.init(Noise.seed(1)));
    }

    @Test
    void rejectsBatchNormalisation() {
        Grid grid = Grid.grey(4, 4);
        AutoencoderEnergy.Builder builder = AutoencoderEnergy.visible(16)
                .features(2)
                .encoder(Network.convolutions(grid, 2).batchNormalised());
        SettingException error = assertThrows(SettingException.class, () -> builder.init(Noise.seed(1)));
        assertTrue(error.getMessage().contains("that row alone"), error.getMessage());
    }
}
