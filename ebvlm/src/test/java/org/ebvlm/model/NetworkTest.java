package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class NetworkTest {
    private static final int IN = 3;
    private static final int OUT = 2;
    private static final double[][] ROWS = {{0.4, -1.1, 0.9}, {-2, 0.3, 0.1}};

    private static double[] values(Network network) {
        Expr x = Expr.input("x", 2, IN);
        double[] both = new double[2 * IN];
        System.arraycopy(ROWS[0], 0, both, 0, IN);
        System.arraycopy(ROWS[1], 0, both, IN, IN);
        return new Doubles().set(network.parameters()).set(x, both).of(network.apply(x));
    }

    /** x W + b. */
    private static double[] layer(Network network, String name, double[] x) {
        float[] w = network.parameters().values(name + ".W");
        double[] out = Doubles.widened(network.parameters().values(name + ".b"));
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < out.length; j++) {
                out[j] += x[i] * w[i * out.length + j];
            }
        }
        return out;
    }

    /** last(activation(layer1(activation(layer0(x))))) + shortcut(x). */
    private static double[] plain(Network network, int layers, DoubleUnaryOperator activation, double[] row) {
        double[] x = row;
        for (int i = 0; i < layers; i++) {
            x = Arrays.stream(layer(network, "layer" + i, x)).map(activation).toArray();
        }
        double[] out = layer(network, "last", x);
        double[] beside = layer(network, "shortcut", row);
        for (int j = 0; j < out.length; j++) {
            out[j] += beside[j];
        }
        return out;
    }

    private static void assertRows(double[] first, double[] second, Network network) {
        double[] actual = values(network);
        assertArrayEquals(first, Arrays.copyOfRange(actual, 0, OUT), 1e-12, "" + network);
        assertArrayEquals(second, Arrays.copyOfRange(actual, OUT, 2 * OUT), 1e-12, "" + network);
    }

    // ---------------------------------------------------------------- architectures

    @Test
    void linearIsOneLayer() {
        Network network = Network.linear().init(IN, OUT, Noise.seed(2));
        assertRows(layer(network, "layer", ROWS[0]), layer(network, "layer", ROWS[1]), network);
        assertEquals(IN * OUT + OUT, network.parameters().size());
    }

    @Test
    void eluIsItsFormula() {
        DoubleUnaryOperator elu = x -> x > 0 ? x : Math.expm1(x);
        for (int[] widths : new int[][] {{}, {4}, {5, 7}}) {
            Network network = Network.elu(widths).init(IN, OUT, Noise.seed(2));
            assertRows(
                    plain(network, widths.length, elu, ROWS[0]), plain(network, widths.length, elu, ROWS[1]), network);
        }
    }

    @Test
    void leakyReluIsItsFormulaWithSlopeOneFifth() {
        // The graph holds the slope as a float.
        DoubleUnaryOperator leaky = x -> x > 0 ? x : 0.2f * x;
        Network network = Network.leakyRelu(5, 7).init(IN, OUT, Noise.seed(2));
        assertRows(plain(network, 2, leaky, ROWS[0]), plain(network, 2, leaky, ROWS[1]), network);
    }

    @Test
    void layersStartUniformWithinOneOverTheRootOfTheirInputs() {
        Network network = Network.elu(100).init(25, 40, Noise.seed(3));
        for (String name : network.parameters().names()) {
            double bound = name.startsWith("last") ? 0.1 : 0.2;
            float[] values = network.parameters().values(name);
            double largest = 0;
            double sum = 0;
            for (float x : values) {
                largest = Math.max(largest, Math.abs(x));
                sum += x;
            }
            assertTrue(largest <= (float) bound && largest > 0.8 * bound, name + ": " + largest);
            assertEquals(0, sum / values.length, 4 * bound / Math.sqrt(3.0 * values.length), name);
        }
    }

    @Test
    void anotherSeedGivesOtherWeightsAndTheSameSeedTheSame() {
        float[] first = Network.elu(4).init(IN, OUT, Noise.seed(1)).parameters().values();
        float[] again = Network.elu(4).init(IN, OUT, Noise.seed(1)).parameters().values();
        float[] other = Network.elu(4).init(IN, OUT, Noise.seed(2)).parameters().values();
        assertArrayEquals(first, again);
        assertFalse(Arrays.equals(first, other));
    }

    @Test
    void startingAtZeroIsZeroEverywhereAndKeepsTheFeatures() {
        for (Network.Architecture kind :
                new Network.Architecture[] {Network.linear(), Network.elu(), Network.elu(4, 5), Network.leakyRelu(6)}) {
            Network network = kind.init(IN, OUT, Noise.seed(4));
            assertTrue(Arrays.stream(values(network)).allMatch(x -> x != 0), "before: " + network);
            assertArrayEquals(new double[2 * OUT], values(network.startingAtZero()), "after: " + network);
        }
        Network deep = Network.elu(4, 5).init(IN, OUT, Noise.seed(4));
        Parameters zeroed = deep.startingAtZero().parameters();
        for (String name : new String[] {"layer0.W", "layer0.b", "layer1.W", "layer1.b"}) {
            assertArrayEquals(deep.parameters().values(name), zeroed.values(name), name);
        }
        Doubles given = new Doubles().set(zeroed);
        Expr x = Expr.input("x", 2, IN);
        given.set(x, 0.4, -1.1, 0.9, -2, 0.3, 0.1);
        double[] slope = given.of(zeroed.gradient(deep.apply(x).sum()));
        assertTrue(Arrays.stream(slope).anyMatch(s -> s != 0), "and so it can leave zero");
    }

    @Test
    void withOtherParametersItIsTheSameFunctionOfThem() {
        Network network = Network.elu(4).init(IN, OUT, Noise.seed(5));
        float[] values = network.parameters().values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        Network moved = network.with(network.parameters().with(values));
        DoubleUnaryOperator elu = x -> x > 0 ? x : Math.expm1(x);
        assertRows(plain(moved, 1, elu, ROWS[0]), plain(moved, 1, elu, ROWS[1]), moved);
        assertEquals(network.parameters().leaf(), moved.parameters().leaf());
    }

    // ---------------------------------------------------------------- graphs of others

    /** tanh(x A) * scale. */
    private static SameDiff graph() {
        SameDiff g = SameDiff.create();
        SDVariable x = g.placeHolder("x", DataType.FLOAT, -1, IN);
        SDVariable a = g.var("A", Nd4j.createFromArray(new float[][] {{1, -2}, {0.5f, 0.25f}, {-1, 3}}));
        SDVariable scale = g.var("scale", Nd4j.createFromArray(new float[] {2, -1}));
        g.math.tanh(x.mmul(a)).mul(scale).rename("y");
        return g;
    }

    @Test
    void aSameDiffGraphIsANetwork() {
        Network network = Network.of(graph(), "y");
        assertEquals(IN, network.in());
        assertEquals(OUT, network.out());
        assertEquals(8, network.parameters().size());
        double[][] expected = new double[2][];
        for (int r = 0; r < 2; r++) {
            double[] x = ROWS[r];
            expected[r] = new double[] {
                2 * Math.tanh(x[0] + 0.5 * x[1] - x[2]), -Math.tanh(-2 * x[0] + 0.25 * x[1] + 3 * x[2])
            };
        }
        assertRows(expected[0], expected[1], network);
        assertArrayEquals(values(network), values(network.startingAtZero()), "graphs of others stay");
    }

    @Test
    void theGraphOfANetworkMakesTheSameNetworkAgain() {
        Network network = Network.leakyRelu(4).init(IN, OUT, Noise.seed(6));
        float[] values = network.parameters().values();
        values[0] = 7;
        Network moved = network.with(network.parameters().with(values));
        Network again = Network.of(moved.function().graph(), moved.function().output());
        assertArrayEquals(values(moved), values(again), 1e-12);
    }

    // ---------------------------------------------------------------- refusals

    @Test
    void rejectsRowsOfWrongWidth() {
        for (Network network : new Network[] {Network.elu(4).init(IN, OUT, Noise.seed(1)), Network.of(graph(), "y")}) {
            assertThrows(ShapeException.class, () -> network.apply(Expr.input("x", 2, IN + 1)), "" + network);
        }
    }

    @Test
    void rejectsGraphsThatAreNotARowForEachRow() {
        SameDiff oneNumber = SameDiff.create();
        oneNumber.placeHolder("x", DataType.FLOAT, -1, IN).sum(1).rename("y");
        assertRefused("[n, out]", oneNumber);
        SameDiff turned = SameDiff.create();
        turned.placeHolder("x", DataType.FLOAT, -1, IN).permute(1, 0).rename("y");
        assertRefused("[n, out]", turned);
        SameDiff otherName = SameDiff.create();
        otherName.placeHolder("input", DataType.FLOAT, -1, IN).mul(2).rename("y");
        assertRefused("placeholder x", otherName);
        SameDiff picture = SameDiff.create();
        picture.placeHolder("x", DataType.FLOAT, -1, IN, 2).mul(2).rename("y");
        assertRefused("[-1, width]", picture);
        SameDiff open = SameDiff.create();
        open.placeHolder("x", DataType.FLOAT, -1, -1).mul(2).rename("y");
        assertRefused("[-1, width]", open);
    }

    private static void assertRefused(String what, SameDiff graph) {
        String message =
                assertThrows(GraphException.class, () -> Network.of(graph, "y")).getMessage();
        assertTrue(message.contains("expected") && message.contains(what), message);
    }

    @Test
    void rejectsAnOutputThatTheGraphDoesNotHave() {
        GraphException error = assertThrows(GraphException.class, () -> Network.of(graph(), "z"));
        assertTrue(error.getMessage().contains("z"), error.getMessage());
    }
}
