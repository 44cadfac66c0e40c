package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Expressions;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvEnergyTest {
    private static final Map<Activation, DoubleUnaryOperator> FORMULAS = new EnumMap<>(Activation.class);

    static {
        FORMULAS.put(Activation.ELU, x -> x > 0 ? x : Math.expm1(x));
        FORMULAS.put(Activation.SWISH, x -> x / (1 + Math.exp(-x)));
        FORMULAS.put(Activation.SOFTPLUS, x -> Math.log1p(Math.exp(x)));
        FORMULAS.put(Activation.TANH, Math::tanh);
        // The graph holds the slope as a float, for which the test allows.
        FORMULAS.put(Activation.LEAKY_RELU, x -> x > 0 ? x : 0.2 * x);
        FORMULAS.put(Activation.RELU, x -> Math.max(x, 0));
    }

    @TempDir
    Path folder;

    private static ConvEnergy tiny(Activation activation) {
        return ConvEnergy.images(Grid.grey(8, 8))
                .channels(2)
                .blocks(1)
                .hidden(3)
                .activation(activation);
    }

    private static double[] numbers(int n, long seed) {
        float[] drawn = new float[n];
        Noise.seed(seed).normal(drawn, 0, n);
        return Doubles.widened(drawn);
    }

    // ---------------------------------------------------------------- sizes

    private static LatentEnergy published(Grid grid, int channels) {
        return ConvEnergy.images(grid).channels(channels).init(Noise.seed(1));
    }

    /** The parameters of the description, counted layer by layer. */
    private static int counted(Grid grid, int c, int blocks, int hidden) {
        int sum = 9 * grid.channels() * c + c;
        for (int stage : new int[] {1, 2, 4}) {
            for (int b = 0; b < blocks; b++) {
                int in = b == 0 ? stage * c : 2 * stage * c;
                int out = 2 * stage * c;
                sum += 9 * in * in + (9 * in * out + out) + (in * out + out);
            }
        }
        int pixels = (grid.height() / 8) * (grid.width() / 8);
        int features = pixels * 8 * c;
        int head = pixels * 4 * c;
        return sum + features * hidden + hidden + 2 * hidden * head + head;
    }

    @Test
    void parametersAreAsManyAsPublished() {
        LatentEnergy grey = published(Grid.grey(32, 32), 64);
        assertEquals(9_859_250, grey.parameters().size());
        assertEquals(9_859_250, counted(Grid.grey(32, 32), 64, 2, 50));
        assertArrayEquals(new int[] {100, 4096}, grey.parameters().shape("head.W"));
        assertEquals(681_362, counted(Grid.grey(28, 28), 16, 2, 50));
        assertEquals(681_362, published(Grid.grey(28, 28), 16).parameters().size());
        Grid odd = new Grid(9, 10, 3);
        assertEquals(
                counted(odd, 2, 3, 4),
                ConvEnergy.images(odd)
                        .channels(2)
                        .blocks(3)
                        .hidden(4)
                        .init(Noise.seed(1))
                        .parameters()
                        .size());
    }

    @Test
    void theColourNetworkHasThePublishedHead() {
        // 128 channels give 8192 units in the head at 32 x 32.
        assertEquals(8192, (32 / 8) * (32 / 8) * 4 * 128);
        LatentEnergy small =
                ConvEnergy.images(new Grid(32, 32, 3)).channels(4).blocks(3).init(Noise.seed(1));
        assertArrayEquals(new int[] {100, 8192 / 128 * 4}, small.parameters().shape("head.W"));
        assertArrayEquals(new int[] {8192 / 128 * 8, 50}, small.parameters().shape("toHidden.W"));
    }

    @Test
    void hasRealHiddenUnitsAndTheWidthOfTheImages() {
        LatentEnergy model = ConvEnergy.images(new Grid(9, 10, 3)).channels(25).init(Noise.seed(1));
        assertEquals(Latents.CONTINUOUS, model.latents());
        assertEquals(270, model.visible());
        assertEquals(50, model.hidden());
        assertEquals("ConvEnergy 9x10x3/50", model.name());
    }

    /** With 8 outputs of the last layer and 5 hidden units, some direction of h leaves all outputs bounded more often than not. */
    @Test
    void rejectsMoreHiddenUnitsThanTheLastLayerCanHold() {
        ConvEnergy small = ConvEnergy.images(Grid.grey(8, 8)).channels(2);
        assertEquals(4, small.hidden(4).init(Noise.seed(1)).hidden());
        SettingException error =
                assertThrows(SettingException.class, () -> small.hidden(5).init(Noise.seed(1)));
        assertTrue(error.getMessage().contains("at most 4"), error.getMessage());
    }

    @Test
    void layersStartUniformWithinOneOverTheRootOfTheirInputs() {
        LatentEnergy model = ConvEnergy.images(Grid.grey(16, 16))
                .channels(8)
                .blocks(2)
                .hidden(40)
                .init(Noise.seed(3));
        for (String name : model.parameters().names()) {
            int[] shape =
                    model.parameters().shape(name.endsWith(".b") ? name.substring(0, name.length() - 1) + "W" : name);
            double inputs = shape.length == 4 ? shape[0] * shape[1] * shape[2] : shape[0];
            double bound = 1 / Math.sqrt(inputs);
            float[] values = model.parameters().values(name);
            double largest = 0;
            double sum = 0;
            for (float x : values) {
                largest = Math.max(largest, Math.abs(x));
                sum += x;
            }
            assertTrue(largest <= (float) bound, name + ": " + largest + " above " + bound);
            // Of n uniform numbers none is above half the bound with probability 2^-n.
            assertTrue(values.length < 16 || largest > 0.5 * bound, name + ": " + largest + " far below " + bound);
            // The standard error of the mean is bound / sqrt(3 n).
            assertEquals(0, sum / values.length, 4 * bound / Math.sqrt(3.0 * values.length), name);
        }
    }

    // ---------------------------------------------------------------- the formula

    /** sum of f(A [l(f(v)) + h ; h] + a)^2, with loops. */
    private static double plain(
            LatentEnergy model, Grid grid, int blocks, DoubleUnaryOperator f, double[] v, double[] h) {
        Parameters p = model.parameters();
        double[][][] x = PlainImages.image(v, grid.height(), grid.width(), grid.channels());
        x = PlainImages.convolution(p, "first", x, 1);
        for (int stage : new int[] {1, 2, 4}) {
            for (int b = 0; b < blocks; b++) {
                String name = "stage" + stage + ".block" + b;
                double[][][] inner = PlainImages.convolution(p, name + ".in", PlainImages.each(f, x), 1);
                double[][][] outer = PlainImages.convolution(p, name + ".out", PlainImages.each(f, inner), 1);
                // Means of pixels and the 1x1 convolution may be exchanged: here the shortcut is halved last.
                double[][][] shortcut = PlainImages.convolution(p, name + ".shortcut", x, 1);
                x = PlainImages.sum(outer, shortcut);
                x = b == 0 ? PlainImages.halved(x) : x;
            }
        }
        double[] features = PlainImages.layer(p, "toHidden", PlainImages.flat(x));
        double[] both = new double[2 * h.length];
        for (int j = 0; j < h.length; j++) {
            both[j] = features[j] + h[j];
            both[h.length + j] = h[j];
        }
        return Arrays.stream(PlainImages.layer(p, "head", both))
                .map(f)
                .map(s -> s * s)
                .sum();
    }

    private static void assertEnergyIsTheFormula(Grid grid, int blocks, Activation activation, double tolerance) {
        LatentEnergy model = ConvEnergy.images(grid)
                .channels(2)
                .blocks(blocks)
                .hidden(3)
                .activation(activation)
                .init(Noise.seed(4));
        double[] rows = numbers(2 * grid.size(), 5);
        double[] hidden = numbers(6, 6);
        Expr v = Expr.input("v", 2, grid.size());
        Expr h = Expr.input("h", 2, 3);
        double[] energies = new Doubles()
                .set(model.parameters())
                .set(v, rows)
                .set(h, hidden)
                .of(model.energy(v, h));
        for (int i = 0; i < 2; i++) {
            double expected = plain(
                    model,
                    grid,
                    blocks,
                    FORMULAS.get(activation),
                    Arrays.copyOfRange(rows, i * grid.size(), (i + 1) * grid.size()),
                    Arrays.copyOfRange(hidden, 3 * i, 3 * i + 3));
            assertEquals(expected, energies[i], tolerance * (1 + expected), activation + ", row " + i);
        }
    }

    @Test
    void energyIsTheFormulaWhateverTheShapeOfTheImages() {
        for (Grid grid : List.of(Grid.grey(8, 8), new Grid(9, 10, 3), new Grid(16, 11, 2))) {
            for (int blocks = 1; blocks <= 2; blocks++) {
                assertEnergyIsTheFormula(grid, blocks, Activation.ELU, 1e-12);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void energyIsTheFormulaWithEveryActivation(Activation activation) {
        assertEnergyIsTheFormula(new Grid(9, 10, 3), 1, activation, activation == Activation.LEAKY_RELU ? 1e-6 : 1e-12);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void energiesAreNeverNegative(Activation activation) {
        LatentEnergy model = tiny(activation).init(Noise.seed(2));
        Expr v = Expr.input("v", 20, 64);
        Expr h = Expr.input("h", 20, 3);
        double[] far = numbers(v.size(), 1);
        for (int i = 0; i < far.length; i++) {
            far[i] *= i % 3 == 0 ? 100 : 1;
        }
        for (double energy : new Doubles()
                .set(model.parameters())
                .set(v, far)
                .set(h, numbers(h.size(), 2))
                .of(model.energy(v, h))) {
            assertTrue(energy >= 0, "energy " + energy);
        }
    }

    // ---------------------------------------------------------------- derivatives

    @Test
    void scoreGivenHiddenIsMinusTheFiniteDifferenceOfTheEnergy() {
        LatentEnergy model = tiny(Activation.ELU).init(Noise.seed(4));
        Expr v = Expr.input("v", 1, 64);
        Expr h = Expr.input("h", 1, 3);
        Doubles given =
                new Doubles().set(model.parameters()).set(v, numbers(64, 1)).set(h, numbers(3, 2));
        Expr log = model.logUnnormalised(v, h);
        double[] slope = given.differences(model.energy(v, h), v);
        double[] score = given.of(Differentiation.gradient(log, v));
        for (int i = 0; i < 64; i++) {
            assertEquals(-slope[i], score[i], 1e-7, "pixel " + i);
        }
        assertArrayEquals(given.differences(log, h), given.of(Differentiation.gradient(log, h)), 1e-7);
    }

    private static double along(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] moved(double[] x, double[] direction, double by) {
        double[] out = x.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] += by * direction[i];
        }
        return out;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void slopesOfEnergyAndOfScoreAreFiniteDifferencesWithEveryActivation(Activation activation) {
        LatentEnergy model = tiny(activation).init(Noise.seed(4));
        Expr v = Expr.input("v", 1, 64);
        Expr h = Expr.input("h", 1, 3);
        Expr leaf = model.parameters().leaf();
        double[] theta = Doubles.widened(model.parameters().values());
        double[] at = numbers(64, 1);
        double[] z = numbers(64, 7);
        double[] w = numbers(theta.length, 8);
        double step = 1e-6;
        Doubles given = new Doubles().set(leaf, theta).set(v, at).set(h, numbers(3, 2));
        Expr energy = model.energy(v, h);
        Expr slope = Differentiation.gradient(energy, v)
                .times(Expr.constant(z, 1, 64))
                .sum();
        double inRows = along(given.of(Differentiation.gradient(energy, v)), z);
        double inParameters = along(given.of(model.parameters().gradient(energy.sum())), w);
        double twice = along(given.of(model.parameters().gradient(slope)), w);

        double up = given.set(v, moved(at, z, step)).scalar(energy);
        double down = given.set(v, moved(at, z, -step)).scalar(energy);
        assertEquals((up - down) / (2 * step), inRows, 1e-6 * (1 + Math.abs(inRows)), "along v");
        given.set(v, at).set(leaf, moved(theta, w, step));
        up = given.scalar(energy);
        double slopeUp = given.scalar(slope);
        given.set(leaf, moved(theta, w, -step));
        down = given.scalar(energy);
        double slopeDown = given.scalar(slope);
        assertEquals((up - down) / (2 * step), inParameters, 1e-6 * (1 + Math.abs(inParameters)), "along theta");
        assertEquals((slopeUp - slopeDown) / (2 * step), twice, 1e-5 * (1 + Math.abs(twice)), "along v and theta");
    }

    @Test
    void theCompiledEnergyAndItsDerivativesAgreeWithTheInterpreter() {
        Grid grid = new Grid(9, 10, 3);
        LatentEnergy model = ConvEnergy.images(grid).channels(4).hidden(3).init(Noise.seed(4));
        int n = 6;
        Expr v = Expr.input("v", n, grid.size());
        Expr h = Expr.input("h", n, 3);
        Expr energy = model.energy(v, h);
        Expr score = Differentiation.gradient(energy, v);
        Expr tangent =
                score.times(Expr.constant(numbers(v.size(), 9), n, grid.size())).sum();
        Expr second = model.parameters().gradient(tangent);
        List<Expr> all = List.of(energy, score, Differentiation.gradient(energy, h), second);
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(v, numbers(v.size(), 1))
                .set(h, numbers(h.size(), 2));
        try (Program program = Program.of(all)) {
            model.parameters().give(program);
            program.set(v, Expressions.floats(numbers(v.size(), 1)));
            program.set(h, Expressions.floats(numbers(h.size(), 2)));
            for (int run = 0; run < 2; run++) {
                program.run();
                for (int i = 0; i < all.size(); i++) {
                    assertClose(given.of(all.get(i)), program.value(i), "output " + i);
                }
            }
        }
    }

    /** To a few hundred roundings of the largest element. */
    private static void assertClose(double[] expected, float[] actual, String what) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertTrue(scale > 0, what);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 3e-5 * scale, what + ", element " + i);
        }
    }

    // ---------------------------------------------------------------- files and refusals

    @Test
    void aLoadedModelIsTheSavedOneToTheLastBit() {
        for (Activation activation : Activation.values()) {
            LatentEnergy model = ConvEnergy.images(new Grid(9, 10, 3))
                    .channels(2)
                    .hidden(3)
                    .activation(activation)
                    .init(Noise.seed(4));
            EnergyModel loaded = ModelFile.load(ModelFile.save(model, folder, Map.of()));
            assertEquals(Fingerprint.of(model), Fingerprint.of(loaded), "" + activation);
        }
    }

    @Test
    void rejectsImagesThatCannotBeHalvedThreeTimes() {
        for (Grid grid : List.of(Grid.grey(7, 8), Grid.grey(8, 7), Grid.grey(1, 100))) {
            SettingException error = assertThrows(SettingException.class, () -> ConvEnergy.images(grid));
            assertTrue(error.getMessage().contains("8 x 8"), error.getMessage());
            assertTrue(error.getMessage().contains("" + grid), error.getMessage());
        }
        assertEquals(64, tiny(Activation.ELU).init(Noise.seed(1)).visible());
    }

    @Test
    void rejectsSettingsBelowOne() {
        ConvEnergy images = ConvEnergy.images(Grid.grey(8, 8));
        assertThrows(SettingException.class, () -> images.channels(0));
        assertThrows(SettingException.class, () -> images.blocks(0));
        assertThrows(SettingException.class, () -> images.hidden(-1));
    }

    @Test
    void rejectsRowsThatAreNotSuchImages() {
        LatentEnergy model = tiny(Activation.ELU).init(Noise.seed(1));
        assertThrows(ShapeException.class, () -> model.energy(Expr.input("v", 2, 65), Expr.input("h", 2, 3)));
    }
}
