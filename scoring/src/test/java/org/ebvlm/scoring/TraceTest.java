package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final int WIDTH = 3;
    private static final double[] ROWS = {0.3, -0.8, 1.1, -1.4, 0.2, 0.6};

    private final Network network = Network.elu(5).init(WIDTH, WIDTH, Noise.seed(6));
    private final Expr v = Expr.input("v", 2, WIDTH);
    private final Expr f = network.apply(v);
    private final Doubles given =
            new Doubles().set(network.parameters()).set(v, ROWS).draw(Noise.seed(1));

    /** The diagonal of the Jacobian by central differences, summed for each row; v is [2, width]. */
    private double[] differences() {
        double[] trace = new double[2];
        for (int i = 0; i < WIDTH; i++) {
            double[] slopes = given.differences(f.slice(1, i, 1), v);
            trace[0] += slopes[i];
            trace[1] += slopes[WIDTH + i];
        }
        return trace;
    }

    @Test
    void exactTraceIsTheSumOfFiniteDifferencesForEachRow() {
        assertArrayEquals(differences(), given.of(Trace.of(f, v, true)), 1e-8);
    }

    @Test
    void rademacherEstimateAveragesToTheTraceOverAllProbes() {
        Expr estimate = Trace.of(f, v, false);
        Expr probe = probe(estimate);
        double[] mean = new double[2];
        int states = 1 << WIDTH;
        for (int state = 0; state < states; state++) {
            double[] u = new double[2 * WIDTH];
            for (int i = 0; i < u.length; i++) {
                u[i] = (state >> i % WIDTH & 1) == 1 ? 1 : -1;
            }
            double[] value = given.set(probe, u).of(estimate);
            mean[0] += value[0] / states;
            mean[1] += value[1] / states;
        }
        assertArrayEquals(differences(), mean, 1e-8);
    }

    private static Expr probe(Expr estimate) {
        List<Expr> probes = Expr.sorted(List.of(estimate)).stream()
                .filter(node -> node.op() instanceof Leaf.Input input && input.source() == Leaf.Source.RADEMACHER)
                .toList();
        assertEquals(1, probes.size(), "one probe for all rows and columns");
        return probes.get(0);
    }

    @Test
    void rademacherEstimateIsUnbiasedAsDrawn() {
        int rows = 200;
        Expr many = Expr.input("v", rows, WIDTH);
        Expr mean = Trace.of(network.apply(many), many, false).mean();
        double[] point = {ROWS[0], ROWS[1], ROWS[2]};
        Sampled sampled =
                Sampled.of(mean, 200, List.of(network.parameters()), Map.of(many, Sampled.copies(point, rows)));
        sampled.assertAgrees("200 runs of 200 rows", new double[] {differences()[0]});
    }

    @Test
    void rademacherEstimateIsExactForADiagonalJacobianWhateverTheProbe() {
        Expr diagonal = v.tanh().times(Expr.constant(new double[] {2, -1, 0.5}, WIDTH));
        double[] expected = new double[2];
        for (int i = 0; i < ROWS.length; i++) {
            double slope = 1 - Math.tanh(ROWS[i]) * Math.tanh(ROWS[i]);
            expected[i / WIDTH] += slope * new double[] {2, -1, 0.5}[i % WIDTH];
        }
        Expr estimate = Trace.of(diagonal, v, false);
        for (int seed = 0; seed < 5; seed++) {
            assertArrayEquals(expected, given.draw(Noise.seed(seed), estimate).of(estimate), 1e-12);
        }
        assertArrayEquals(expected, given.of(Trace.of(diagonal, v, true)), 1e-12);
    }

    @Test
    void traceOfAConstantIsZeroAndOfARotationIsItsDiagonal() {
        double[] matrix = {1, 5, -2, -5, 3, 4, 2, -4, -7};
        Expr turned = v.matmul(Expr.constant(matrix, WIDTH, WIDTH));
        assertArrayEquals(new double[] {-3, -3}, given.of(Trace.of(turned, v, true)), 1e-12);
        Expr fixed = Expr.constant(1, 2, WIDTH);
        assertArrayEquals(new double[2], given.of(Trace.of(fixed, v, true)));
    }

    @Test
    void traceHasAParameterGradient() {
        Parameters parameters = network.parameters();
        Expr total = Trace.of(f, v, true).sum();
        assertArrayEquals(
                given.differences(total, parameters.leaf()), given.of(parameters.gradient(total)), 1e-7, "to learn by");
    }
}
