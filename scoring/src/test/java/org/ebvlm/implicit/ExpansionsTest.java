package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.errors.DataException;
import org.ebvlm.linear.Dense;
import org.ebvlm.scoring.Epanechnikov;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Estimators with a log density of their own: kernel density, score matching, parametric Stein. */
class ExpansionsTest {
    private static final double H = 1.4;
    /** Fields of curl-free kernels are made of derivatives, so they are rougher at the same bandwidth. */
    private static final double WIDE = 5;

    static List<ScoreFromSamples<SampleEnergy>> energies() {
        return List.of(
                Kde.kernel(Rbf.bandwidth(H)),
                Kde.kernel(Imq.bandwidth(H)),
                KernelScoreMatching.kernel(Rbf.bandwidth(H)).ridge(0.1),
                KernelScoreMatching.kernel(Imq.bandwidth(H)).ridge(0.1),
                SteinEnergy.kernel(Rbf.bandwidth(H)).ridge(0.1),
                SteinEnergy.kernel(Imq.bandwidth(H)).ridge(0.1),
                Tikhonov.curlFree(Imq.bandwidth(WIDE)),
                Tikhonov.curlFree(Rbf.bandwidth(WIDE)).conjugateGradients(1e-8, 100),
                Nystrom.curlFree(Imq.bandwidth(WIDE)).centres(20),
                SpectralCutoff.curlFree(Imq.bandwidth(WIDE)),
                Landweber.curlFree(Imq.bandwidth(WIDE)),
                NuMethod.curlFree(Imq.bandwidth(WIDE).beta(-0.7)));
    }

    @ParameterizedTest
    @MethodSource("energies")
    void theScoreIsTheGradientOfTheLogDensity(ScoreFromSamples<SampleEnergy> estimator) {
        SampleEnergy energy = estimator.fit(Clouds.samples(40, 3, 1));
        double[] y = Clouds.normal(70, 3, 2);
        double[] found = energy.at(Samples.of(y, 3));
        assertTrue(Clouds.error(Clouds.gradient(energy, y, 3, 1e-5), found) < 1e-7, estimator.name());
    }

    @ParameterizedTest
    @MethodSource("energies")
    void whatIsSaidOfSamplesIsSaidOfThePointsWhereTheyAre(ScoreFromSamples<SampleEnergy> estimator) {
        Samples x = Clouds.samples(40, 3, 1);
        SampleEnergy energy = estimator.fit(x);
        // Tikhonov's conjugate gradients solve to 1e-8 and answer elsewhere through a difference of larger numbers.
        assertTrue(Clouds.error(energy.at(x), energy.atSamples()) < 1e-5, estimator.name());
    }

    @ParameterizedTest
    @MethodSource("energies")
    void theScorePointsToWhereSamplesAre(ScoreFromSamples<SampleEnergy> estimator) {
        double[] x = Clouds.normal(150, 3, 3);
        assertTrue(
                Clouds.cosine(estimator.fit(Samples.of(x, 3)).atSamples(), Clouds.negated(x)) > 0.75, estimator.name());
    }

    // ---------------------------------------------------------------- kernel density

    @Test
    void theKernelDensityOfOneSampleIsTheKernel() {
        SampleEnergy energy = Kde.kernel(Rbf.bandwidth(2)).fit(Samples.of(new double[] {1, -1}, 2));
        double[] y = {4, 3};
        assertEquals(-25 / 8.0, energy.logDensity(Samples.of(y, 2))[0], 1e-12);
        assertEquals(-3 / 4.0, energy.at(Samples.of(y, 2))[0], 1e-12);
    }

    @Test
    void aFarPointIsDrawnToTheNearestSample() {
        SampleEnergy energy = Kde.kernel(Rbf.bandwidth(1)).fit(Samples.of(new double[] {0, 1, 2}, 1));
        Samples far = Samples.of(new double[] {1e4}, 1);
        assertEquals(2 - 1e4, energy.at(far)[0], 1e-6);
        assertEquals(-0.5 * 9998.0 * 9998.0 - Math.log(3), energy.logDensity(far)[0], 1e-6);
    }

    @Test
    void aDensityThatIsNotPositiveIsAnError() {
        SampleEnergy energy = Kde.kernel(Epanechnikov.bandwidth(3)).fit(Samples.of(new double[] {0, 1, 2}, 1));
        assertThrows(DataException.class, () -> energy.at(Samples.of(new double[] {10}, 1)));
    }

    // ---------------------------------------------------------------- score matching

    /** At the optimum no coefficient can be moved with profit: sum over j of (||s||^2 / 2 + div s) + ridge/2 ||a||^2. */
    @Test
    void scoreMatchingMinimisesItsObjective() {
        double eta = 0.05;
        double[] x = Clouds.normal(6, 2, 4);
        for (Kernel kernel : List.of(Rbf.bandwidth(H), Imq.bandwidth(H))) {
            KernelExpansion fitted = (KernelExpansion)
                    KernelScoreMatching.kernel(kernel).ridge(eta).fit(Samples.of(x, 2));
            double[] a = fitted.coefficients();
            double least = objective(kernel, x, a, eta);
            for (int k = 0; k < 6; k++) {
                double[] up = a.clone();
                double[] down = a.clone();
                up[k] += 1e-4;
                down[k] -= 1e-4;
                assertTrue(objective(kernel, x, up, eta) > least);
                assertTrue(objective(kernel, x, down, eta) > least);
                assertEquals(0, (objective(kernel, x, up, eta) - objective(kernel, x, down, eta)) / 2e-4, 1e-7);
            }
        }
    }

