package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.program.Program;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Rbf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores and log densities at points that are expressions, against those at numbers. */
class ScoreExpressionTest {
    private static final double H = 2.4;
    private static final int POINTS = 70;

    static List<ScoreFromSamples<?>> estimators() {
        List<ScoreFromSamples<?>> all = new ArrayList<>(ExpansionsTest.energies());
        all.add(Stein.kernel(Rbf.bandwidth(H)).ridge(0.01));
        all.add(Stein.kernel(Imq.bandwidth(H)));
        all.add(Stein.kernel(Rbf.bandwidth(H)).ridge(1.5).uStatistic());
        all.add(SteinEnergy.kernel(Rbf.bandwidth(H)).ridge(0.5).uStatistic());
        all.add(Tikhonov.kernel(Imq.bandwidth(H)));
        all.add(Nystrom.kernel(Imq.bandwidth(H)).centres(20));
        all.add(SpectralCutoff.kernel(Rbf.bandwidth(H)));
        all.add(Landweber.kernel(Rbf.bandwidth(H)));
        all.add(NuMethod.kernel(Imq.bandwidth(H)));
        return all;
    }

    /** Of some width, not about zero and not of unit length. */
    private static double[] points(int n, int d, long seed) {
        double[] x = Clouds.normal(n, d, seed);
        for (int i = 0; i < x.length; i++) {
            x[i] = 5 + 0.9 * x[i];
        }
        return x;
    }

    /** 3 coordinates go by differences, 9 by products. */
    @ParameterizedTest
    @MethodSource("estimators")
    void theExpressionIsTheScore(ScoreFromSamples<?> estimator) {
        for (int d : new int[] {3, 9}) {
            SampleScore score = estimator.fit(Samples.of(points(40, d, 1), d));
            double[] y = points(POINTS, d, 2);
            Expr points = Expr.input("y", POINTS, d);
            double[] expected = score.at(Samples.of(y, d));
            double[] found = Interpreter.evaluate(score.at(points), Map.of(points, y));
            assertTrue(Clouds.error(found, expected) < 1e-8, estimator + ": " + Clouds.error(found, expected));
            double[] single = compiled(score.at(points), points, y);
            assertTrue(Clouds.error(single, expected) < 1e-3, estimator + ": " + Clouds.error(single, expected));
            if (score instanceof SampleEnergy energy) {
                double[] logDensity = energy.logDensity(Samples.of(y, d));
                double[] same = Interpreter.evaluate(energy.logDensity(points), Map.of(points, y));
                assertTrue(Clouds.error(same, logDensity) < 1e-9, estimator.toString());
            }
        }
    }

    private static double[] compiled(Expr result, Expr input, double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        try (Program program = Program.of(result)) {
            program.set(input, narrow);
            program.run();
            double[] out = new double[result.size()];
            for (int i = 0; i < out.length; i++) {
                out[i] = program.value(0)[i];
            }
            return out;
        }
    }

    /** So far out that every kernel underflows in single precision. */
    @Test
    void theKernelDensityPointsBackFromFarAwayInSinglePrecisionToo() {
        SampleEnergy energy = Kde.kernel(Rbf.bandwidth(1)).fit(Samples.of(new double[] {0, 1, 2}, 1));
        Expr far = Expr.input("y", 1, 1);
        assertEquals(-998, compiled(energy.at(far), far, new double[] {1000})[0], 1e-3);
        assertEquals(-998.0 * 998 / 2 - Math.log(3), compiled(energy.logDensity(far), far, new double[] {1000})[0], 1);
    }

    @Test
    void pointsOfAnotherWidthAreRefused() {
        SampleScore score = Stein.gaussian().fit(Clouds.samples(10, 2, 15));
        ShapeException error = assertThrows(ShapeException.class, () -> score.at(Expr.input("y", 4, 3)));
        assertTrue(error.getMessage().contains("[m, 2]"), error.getMessage());
    }

    @Test
    void aScoreThatHasNoExpressionSaysSo() {
        SampleScore own = new SampleScore() {
            @Override
            public int rows() {
                return 1;
            }

            @Override
            public int width() {
                return 1;
            }

            @Override
            public double[] atSamples() {
                return new double[1];
            }

            @Override
            public double[] at(Samples points) {
                return points.values();
            }
        };
        assertThrows(SettingException.class, () -> own.at(Expr.input("y", 1, 1)));
    }
}
