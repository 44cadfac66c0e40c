package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.Test;

/** A linear decoder and encoder, for which all is known: probabilistic PCA (Tipping and Bishop, 1999). */
class NegativeElboTest {
    private static final double STD = 0.5;

    private static Vae linear() {
        return Vae.visible(3).hidden(1).fixedStd(STD).init(Noise.seed(1));
    }

    private static GaussianPosterior encoder(EnergyModel model) {
        return Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
    }

    /** Three correlated columns. */
    private static Data data(int rows) {
        Noise noise = Noise.seed(6);
        float[] values = new float[3 * rows];
        for (int r = 0; r < rows; r++) {
            double factor = noise.nextNormal();
            values[3 * r] = (float) (0.5 + factor + 0.5 * noise.nextNormal());
            values[3 * r + 1] = (float) (-1 - 0.8 * factor + 0.6 * noise.nextNormal());
            values[3 * r + 2] = (float) (0.3 * factor + 0.4 * noise.nextNormal());
        }
        return Data.of("factor", values, 3);
    }

    /** The mean and, after it, the covariance of the rows. */
    private static double[][] moments(Data data) {
        double[][] m = new double[4][3];
        for (int r = 0; r < data.rows(); r++) {
            for (int i = 0; i < 3; i++) {
                m[3][i] += (double) data.at(r, i) / data.rows();
            }
        }
        for (int r = 0; r < data.rows(); r++) {
            for (int i = 0; i < 3; i++) {
                for (int k = 0; k < 3; k++) {
                    m[i][k] += (data.at(r, i) - m[3][i]) * (data.at(r, k) - m[3][k]) / data.rows();
                }
            }
        }
        return m;
    }

    /** The largest eigenvalue, by powers. */
    private static double largest(double[][] s) {
        double[] x = {1, 1, 1};
        double norm = 0;
        for (int t = 0; t < 500; t++) {
            double[] y = new double[3];
            norm = 0;
            for (int i = 0; i < 3; i++) {
                y[i] = s[i][0] * x[0] + s[i][1] * x[1] + s[i][2] * x[2];
                norm += y[i] * y[i];
            }
            norm = Math.sqrt(norm);
            for (int i = 0; i < 3; i++) {
                x[i] = y[i] / norm;
            }
        }
        return norm;
    }

    /**
     * The greatest mean log-likelihood for a given s: the covariance s^2 I with the first eigenvalue raised to that of the
     * data.
     */
    private static double optimum(Data data) {
        double[][] s = moments(data);
        double first = largest(s);
        double s2 = STD * STD;
        double trace = s[0][0] + s[1][1] + s[2][2];
        return -0.5 * (3 * Math.log(2 * Math.PI) + Math.log(first) + 2 * Math.log(s2) + 1 + (trace - first) / s2);
    }

    /** log p(v) of a linear decoder: normal with covariance w w' + s^2 I. */
    private static double logMarginal(Vae model, float... v) {
        float[] w = model.parameters().values("layer.W");
        float[] b = model.parameters().values("layer.b");
        double s2 = STD * STD;
        double ww = 0;
        double wr = 0;
        double rr = 0;
        for (int i = 0; i < 3; i++) {
            double r = v[i] - b[i];
            ww += (double) w[i] * w[i];
            wr += w[i] * r;
            rr += r * r;
        }
        double quadratic = (rr - wr * wr / (ww + s2)) / s2;
        return -0.5 * (3 * Math.log(2 * Math.PI) + 2 * Math.log(s2) + Math.log(s2 + ww) + quadratic);
    }

    /** The posterior of a linear decoder: normal with mean w' (v - b) / (w' w + s^2) and variance s^2 / (w' w + s^2). */
    private static GaussianPosterior exact(Vae model) {
        float[] w = model.parameters().values("layer.W");
        float[] b = model.parameters().values("layer.b");
        double m = STD * STD;
        for (float each : w) {
            m += (double) each * each;
        }
        float[] weights = new float[6];
        double offset = 0;
        for (int i = 0; i < 3; i++) {
            weights[2 * i] = (float) (w[i] / m);
            offset -= w[i] * b[i] / m;
        }
        GaussianPosterior q = encoder(model);
        return q.with(q.parameters()
                .with("layer.W", weights)
                .with("layer.b", new float[] {(float) offset, (float) Math.log(STD / Math.sqrt(m))}));
    }

    @Test
    void underTheExactPosteriorEachDrawsBoundIsTheLogLikelihood() {
        Vae model = linear();
        Data rows = data(150); // a chunk and a half
        double expected = 0;
        for (int r = 0; r < rows.rows(); r++) {
            expected += logMarginal(model, rows.rows(r, r + 1).values()) / rows.rows();
        }
        for (int particles : new int[] {1, 5}) {
            Measurement bound = ImportanceBound.on(rows)
                    .posterior(exact(model))
                    .particles(particles)
                    .measure(Snapshot.of(model, Noise.seed(3)));
            assertEquals(expected, bound.value(), 1e-5, particles + " particles");
            assertTrue(bound.standardError() > 0.01 && bound.name().equals("importanceBound"), bound + "");
        }
    }

