package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Spectrum;
import org.ebvlm.scoring.Bandwidth;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The estimators that solve one equation among fields of a kernel in different ways. */
class FieldEstimatorsTest {
    private static final double H = 1.3;

    // ---------------------------------------------------------------- kernels

    static List<Kernel> kernels() {
        return List.of(
                Rbf.bandwidth(1),
                Imq.bandwidth(1),
                Imq.bandwidth(1).beta(-0.3),
                Rbf.bandwidth(1).plus(Imq.bandwidth(2)));
    }

    /** -d^2 f(||r||^2) / dr_a dr_b and the divergence of its rows, by differentiation of the kernel. */
    @ParameterizedTest
    @MethodSource("kernels")
    void theCurlFreeKernelIsMinusTheHessianOfTheRadialOne(Kernel kernel) {
        double[] x = Clouds.normal(5, 3, 1);
        double[] y = Clouds.normal(2, 3, 2);
        Field.CurlFree field = new Field.CurlFree(Frame.of(kernel, Samples.of(x, 3)));
        double[] seen = field.frame.inside(Samples.of(y, 3));
        double[] matrix = field.matrix(seen);
        double[] divergences = new double[6];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 5; j++) {
                double[] r = new double[3];
                for (int c = 0; c < 3; c++) {
                    r[c] = seen[3 * i + c] - field.frame.x()[3 * j + c];
                }
                Expr at = Expr.input("r", 3);
                Expr gradient =
                        Differentiation.gradient(kernel.value(at.square().sum()), at);
                Expr laplacian = Expr.constant(0);
                for (int a = 0; a < 3; a++) {
                    Expr row = Differentiation.gradient(gradient.slice(0, a, 1).sum(), at);
                    double[] hessian = Interpreter.evaluate(row, Map.of(at, r));
                    for (int b = 0; b < 3; b++) {
                        assertEquals(-hessian[b], matrix[(3 * i + a) * 15 + 3 * j + b], 1e-12);
                    }
                    laplacian = laplacian.plus(row.slice(0, a, 1).sum());
                }
                double[] divergence = Interpreter.evaluate(Differentiation.gradient(laplacian, at), Map.of(at, r));
                Dense.addMultiple(1, divergence, 0, divergences, 3 * i, 3);
            }
        }
        assertTrue(Clouds.largestDifference(field.divergence(seen), divergences) < 1e-11);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void productsWithoutTheMatrixAreThoseWithIt(Kernel kernel) {
        Frame frame = Frame.of(kernel, Clouds.samples(80, 3, 3));
        double[] c = Clouds.normal(80, 3, 4);
        for (Field field : List.of(new Field.Diagonal(frame), new Field.CurlFree(frame))) {
            double[] matrix = field.matrix();
            double[] expected = Dense.product(matrix, c, field.equations(), field.columns(), field.equations());
            assertTrue(Clouds.largestDifference(field.at(frame.x(), c), expected) < 1e-11);
        }
    }

    // ---------------------------------------------------------------- Tikhonov

    @Test
    void tikhonovIsSteinAtTheSamplesWithRidgeNLambda() {
        Samples x = Clouds.samples(40, 3, 5);
        double[] stein = Stein.kernel(Rbf.bandwidth(H)).ridge(40 * 0.02).fit(x).atSamples();
        double[] tikhonov = Tikhonov.kernel(Rbf.bandwidth(H)).ridge(0.02).fit(x).atSamples();
        assertTrue(Clouds.largestDifference(stein, tikhonov) < 1e-11);
    }

    @Test
    void conjugateGradientsSolveWhatTheFactorSolves() {
        Samples x = Clouds.samples(60, 3, 6);
        Samples y = Clouds.samples(10, 3, 7);
        Tikhonov<?> scalar = Tikhonov.kernel(Imq.bandwidth(H)).ridge(0.01);
        Tikhonov<?> gradient = Tikhonov.curlFree(Imq.bandwidth(H)).ridge(0.01);
        for (Tikhonov<?> each : List.of(scalar, gradient)) {
            SampleScore direct = each.fit(x);
            SampleScore iterated = each.conjugateGradients(1e-12, 1000).fit(x);
            assertTrue(Clouds.largestDifference(direct.atSamples(), iterated.atSamples()) < 1e-8);
            assertTrue(Clouds.largestDifference(direct.at(y), iterated.at(y)) < 1e-6);
        }
    }

    /** (1/n) Gamma s + zeta + lambda s = 0 at the samples, which is where the objective's derivative is zero. */
    @Test
    void tikhonovSolvesItsEquationWithBothKinds() {
        Frame frame = Frame.of(Imq.bandwidth(1), Clouds.samples(30, 2, 8));
        for (Field field : List.of(new Field.Diagonal(frame), new Field.CurlFree(frame))) {
            double[] s = (field.mixed() == 1 ? Tikhonov.kernel(Imq.bandwidth(1)) : Tikhonov.curlFree(Imq.bandwidth(1)))
                    .ridge(0.05)
                    .fit(Clouds.samples(30, 2, 8))
                    .atSamples();
            double[] left = Dense.times(field.at(frame.x(), s), 1 / 30.0);
            left = Dense.plus(Dense.plus(left, 1, field.zeta(frame.x())), 0.05, s);
            assertTrue(Clouds.largestDifference(left, new double[60]) < 1e-12);
        }
    }

    @Test
    void aMatrixThatIsTooLargeIsRefusedWithAWayOut() {
        SettingException error = assertThrows(SettingException.class, () -> Tikhonov.curlFree(Imq.bandwidth(10))
                .fit(Clouds.samples(90, 100, 9)));
        assertTrue(error.getMessage().contains("conjugateGradients"), error.getMessage());
    }

    // ---------------------------------------------------------------- the others

    @Test
    void nystromWithAllSamplesIsTikhonov() {
        Samples x = Clouds.samples(30, 2, 10);
        // The published 1e-7 on the diagonal is all that differs.
        double[] all =
                Nystrom.kernel(Imq.bandwidth(H)).ridge(0.02).centres(30).fit(x).atSamples();
        double[] gradients = Nystrom.curlFree(Imq.bandwidth(H))
                .ridge(0.02)
                .centres(30)
                .fit(x)
                .atSamples();
        assertTrue(Clouds.error(
                        all,
                        Tikhonov.kernel(Imq.bandwidth(H)).ridge(0.02).fit(x).atSamples())
                < 1e-3);
        assertTrue(Clouds.error(
                        gradients,
                        Tikhonov.curlFree(Imq.bandwidth(H)).ridge(0.02).fit(x).atSamples())
                < 1e-3);
    }

    @Test
    void nystromWithSomeCentresIsNearTikhonov() {
        Samples x = Clouds.samples(300, 2, 11);
        double[] some = Nystrom.kernel(Rbf.bandwidth(2)).centres(40).fit(x).atSamples();
        assertTrue(Clouds.error(some, Tikhonov.kernel(Rbf.bandwidth(2)).fit(x).atSamples()) < 0.02);
    }

    @Test
    void allEigenvaluesAreSteinWithoutARidge() {
        Samples x = Clouds.samples(12, 3, 12);
        SampleScore spectral = SpectralCutoff.kernel(Rbf.bandwidth(0.8)).keep(1).fit(x);
        SampleScore stein = Stein.kernel(Rbf.bandwidth(0.8)).ridge(0).fit(x);
        assertTrue(Clouds.error(spectral.atSamples(), stein.atSamples()) < 1e-9);
    }

    /** psi_j(y) = sqrt(n)/l_j u_j . k_y, beta_j = -1/n sum over m of grad psi_j(x_m), s = sum over j of psi_j beta_j. */
    @Test
    void spectralCutoffIsTheSumOverItsEigenfunctions() {
        int n = 15;
        double[] x = Clouds.normal(n, 2, 13);
        double[] y = {0.4, -0.9};
        double[] found = SpectralCutoff.kernel(Rbf.bandwidth(H))
                .eigenvalues(4)
                .fit(Samples.of(x, 2))
                .at(Samples.of(y, 2));
        double[] k = Clouds.gaussian(x, 2, H);
        Spectrum spectrum = Spectrum.byLoops(k, n);
        double[] expected = new double[2];
        for (int j = 0; j < 4; j++) {
            double psi = 0;
            double[] beta = new double[2];
            double factor = Math.sqrt(n) / spectrum.values()[j];
            for (int i = 0; i < n; i++) {
                double u = spectrum.vectors()[j * n + i];
                double r2 = Math.pow(y[0] - x[2 * i], 2) + Math.pow(y[1] - x[2 * i + 1], 2);
                psi += factor * u * Math.exp(-r2 / (2 * H * H));
                for (int m = 0; m < n; m++) {
                    for (int c = 0; c < 2; c++) {
                        beta[c] += factor * u * k[m * n + i] * (x[2 * m + c] - x[2 * i + c]) / (H * H) / n;
                    }
                }
            }
            expected[0] += psi * beta[0];
            expected[1] += psi * beta[1];
        }
        assertTrue(Clouds.largestDifference(found, expected) < 1e-10);
    }

    @Test
    void theShareDecidesHowManyEigenvaluesAreKept() {
        Samples x = Clouds.samples(50, 2, 14);
        double[] values =
                Spectrum.byLoops(Clouds.gaussian(x.values(), 2, H), 50).values();
        double sum = 0;
        int expected = 0;
        while (sum < 0.9 * 50) {
            sum += values[expected++];
        }
        String text = SpectralCutoff.kernel(Rbf.bandwidth(H)).keep(0.9).fit(x).toString();
        assertTrue(text.contains(expected + " eigenvalues"), text);
    }

    /** s := s - w (Gamma s / n + zeta) at the samples. */
    @Test
    void landweberIsItsIterationOfFunctions() {
        Frame frame = Frame.of(Imq.bandwidth(1), Clouds.samples(30, 2, 15));
        for (Field field : List.of(new Field.Diagonal(frame), new Field.CurlFree(frame))) {
            double w = 1 / field.size();
            double[] zeta = field.zeta(frame.x());
            double[] s = new double[60];
            for (int t = 0; t < 25; t++) {
                s = Dense.plus(Dense.plus(s, -w / 30, field.at(frame.x(), s)), -w, zeta);
            }
            double[] found = (field.mixed() == 1
                            ? Landweber.kernel(Imq.bandwidth(1))
                            : Landweber.curlFree(Imq.bandwidth(1)))
                    .steps(25)
                    .fit(Clouds.samples(30, 2, 15))
                    .atSamples();
            assertTrue(Clouds.largestDifference(found, s) < 1e-12);
        }
    }

    @Test
    void iterationsBringTheEquationNearerAndTheNuMethodFaster() {
        Samples x = Clouds.samples(80, 2, 16);
        double before = Double.POSITIVE_INFINITY;
        double accelerated = Double.POSITIVE_INFINITY;
        for (int steps : new int[] {2, 5, 20, 80}) {
            double landweber =
                    residual(Landweber.kernel(Imq.bandwidth(H)).steps(steps).fit(x), x);
            double nu = residual(NuMethod.kernel(Imq.bandwidth(H)).steps(steps).fit(x), x);
            assertTrue(landweber < before);
            assertTrue(nu < accelerated);
            assertTrue(nu <= landweber, steps + ": " + nu + ", " + landweber);
            before = landweber;
            accelerated = nu;
        }
    }

    /** || Gamma s / n + zeta || / || zeta ||. */
    private static double residual(SampleScore score, Samples x) {
        Field field = new Field.Diagonal(Frame.of(Imq.bandwidth(H), x));
        double[] zeta = field.zeta(field.frame.x());
        double[] s = Dense.times(score.atSamples(), H);
        return Clouds.error(Dense.times(field.at(field.frame.x(), s), -1.0 / x.rows()), zeta);
    }

    /** Of both, at the samples, the polynomial of a matrix of one row: 1 - g(l) l shows the coefficients. */
    @Test
    void theNuMethodIsItsThreeTermRecursionOfFunctions() {
        Frame frame = Frame.of(Imq.bandwidth(1), Clouds.samples(20, 2, 17));
        Field field = new Field.CurlFree(frame);
        double[] zeta = field.zeta(frame.x());
        double size = field.size();
        double[] before = new double[40];
        double[] s = Dense.times(zeta, -6.0 / 5 / size);
        for (int t = 2; t <= 7; t++) {
            double u = (t - 1.0) * (2 * t - 3.0) * (2 * t + 1.0) / ((t + 1.0) * (2 * t + 3.0) * (2 * t - 1.0));
            double w = 4 * (2 * t + 1.0) * t / ((t + 1.0) * (2 * t + 3.0)) / size;
            double[] step = Dense.plus(Dense.times(field.at(frame.x(), s), 1 / 20.0), 1, zeta);
            double[] next = Dense.plus(Dense.plus(Dense.times(s, 1 + u), -u, before), -w, step);
            before = s;
            s = next;
        }
        double[] found = NuMethod.curlFree(Imq.bandwidth(1))
                .steps(7)
                .fit(Clouds.samples(20, 2, 17))
                .atSamples();
        assertTrue(Clouds.largestDifference(found, s) < 1e-12);
        assertTrue(NuMethod.kernel(Imq.bandwidth(1)).ridge(1e-3).name().contains(" 32 steps"));
    }

    // ---------------------------------------------------------------- how exact

    /**
     * On 200 draws of N(0, I) of width 2 with the inverse multiquadric of the median distance: the relative error and the
     * cosine that another program has found on other draws; means of six, whose standard errors are about 0.02.
     */
    @ParameterizedTest
    @CsvSource({"0.1, 0.62, 0.95", "0.01, 0.35, 0.94", "0.001, 0.46, 0.90"})
    void tikhonovIsAsExactAsIsKnown(double lambda, double error, double cosine) {
        Tikhonov<SampleScore> estimator =
                Tikhonov.kernel(Imq.bandwidth(Bandwidth.asInKscore())).ridge(lambda);
        double meanError = 0;
        double meanCosine = 0;
        for (int seed = 0; seed < 6; seed++) {
            double[] x = Clouds.normal(200, 2, 200 + seed);
            double[] g = estimator.fit(Samples.of(x, 2)).atSamples();
            meanError += Clouds.error(g, Clouds.negated(x)) / 6;
            meanCosine += Clouds.cosine(g, Clouds.negated(x)) / 6;
        }
        assertEquals(error, meanError, 0.1);
        assertEquals(cosine, meanCosine, 0.05);
    }

    @ParameterizedTest
    @CsvSource({"1, 100, 0.46", "2, 500, 0.20", "5, 500, 0.31", "10, 500, 0.47"})
    void spectralCutoffIsAsExactAsIsKnown(int d, int n, double error) {
        double mean = 0;
        for (int seed = 0; seed < 5; seed++) {
            double[] x = Clouds.normal(n, d, 300 + seed);
            double[] g = SpectralCutoff.kernel(Rbf.medianHeuristic())
                    .keep(0.99)
                    .fit(Samples.of(x, d))
                    .atSamples();
            mean += Clouds.error(g, Clouds.negated(x)) / 5;
        }
        // Standard errors of means of five are about 0.02, at width 1 about 0.05; the known value has one too.
        assertEquals(error, mean, d == 1 ? 0.2 : 0.08);
    }

    /** 0.21 against 0.69 where they were measured with other draws; each varies by some hundredths. */
    @Test
    void aCurlFreeKernelPaysInManyCoordinates() {
        double[] x = Clouds.normal(200, 100, 18);
        Samples samples = Samples.of(x, 100);
        SampleScore curlFree = NuMethod.curlFree(Imq.medianHeuristic()).fit(samples);
        SampleScore each = Stein.gaussian().fit(samples);
        assertTrue(Clouds.error(curlFree.atSamples(), Clouds.negated(x)) < 0.35);
        assertTrue(Clouds.error(each.atSamples(), Clouds.negated(x)) > 0.5);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThrows(
                SettingException.class, () -> Tikhonov.kernel(Imq.bandwidth(1)).ridge(0));
        assertThrows(SettingException.class, () -> SpectralCutoff.kernel(Imq.bandwidth(1))
                .keep(1.5));
        assertThrows(
                SettingException.class, () -> Landweber.kernel(Imq.bandwidth(1)).steps(0));
        assertThrows(
                SettingException.class, () -> NuMethod.kernel(Imq.bandwidth(1)).ridge(-1));
        assertThrows(
                SettingException.class, () -> Nystrom.kernel(Imq.bandwidth(1)).centres(0));
        assertTrue(Arrays.stream(Landweber.kernel(Imq.bandwidth(1))
                        .fit(Clouds.samples(2, 1, 1))
                        .atSamples())
                .allMatch(Double::isFinite));
    }
}
