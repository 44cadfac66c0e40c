package org.ebvlm.bayes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.implicit.EntropyGradient;
import org.ebvlm.implicit.Kde;
import org.ebvlm.implicit.KernelScoreMatching;
import org.ebvlm.implicit.SampleScore;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.scoring.Rbf;
import org.junit.jupiter.api.Test;

class EntropyTermTest {
    private static final int N = 30;
    private static final int D = 4;
    private static final double BANDWIDTH = 2.3;

    private static double[] samples() {
        Noise noise = Noise.seed(1);
        double[] out = new double[N * D];
        for (int i = 0; i < out.length; i++) {
            // Rounded to single precision, as data are.
            out[i] = (float) (0.5 + 1.3 * noise.nextNormal());
        }
        return out;
    }

    private static double[] inGraph(EntropyTerm term) {
        Expr x = Expr.input("x", N, D);
        return Interpreter.evaluate(term.score(x), Map.of(x, samples()));
    }

    private static Data data() {
        double[] wide = samples();
        float[] values = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            values[i] = (float) wide[i];
        }
        return Data.of("samples", values, D);
    }

    private static void assertSame(SampleScore expected, double[] found, double tolerance) {
        double[] score = expected.atSamples();
        for (int i = 0; i < score.length; i++) {
            assertEquals(score[i], found[i], tolerance);
        }
    }

    @Test
    void theKernelDensityInTheGraphIsThatOfKde() {
        assertSame(Kde.kernel(Rbf.bandwidth(BANDWIDTH)).fit(data()), inGraph(KdeEntropy.bandwidth(BANDWIDTH)), 1e-9);
    }

    @Test
    void scoreMatchingInTheGraphIsThatOfKernelScoreMatching() {
        assertSame(
                KernelScoreMatching.kernel(Rbf.bandwidth(BANDWIDTH)).ridge(0.7).fit(data()),
                inGraph(ScoreMatchingEntropy.bandwidth(BANDWIDTH).ridge(0.7).steps(60)),
                1e-6);
    }

    @Test
    void thirtyStepsInSinglePrecisionAreEnough() {
        Expr x = Expr.input("x", N, D);
        double[] exact = inGraph(ScoreMatchingEntropy.lengths(1).steps(100));
        float[] found = Program.evaluate(ScoreMatchingEntropy.lengths(1).score(x), Map.of(x, data().values()));
        double error = 0;
        double size = 0;
        for (int i = 0; i < exact.length; i++) {
            error += (found[i] - exact[i]) * (found[i] - exact[i]);
            size += exact[i] * exact[i];
        }
        assertTrue(Math.sqrt(error / size) < 1e-3, "error " + Math.sqrt(error / size));
    }

    @Test
    void theLengthIsTheBatchsMeanSquaredDistanceUnlessGiven() {
        double[] x = samples();
        double sum = 0;
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                for (int c = 0; c < D; c++) {
                    double gap = x[i * D + c] - x[j * D + c];
                    sum += gap * gap / (N * (N - 1.0));
                }
            }
        }
        double length = 0.8 * Math.sqrt(sum);
        assertEquals(inGraph(KdeEntropy.bandwidth(length))[5], inGraph(KdeEntropy.lengths(0.8))[5], 1e-12);
        assertEquals(
                inGraph(ScoreMatchingEntropy.bandwidth(length))[5],
                inGraph(ScoreMatchingEntropy.lengths(0.8))[5],
                1e-9);
    }

    @Test
    void steinIsTheEntropyGradientsAndNoneIsZero() {
        EntropyGradient how = EntropyGradient.kernel(Rbf.medianHeuristic());
        Expr x = Expr.input("x", N, D);
        double[] expected = Interpreter.evaluate(how.score(x), Map.of(x, samples()));
        assertEquals(expected[7], inGraph(EntropyTerm.stein(how))[7]);
        assertEquals(0, inGraph(EntropyTerm.none())[7]);
    }

    @Test
    void noDerivativeFlowsThroughTheEstimates() {
        Expr x = Expr.input("x", N, D);
        for (EntropyTerm term : new EntropyTerm[] {KdeEntropy.lengths(1), ScoreMatchingEntropy.lengths(1)}) {
            Expr slope = Differentiation.gradient(term.score(x).square().sum(), x);
            assertEquals(0, Interpreter.evaluate(slope, Map.of(x, samples()))[3], term.name());
        }
        assertThrows(SettingException.class, () -> KdeEntropy.lengths(0));
        assertThrows(
                SettingException.class, () -> ScoreMatchingEntropy.lengths(1).ridge(-1));
    }
}