    /** In units of the bandwidth. */
    private static double objective(Kernel kernel, double[] x, double[] a, double eta) {
        double[] u = Dense.times(x, 1 / H);
        double sum = 0;
        for (int j = 0; j < 6; j++) {
            double[] s = new double[2];
            for (int k = 0; k < 6; k++) {
                double r2 = Clouds.squaredDistance(u, j, k, 2);
                for (int c = 0; c < 2; c++) {
                    s[c] += a[k] * 2 * at(kernel, Kernel.Part.SLOPE, r2) * (u[2 * j + c] - u[2 * k + c]);
                }
                sum += a[k] * (4 * at(kernel, Kernel.Part.SLOPE, r2) + 4 * at(kernel, Kernel.Part.BEND, r2) * r2);
            }
            sum += (s[0] * s[0] + s[1] * s[1]) / 2;
            sum += eta / 2 * a[j] * a[j];
        }
        return sum;
    }

    private static double at(Kernel kernel, Kernel.Part part, double r2) {
        double[] value = {r2};
        kernel.unit().evaluate(part, value, 1, value);
        return value[0];
    }

    // ---------------------------------------------------------------- parametric Stein

    /** n^2 KSD_V^2 of the samples to log q = sum a_k k(., x_k), from the four sums of its definition. */
    @Test
    void parametricSteinMinimisesTheDiscrepancyOfItsDefinition() {
        double eta = 0.02;
        double[] x = Clouds.normal(4, 2, 5);
        for (Kernel kernel : List.of(Rbf.bandwidth(H), Imq.bandwidth(H))) {
            KernelExpansion fitted =
                    (KernelExpansion) SteinEnergy.kernel(kernel).ridge(eta).fit(Samples.of(x, 2));
            double[] a = fitted.coefficients();
            for (int k = 0; k < 4; k++) {
                double[] up = a.clone();
                double[] down = a.clone();
                up[k] += 1e-4;
                down[k] -= 1e-4;
                double slope = (discrepancy(kernel, x, up, eta) - discrepancy(kernel, x, down, eta)) / 2e-4;
                assertEquals(0, slope, 1e-7);
            }
        }
    }

    /** sum over i, j of k s_i . s_j + s_i . grad_j k + s_j . grad_i k + const, plus the ridge; units of the bandwidth. */
    private static double discrepancy(Kernel kernel, double[] x, double[] a, double eta) {
        double[] u = Dense.times(x, 1 / H);
        double[] s = new double[8];
        for (int i = 0; i < 4; i++) {
            for (int k = 0; k < 4; k++) {
                double slope = at(kernel, Kernel.Part.SLOPE, Clouds.squaredDistance(u, i, k, 2));
                for (int c = 0; c < 2; c++) {
                    s[2 * i + c] += 2 * a[k] * slope * (u[2 * i + c] - u[2 * k + c]);
                }
            }
        }
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                double r2 = Clouds.squaredDistance(u, i, j, 2);
                double slope = at(kernel, Kernel.Part.SLOPE, r2);
                for (int c = 0; c < 2; c++) {
                    double difference = u[2 * i + c] - u[2 * j + c];
                    sum += at(kernel, Kernel.Part.VALUE, r2) * s[2 * i + c] * s[2 * j + c];
                    sum += 2 * slope * difference * (s[2 * j + c] - s[2 * i + c]);
                }
            }
        }
        for (double each : a) {
            sum += eta * each * each;
        }
        return sum;
    }

    /** The published matrices: Lambda = S.(KKK) + K (K.S) K - ((KK).S) K - K ((KK).S), as quadruple sums, are h^2 times ours. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theMatricesOfParametricSteinAreThePublishedOverTheSquaredBandwidth(boolean differentPairs) {
        double[] x = Clouds.normal(4, 2, 6);
        Frame frame = Frame.of(Rbf.bandwidth(H), Samples.of(x, 2));
        double[] p = frame.pairs(Kernel.Part.SLOPE);
        double[] lambda = SteinEnergy.lambda(frame, p, differentPairs);
        double[] b = SteinEnergy.b(frame, p);
        double[] k = Clouds.gaussian(x, 2, H);
        for (int m = 0; m < 4; m++) {
            double ownSum = 0;
            for (int l = 0; l < 4; l++) {
                double sum = 0;
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 4; j++) {
                        for (int c = 0; c < 2 && !(differentPairs && i == j); c++) {
                            sum += k[i * 4 + j]
                                    * k[i * 4 + m]
                                    * k[j * 4 + l]
                                    * (x[2 * i + c] - x[2 * m + c])
                                    * (x[2 * j + c] - x[2 * l + c]);
                        }
                    }
                }
                assertEquals(sum / (H * H), lambda[m * 4 + l], 1e-12);
            }
            for (int i = 0; i < 4; i++) {
                for (int j = 0; j < 4; j++) {
                    for (int c = 0; c < 2; c++) {
                        ownSum += k[i * 4 + m]
                                * (x[2 * i + c] - x[2 * m + c])
                                * k[i * 4 + j]
                                * (x[2 * i + c] - x[2 * j + c]);
                    }
                }
            }
            assertEquals(ownSum / (H * H), b[m], 1e-12);
        }
    }
}
