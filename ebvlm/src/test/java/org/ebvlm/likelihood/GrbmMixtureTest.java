package org.ebvlm.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class GrbmMixtureTest {
    private static final float[] COUPLINGS = {0.9f, -0.4f, 0.3f, 0.2f, 0.7f, -1.1f};
    private static final float[] C = {0.3f, -0.2f, 0.1f};
    private static final float[] B = {0.4f, -0.6f};
    private static final double MESH = 0.2;
    private static final int SIDE = 121;

    /** Three hidden units, standard deviations that differ. */
    private static Grbm machine() {
        return Grbm.visible(2).hidden(3).of(COUPLINGS, C, B, new float[] {0.7f, 1.2f});
    }

    /** With hidden units of -1 and 1. */
    private static Grbm signs() {
        return Grbm.visible(2).hidden(3).ofSigns(COUPLINGS, C, B);
    }

    /** log p~ with signs, from its definition. */
    private static double logSigned(double x, double y) {
        double sum = B[0] * x + B[1] * y - 0.5 * (x * x + y * y);
        for (int j = 0; j < 3; j++) {
            sum += Math.log(2 * Math.cosh(COUPLINGS[j] * x + COUPLINGS[3 + j] * y + C[j]));
        }
        return sum;
    }

    private interface OfPoint {
        double at(double x, double y);
    }

    /** The trapezoid rule, exact to rounding for sums of Gaussians much wider than its mesh. */
    private static double integral(OfPoint f) {
        double[] points = plane();
        double sum = 0;
        for (int i = 0; i < points.length; i += 2) {
            sum += f.at(points[i], points[i + 1]);
        }
        return sum * MESH * MESH;
    }

    private static double[] plane() {
        double[] points = new double[2 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            points[2 * i] = (i / SIDE - SIDE / 2) * MESH;
            points[2 * i + 1] = (i % SIDE - SIDE / 2) * MESH;
        }
        return points;
    }

    private static double[] freeEnergy(Grbm model, double... points) {
        Expr v = Expr.input("v", points.length / 2, 2);
        double[] parameters = new double[model.parameters().size()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = model.parameters().values()[i];
        }
        return Interpreter.evaluate(
                model.freeEnergy(v), Map.of(v, points, model.parameters().leaf(), parameters));
    }

    @Test
    void logPartitionIsTheIntegralOverThePlane() {
        for (Grbm model : new Grbm[] {machine(), machine().withScaledCoupling(), signs()}) {
            double[] free = freeEnergy(model, plane());
            double sum = 0;
            for (double each : free) {
                sum += Math.exp(-each) * MESH * MESH;
            }
            LogPartition found = GrbmMixture.of(model).logPartition();
            assertEquals(Math.log(sum), found.value(), 1e-6, model.toString());
            assertEquals(MachineEnumeration.of(model).value(), found.value(), 1e-6);
            assertTrue(found.isExact());
        }
    }

    /** log Z of signs as it is published: (d/2) log 2 pi + logsumexp over h in {-1, 1} of 1/2 ||B h + b||^2 + c . h. */
    @Test
    void aMachineOfSignsHasTheDensityOfItsDefinition() {
        double sum = 0;
        for (int state = 0; state < 8; state++) {
            double own = 0;
            double[] mean = {B[0], B[1]};
            for (int j = 0; j < 3; j++) {
                int h = 2 * (state >> j & 1) - 1;
                own += C[j] * h;
                mean[0] += COUPLINGS[j] * h;
                mean[1] += COUPLINGS[3 + j] * h;
            }
            sum += Math.exp(0.5 * (mean[0] * mean[0] + mean[1] * mean[1]) + own);
        }
        double logZ = Math.log(2 * Math.PI) + Math.log(sum);
        assertEquals(Math.log(integral((x, y) -> Math.exp(logSigned(x, y)))), logZ, 1e-6);
        GrbmMixture mixture = GrbmMixture.of(signs());
        assertEquals(logSigned(0.3, -1.7) - logZ, mixture.logDensity(new double[] {0.3, -1.7}), 1e-6);
        assertEquals(logSigned(-2, 0.4) - logZ, mixture.logDensity(new double[] {-2, 0.4}), 1e-6);
    }

    @Test
    void densityIsThatOfTheFreeEnergyAndTheScoreItsSlope() {
        Grbm model = machine();
        GrbmMixture mixture = GrbmMixture.of(model);
        double logZ = mixture.logPartition().value();
        double[] point = {0.8, -0.5};
        double[] score = new double[2];
        mixture.score(point, score);
        for (int i = 0; i < 2; i++) {
            double[] up = point.clone();
            double[] down = point.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            assertEquals((mixture.logDensity(up) - mixture.logDensity(down)) / 2e-5, score[i], 1e-7);
        }
        assertEquals(-freeEnergy(model, point)[0] - logZ, mixture.logDensity(point), 1e-6);
    }

    @Test
    void momentsAreIntegrals() {
        GrbmMixture mixture = GrbmMixture.of(machine());
        OfPoint p = (x, y) -> Math.exp(mixture.logDensity(new double[] {x, y}));
        double[] mean = {integral((x, y) -> x * p.at(x, y)), integral((x, y) -> y * p.at(x, y))};
        assertArrayEquals(mean, mixture.mean(), 1e-9);
        double[][] cov = mixture.covariance();
        assertEquals(integral((x, y) -> (x - mean[0]) * (x - mean[0]) * p.at(x, y)), cov[0][0], 1e-9);
        assertEquals(integral((x, y) -> (x - mean[0]) * (y - mean[1]) * p.at(x, y)), cov[0][1], 1e-9);
        assertEquals(integral((x, y) -> (y - mean[1]) * (y - mean[1]) * p.at(x, y)), cov[1][1], 1e-9);
        assertEquals(cov[0][1], cov[1][0], 1e-12);
    }

    /** Of 40,000 samples the standard errors are sqrt(var / n), and about var sqrt(2 / n) of a variance. */
    @Test
    void samplesHaveItsMoments() {
        GrbmMixture mixture = GrbmMixture.of(machine());
        int n = 40_000;
        Data rows = mixture.sample(n, Noise.seed(4));
        double[] mean = mixture.mean();
        double[][] cov = mixture.covariance();
        double[] found = new double[2];
        double[][] spread = new double[2][2];
        for (int r = 0; r < n; r++) {
            for (int i = 0; i < 2; i++) {
                found[i] += rows.at(r, i) / n;
                for (int k = 0; k < 2; k++) {
                    spread[i][k] += (rows.at(r, i) - mean[i]) * (rows.at(r, k) - mean[k]) / n;
                }
            }
        }
        for (int i = 0; i < 2; i++) {
            assertEquals(mean[i], found[i], 4 * Math.sqrt(cov[i][i] / n));
            for (int k = 0; k < 2; k++) {
                assertEquals(cov[i][k], spread[i][k], 4 * Math.sqrt(2 * cov[i][i] * cov[k][k] / n));
            }
        }
        assertEquals(mixture, rows.density().orElseThrow());
    }

    /** The estimate's own 95 % interval is widened to four standard errors. */
    @Test
    void annealedImportanceSamplingAgreesWithinItsError() {
        Grbm model = Grbm.visible(6).hidden(5).init(Noise.seed(3));
        double exact = GrbmMixture.of(model).logPartition().value();
        LogPartition estimate = Ais.standard().chains(200).scales(200).of(model, Noise.seed(5));
        assertEquals(exact, estimate.value(), 4 * estimate.standardError());
        assertTrue(estimate.standardError() < 0.1, "" + estimate);
    }

    @Test
    void refusesMoreUnitsThanCanBeSummed() {
        assertThrows(
                SettingException.class,
                () -> GrbmMixture.of(Grbm.visible(2).hidden(16).init(Noise.seed(1))));
        assertThrows(SettingException.class, () -> GrbmMixture.of(machine()).sample(0, Noise.seed(1)));
    }
}
