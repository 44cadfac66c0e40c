package org.ebvlm.bayes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BayesianNetworkTest {
    private static final int K = 3;
    private static final int N = 5;
    private static final int IN = 2;

    private static Stream<BayesianNetwork> networks() {
        BayesianNetwork plain = BayesianNetwork.inputs(IN);
        return Stream.of(
                plain,
                plain.relu(4),
                plain.sigmoid(4),
                plain.tanh(4).priorStd(0.7),
                plain.gaussian(0.3),
                plain.tanh(3).gaussian(0.3));
    }

    private static double[] normal(int size, long seed) {
        Noise noise = Noise.seed(seed);
        double[] out = new double[size];
        for (int i = 0; i < size; i++) {
            out[i] = noise.nextNormal();
        }
        return out;
    }

    private static final double[] X = normal(N * IN, 1);
    private static final double[] Y = {0, 1, 1, 0, 1};

    private static double[] weights(BayesianNetwork network) {
        return normal(K * network.weights(), 2);
    }

    private static double[] value(BayesianNetwork network, Formula formula, double[] theta) {
        Expr particles = Expr.input("theta", K, network.weights());
        Expr x = Expr.input("x", N, IN);
        Expr y = Expr.input("y", N);
        return Interpreter.evaluate(formula.at(particles, x, y), Map.of(particles, theta, x, X, y, Y));
    }

    private interface Formula {
        Expr at(Expr particles, Expr x, Expr y);
    }

    /** A loop over units, as the formula says; activation by name. */
    private static double output(BayesianNetwork network, double[] theta, int k, int row) {
        int from = k * network.weights();
        int hidden = (network.weights() - 1) / (IN + 2);
        String text = network.toString();
        if (!text.contains("relu") && !text.contains("sigmoid") && !text.contains("tanh")) {
            return theta[from] * X[row * IN] + theta[from + 1] * X[row * IN + 1] + theta[from + 2];
        }
        double f = theta[from + network.weights() - 1];
        for (int h = 0; h < hidden; h++) {
            double z = theta[from + hidden * IN + h];
            for (int j = 0; j < IN; j++) {
                z += theta[from + h * IN + j] * X[row * IN + j];
            }
            double a = text.contains("relu")
                    ? Math.max(0, z)
                    : text.contains("tanh") ? Math.tanh(z) : 1 / (1 + Math.exp(-z));
            f += theta[from + hidden * (IN + 1) + h] * a;
        }
        return f;
    }

    @Test
    void aNetworkOfSixInputsAndTwentyUnitsHas161Weights() {
        assertEquals(161, BayesianNetwork.inputs(6).relu(20).weights());
        assertEquals(7, BayesianNetwork.inputs(6).weights());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void outputsAreThoseOfALoopOverUnits(BayesianNetwork network) {
        double[] theta = weights(network);
        double[] found = value(network, (t, x, y) -> network.outputs(t, x), theta);
        for (int i = 0; i < K * N; i++) {
            assertEquals(output(network, theta, i / N, i % N), found[i], 1e-12);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theLogJointIsThatOfPriorAndLabels(BayesianNetwork network) {
        double[] theta = weights(network);
        double std = network.toString().contains("4 tanh") ? 0.7 : 1;
        double[] found = value(network, (t, x, y) -> network.logJoint(t, x, y, 3 * N), theta);
        for (int k = 0; k < K; k++) {
            double expected = 0;
            for (int w = 0; w < network.weights(); w++) {
                double z = theta[k * network.weights() + w] / std;
                expected += -0.5 * z * z - Math.log(std * Math.sqrt(2 * Math.PI));
            }
            for (int i = 0; i < N; i++) {
                double f = output(network, theta, k, i);
                double one = 1 / (1 + Math.exp(-f));
                double gap = (Y[i] - f) / 0.3;
                // Five rows stand for fifteen.
                expected += 3
                        * (network.isBinary()
                                ? Math.log(Y[i] == 1 ? one : 1 - one)
                                : -0.5 * gap * gap - Math.log(0.3 * Math.sqrt(2 * Math.PI)));
            }
            assertEquals(expected, found[k], 1e-9 * Math.abs(expected));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theScoreIsTheSlopeOfTheLogJoint(BayesianNetwork network) {
        double[] theta = weights(network);
        double[] score = value(network, (t, x, y) -> network.score(t, x, y, 2 * N), theta);
        double step = 1e-5;
        for (int i = 0; i < theta.length; i++) {
            double at = theta[i];
            theta[i] = at + step;
            double up = value(network, (t, x, y) -> network.logJoint(t, x, y, 2 * N), theta)[i / network.weights()];
            theta[i] = at - step;
            double down = value(network, (t, x, y) -> network.logJoint(t, x, y, 2 * N), theta)[i / network.weights()];
            theta[i] = at;
            assertEquals((up - down) / (2 * step), score[i], 1e-5 * (1 + Math.abs(score[i])));
        }
    }

    @Test
    void theScoreOfALineIsZeroAtTheMeanOfItsPosterior() {
        Line line = new Line(30, 2);
        float[] mean = {(float) line.mean[0], (float) line.mean[1], (float) line.mean[2]};
        float[] found = line.network.scores(Data.of("mean", mean, 3), line.data);
        float[] beside =
                line.network.scores(Data.of("beside", new float[] {mean[0] + 0.1f, mean[1], mean[2]}, 3), line.data);
        for (int a = 0; a < 3; a++) {
            assertEquals(0, found[a], 1e-3);
            // minus the precision times the shift
            assertEquals(-0.1 * line.precision[a][0], beside[a], 2e-3);
        }
    }

    @Test
    void scoresOfManyParticlesAreThoseOfEach() {
        BayesianNetwork network = BayesianNetwork.inputs(IN).tanh(3);
        float[] x = new float[N * IN];
        float[] y = new float[N];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) X[i];
        }
        for (int i = 0; i < N; i++) {
            y[i] = (float) Y[i];
        }
        Labelled data = Labelled.of(Data.of("rows", x, IN), Data.of("labels", y, 1));
        Data particles = network.draw(103, Noise.seed(3));
        float[] all = network.scores(particles, data);
        assertEquals(103 * network.weights(), all.length);
        for (int k : List.of(0, 49, 50, 99, 100, 102)) {
            float[] one = network.scores(particles.rows(k, k + 1), data);
            for (int w = 0; w < network.weights(); w++) {
                assertEquals(one[w], all[k * network.weights() + w], 1e-4);
            }
        }
    }

    /** Of 20,000 draws the mean square has a standard error of 0.01. */
    @Test
    void drawsFromThePriorHaveItsSpread() {
        Data draws = BayesianNetwork.inputs(1).priorStd(0.5).draw(10_000, Noise.seed(4));
        double square = 0;
        for (float each : draws.values()) {
            square += each * each / 20_000.0;
        }
        assertEquals(0.25, square, 0.01);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Labelled numbers =
                Labelled.of(Data.of("rows", new float[] {1, 2, 3}, 1), Data.of("y", new float[] {0, 2, 1}, 1));
        BayesianNetwork one = BayesianNetwork.inputs(1).relu(2);
        Data particles = one.draw(2, Noise.seed(1));
        DataException classes = assertThrows(DataException.class, () -> one.predict(particles, numbers));
        assertTrue(classes.getMessage().contains("2.0 in row 1"), classes.getMessage());
        assertTrue(Double.isFinite(
                one.gaussian(1).predict(particles, numbers).error().value()));
        assertThrows(ShapeException.class, () -> BayesianNetwork.inputs(2).predict(particles, numbers));
        assertThrows(ShapeException.class, () -> one.predict(numbers.rows(), numbers));
        assertThrows(ShapeException.class, () -> one.outputs(Expr.input("t", 2, 3), Expr.input("x", 4, 1)));
        assertThrows(ShapeException.class, () -> one.outputs(Expr.input("t", 2, 7), Expr.input("x", 4, 2)));
        assertThrows(
                ShapeException.class,
                () -> one.logLikelihood(Expr.input("t", 2, 7), Expr.input("x", 4, 1), Expr.input("y", 3)));
        assertThrows(SettingException.class, () -> BayesianNetwork.inputs(0));
        assertThrows(SettingException.class, () -> one.gaussian(-1));
        assertThrows(SettingException.class, () -> one.priorStd(Double.NaN));
    }
}
