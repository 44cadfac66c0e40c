package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.Test;

class EsmTest {
    /** N(b, P^-1 I): score P (b - v), with P = exp(-2 logStd). */
    private static Energy gaussian() {
        return Energy.visible(2)
                .zeros("b", 2)
                .zeros("logStd", 2)
                .energy((g, v) -> g.math.square(v.sub(g.getVariable("b"))
                                .mul(g.math.exp(g.getVariable("logStd").neg())))
                        .sum(1)
                        .mul(0.5))
                .init(Noise.seed(1));
    }

    private static Data data(int n) {
        return Gaussian.diagonal(new double[] {1, -2}, new double[] {1.5, 0.7}).sample(n, Noise.seed(2));
    }

    /** Of the parameters b and log std, by hand: J = mean of 1/2 sum over k of (P_k (b_k - v_k) - g_k)^2. */
    private static double objective(double[] theta, float[] v, double[] g) {
        double sum = 0;
        for (int i = 0; i < v.length; i++) {
            double p = Math.exp(-2 * theta[2 + i % 2]);
            double gap = p * (theta[i % 2] - v[i]) - g[i];
            sum += gap * gap / v.length;
        }
        return sum;
    }

    @Test
    void valueAndGradientAreThoseOfTheDefinition() {
        Data rows = data(30);
        Stein stein = Stein.gaussian().ridge(0.2);
        double[] reference = stein.fit(rows).at(rows);
        Energy model = gaussian();
        double[] theta = {0.4, -0.3, 0.2, -0.1};
        Expr batch = Expr.input("batch", 30, 2);
        List<Phase> phases = Esm.by(stein).phases(model, rows, batch);
        assertEquals(1, phases.size());
        Map<Expr, double[]> values = new HashMap<>();
        double[] v = new double[60];
        for (int i = 0; i < 60; i++) {
            v[i] = rows.at(i / 2, i % 2);
        }
        values.put(batch, v);
        Parameters parameters = model.parameters();
        values.put(parameters.leaf(), theta);
        float[] narrow = rows.values();
        assertEquals(
                objective(theta, narrow, reference),
                Interpreter.evaluate(phases.get(0).value(), values)[0],
                1e-9);
        double[] gradient =
                Interpreter.evaluate(parameters.gradient(phases.get(0).loss()), values);
        for (int k = 0; k < 4; k++) {
            double[] up = theta.clone();
            double[] down = theta.clone();
            up[k] += 1e-5;
            down[k] -= 1e-5;
            double slope = (objective(up, narrow, reference) - objective(down, narrow, reference)) / 2e-5;
            assertEquals(slope, gradient[k], 1e-7 * (1 + Math.abs(slope)));
        }
    }

    /** Least squares of the estimated score on (1, v): P = -cov(g, v) / var(v), b = mean(v) + mean(g) / P. */
    @Test
    void aGaussianEndsAtTheLeastSquaresFitOfTheEstimate() {
        Data rows = data(100);
        double[] g = Stein.gaussian().fit(rows).at(rows);
        Energy fitted = (Energy) Training.of(gaussian())
                .minimizing(Esm.by(Stein.gaussian()))
                .on(rows)
                .batches(100)
                .with(Adam.rate(0.01))
                .steps(2500)
                .fit(Noise.seed(3))
                .model();
        for (int k = 0; k < 2; k++) {
            double meanV = 0;
            double meanG = 0;
            double vv = 0;
            double gv = 0;
            for (int i = 0; i < 100; i++) {
                double v = rows.at(i, k);
                meanV += v / 100;
                meanG += g[2 * i + k] / 100;
                vv += v * v / 100;
                gv += v * g[2 * i + k] / 100;
            }
            double precision = -(gv - meanG * meanV) / (vv - meanV * meanV);
            assertEquals(-0.5 * Math.log(precision), fitted.parameters().values("logStd")[k], 2e-3);
            assertEquals(meanV + meanG / precision, fitted.parameters().values("b")[k], 5e-3);
        }
    }

    @Test
    void aTeacherIsLearnedExactly() {
        Energy fitted = (Energy) Training.of(gaussian())
                .minimizing(Esm.toward("teacher", v -> v.minus(0.5).times(-4)))
                .on(data(200))
                .batches(50)
                .with(Adam.rate(0.01))
                .steps(2500)
                .fit(Noise.seed(3))
                .model();
        for (int k = 0; k < 2; k++) {
            assertEquals(Math.log(0.5), fitted.parameters().values("logStd")[k], 2e-3);
            assertEquals(0.5, fitted.parameters().values("b")[k], 2e-3);
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThrows(SettingException.class, () -> Esm.by(Stein.gaussian()).rows(1));
        assertThrows(
                SettingException.class, () -> Esm.toward("teacher", Expr::neg).rows(100));
        assertTrue(Esm.by(Kde.kernel(Rbf.bandwidth(1))).name().contains("kernel density"));
    }
}