    @Test
    void theLossIsMinusTheBoundAndItsGradientThatOfTheLogLikelihood() {
        Vae model = linear();
        GaussianPosterior q = exact(model);
        Data rows = data(4);
        Expr batch = Expr.input("batch", 4, 3);
        List<Phase> phases = NegativeElbo.posterior(q).phases(model, rows, batch);
        assertEquals(2, phases.size());
        assertEquals(q, phases.get(0).fitted());
        assertEquals(model, phases.get(1).fitted());
        assertEquals("objective", phases.get(1).name());
        Expr loss = phases.get(1).loss();
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(q.parameters())
                .set(batch, Doubles.widened(rows.values()))
                .draw(Noise.seed(1), loss);
        double expected = 0;
        for (int r = 0; r < 4; r++) {
            expected -= logMarginal(model, rows.rows(r, r + 1).values()) / 4;
        }
        assertEquals(expected, given.scalar(loss), 1e-6);
        for (Phase phase : phases) {
            double[] slope = given.differences(loss, phase.fitted().parameters().leaf());
            double[] gradient = given.of(phase.fitted().parameters().gradient(phase.loss()));
            for (int i = 0; i < slope.length; i++) {
                assertEquals(slope[i], gradient[i], 1e-6, phase.name());
            }
        }
    }

    @Test
    void moreParticlesBringTheBoundUp() {
        Vae model = linear();
        Data rows = data(100);
        GaussianPosterior far = encoder(model);
        double expected = 0;
        for (int r = 0; r < rows.rows(); r++) {
            expected += logMarginal(model, rows.rows(r, r + 1).values()) / rows.rows();
        }
        double[] bounds = new double[3];
        int[] particles = {1, 5, 40};
        for (int k = 0; k < 3; k++) {
            bounds[k] = ImportanceBound.on(rows)
                    .posterior(far)
                    .particles(particles[k])
                    .measure(Snapshot.of(model, Noise.seed(3)))
                    .value();
        }
        assertTrue(bounds[0] < bounds[1] - 0.05 && bounds[1] < bounds[2] && bounds[2] < expected + 0.05);
    }

    @Test
    void trainingReachesTheOptimumOfProbabilisticPca() {
        Vae model = linear();
        Data rows = data(400);
        GaussianPosterior q = encoder(model);
        Run run = Training.of(model)
                .minimizing(NegativeElbo.posterior(q))
                .on(rows)
                .batches(100)
                .with(Adam.rate(0.01))
                .steps(3000)
                .averaging(0.99)
                .fit(Noise.seed(1));
        Vae fitted = (Vae) run.model();
        double reached = 0;
        for (int r = 0; r < rows.rows(); r++) {
            reached += logMarginal(fitted, rows.rows(r, r + 1).values()) / rows.rows();
        }
        double best = optimum(rows);
        double before = 0;
        for (int r = 0; r < rows.rows(); r++) {
            before += logMarginal(model, rows.rows(r, r + 1).values()) / rows.rows();
        }
        assertTrue(before < best - 1, "there is something to learn: " + before);
        // Above the optimum there is nothing; the averaged parameters hover close below.
        assertTrue(reached <= best + 1e-6 && reached > best - 0.01, reached + ", best " + best);
        Measurement bound = ImportanceBound.on(rows)
                .posterior(run.fitted(q))
                .particles(1)
                .measure(Snapshot.of(fitted, Noise.seed(3)));
        assertEquals(best, bound.value(), 0.02, "the posterior is in the family");
    }

    @Test
    void rejectsModelsWithALogPartitionAndPosteriorsThatAreFittedElsewhere() {
        EnergyModel halving = Models.halving();
        NegativeElbo loss = NegativeElbo.posterior(Posteriors.gaussian(halving));
        SettingException error =
                assertThrows(SettingException.class, () -> loss.phases(halving, data(2), Expr.input("batch", 2, 2)));
        assertTrue(error.getMessage().contains("Dsm"), error.getMessage());
        assertThrows(SettingException.class, () -> loss.phases(linear(), data(2), Expr.input("batch", 2, 3)));
        GaussianPosterior fitted = encoder(linear()).fittedBy(Elbo.innerSteps(1));
        assertThrows(SettingException.class, () -> NegativeElbo.posterior(fitted));
        assertThrows(SettingException.class, () -> NegativeElbo.posterior(Posteriors.exact(Models.machine())));
        assertThrows(
                SettingException.class,
                () -> ImportanceBound.on(data(2)).posterior(fitted).particles(0));
    }
}
