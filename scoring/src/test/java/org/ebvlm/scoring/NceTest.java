package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.likelihood.MachineEnumeration;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Particle;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFit;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class NceTest {
    private static final double[] ROWS = {0.8, -1.3, -0.2, 0.6, 1.4, 0.3, -0.9, -0.5};
    private static final Gaussian TRUTH =
            Gaussian.full(new double[] {0.5, -1}, new double[][] {{1.2, 0.4}, {0.4, 0.6}});
    private static final Data DATA = TRUTH.sample(3000, Noise.seed(6));

    // ---------------------------------------------------------------- noise

    @Test
    void fittedNoiseHasTheMomentsOfTheDataAndTheDensityOfItsDraws() {
        GaussianNoise noise = GaussianNoise.fittedTo(DATA);
        Expr draws = noise.sample(20_000);
        double[] u = new Doubles().draw(Noise.seed(1), draws).of(draws);
        double[] sums = new double[5];
        for (int i = 0; i < 20_000; i++) {
            double a = u[2 * i] - 0.5;
            double b = u[2 * i + 1] + 1;
            double[] each = {a, b, a * a, a * b, b * b};
            for (int k = 0; k < 5; k++) {
                sums[k] += each[k] / 20_000;
            }
        }
        // Standard errors of the moments of 3000 rows of data are 0.03 at most.
        assertArrayEquals(new double[] {0, 0, 1.2, 0.4, 0.6}, sums, 0.12);
        Expr v = Expr.input("v", 4, 2);
        double[] log = new Doubles().set(v, ROWS).of(noise.logDensity(v));
        for (int i = 0; i < 4; i++) {
            double[] point = {ROWS[2 * i], ROWS[2 * i + 1]};
            assertEquals(TRUTH.logDensity(point), log[i], 0.3, "row " + i);
        }
    }

    @Test
    void theLogDensityIsThatOfAGaussianInClosedForm() {
        // Rows (+-1, +-2) with all four signs: covariance diag(1, 4), mean variance 2.5, ridge 0.0025.
        Data corners = Data.of("corners", new float[] {1, 2, -1, 2, 1, -2, -1, -2}, 2);
        Gaussian same = Gaussian.diagonal(new double[2], new double[] {Math.sqrt(1.0025), Math.sqrt(4.0025)});
        Expr v = Expr.input("v", 1, 2);
        double log = new Doubles()
                .set(v, 0.3, -0.7)
                .scalar(GaussianNoise.fittedTo(corners).logDensity(v));
        assertEquals(same.logDensity(new double[] {0.3, -0.7}), log, 1e-10);
        double standard =
                new Doubles().set(v, 0.3, -0.7).scalar(GaussianNoise.standard(2).logDensity(v));
        assertEquals(-0.5 * 0.58 - Math.log(2 * Math.PI), standard, 1e-12);
        assertThrows(DataException.class, () -> GaussianNoise.fittedTo(Data.of("alike", new float[6], 2)));
    }

    // ---------------------------------------------------------------- value and gradient

    private static Phase last(Objective loss, EnergyModel model, Expr batch) {
        List<Phase> phases = loss.phases(model, DATA, batch);
        return phases.get(phases.size() - 1);
    }

    @Test
    void theLossIsThatOfTheClassifier() {
        Grbm model = Models.machine();
        Nce nce = Nce.noise(GaussianNoise.standard(2)).drawsPerRow(3).startingAt(0.7);
        Expr batch = Expr.input("batch", 4, 2);
        Phase phase = last(nce, model, batch);
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(nce.normaliser().parameters())
                .set(batch, ROWS)
                .draw(Noise.seed(3), phase.loss());
        float[] drawn = new float[24];
        Noise.seed(3).normal(drawn, 0, 24);
        // P(data | v) = p_m / (p_m + nu p_n), and J = -mean log P(data | v) - nu mean log P(noise | u)
        double expected = 0;
        for (int i = 0; i < 4; i++) {
            expected -= Math.log(ofData(model, ROWS[2 * i], ROWS[2 * i + 1])) / 4;
        }
        for (int i = 0; i < 12; i++) {
            expected -= 3 * Math.log(1 - ofData(model, drawn[2 * i], drawn[2 * i + 1])) / 12;
        }
        assertEquals(expected, given.scalar(phase.value()), 1e-7);
    }

    private static double ofData(Grbm model, double x, double y) {
        Expr v = Expr.input("v", 1, 2);
        double free = new Doubles().set(model.parameters()).set(v, x, y).scalar(model.freeEnergy(v));
        double ofModel = Math.exp(-free - 0.7f);
        double ofNoise = Math.exp(-0.5 * (x * x + y * y)) / (2 * Math.PI);
        return ofModel / (ofModel + 3 * ofNoise);
    }

    private static void assertGradients(Objective loss, EnergyModel model, List<Phase> phases, Doubles given) {
        for (Phase phase : phases) {
            given.draw(Noise.seed(3), phase.loss());
            double[] differences =
                    given.differences(phase.loss(), phase.fitted().parameters().leaf());
            double[] gradient = given.of(phase.fitted().parameters().gradient(phase.loss()));
            assertArrayEquals(differences, gradient, 1e-6, loss.name() + ", " + phase.name());
            assertTrue(Enumerated.norm(gradient) > 1e-3, phase.name() + " of " + model.name());
        }
    }

    @Test
    void gradientsOfModelPosteriorAndLogNormaliserAreFiniteDifferencesWithTheNoiseHeld() {
        Expr batch = Expr.input("batch", 4, 2);
        Grbm grbm = Models.machine();
        Nce nce = Nce.fittedNoise().drawsPerRow(2);
        Doubles given = new Doubles()
                .set(grbm.parameters())
                .set(nce.normaliser().parameters())
                .set(batch, ROWS);
        assertGradients(nce, grbm, nce.phases(grbm, DATA, batch), given);
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        Posterior q = Posteriors.gaussian(mlp, Network.elu(3), Noise.seed(2));
        Vnce vnce = Vnce.posterior(q).innerSteps(2).particles(3).startingAt(1);
        Doubles latent = new Doubles()
                .set(mlp.parameters())
                .set(q.parameters())
                .set(vnce.normaliser().parameters())
                .set(batch, ROWS);
        List<Phase> phases = vnce.phases(mlp, DATA, batch);
        assertEquals(
                List.of("vnceBound", "logNormaliser", "objective"),
                phases.stream().map(Phase::name).toList());
        assertEquals(2, phases.get(0).repeats());
        assertGradients(vnce, mlp, phases, latent);
    }

    // ---------------------------------------------------------------- the variational bound

    @Test
    void underTheExactPosteriorVnceIsNce() {
        for (EnergyModel model : List.of(Models.machine(), Models.interacting())) {
            Expr batch = Expr.input("batch", 4, 2);
            Nce nce = Nce.noise(GaussianNoise.standard(2)).startingAt(0.4);
            Vnce vnce = Vnce.posterior(Posteriors.exact(model))
                    .noise(GaussianNoise.standard(2))
                    .particles(3)
                    .startingAt(0.4);
            Phase exact = last(nce, model, batch);
            Phase phase = last(vnce, model, batch);
            Doubles given = new Doubles()
                    .set(model.parameters())
                    .set(nce.normaliser().parameters())
                    .set(vnce.normaliser().parameters())
                    .set(batch, ROWS);
            double expected = given.draw(Noise.seed(3), exact.loss()).scalar(exact.loss());
            double[] gradient = given.of(model.parameters().gradient(exact.loss()));
            // The contrast comes first in both, then the draws of h.
            given.draw(Noise.seed(3), phase.loss());
            assertEquals(expected, given.scalar(phase.loss()), 1e-9, model.name());
            assertArrayEquals(gradient, given.of(model.parameters().gradient(phase.loss())), 1e-9);
        }
    }

    /** Gives out states 0, 1, ... L - 1 of h in turn, with log q of -0.3, -0.6, ... whatever v is. */
    private static final class InTurn implements Posterior {
        private final int number;
        private int given;

        InTurn(int number) {
            this.number = number;
        }

        @Override
        public String name() {
            return "in turn";
        }

        @Override
        public int visible() {
            return 2;
        }

        @Override
        public int hidden() {
            return 3;
        }

        @Override
        public Particle sampleAndLogProb(Expr v) {
            int l = given++ % number;
            Expr h = Expr.constant(Models.bits(l, 3), 1, 3).broadcastTo(v.shape(0), 3);
            return new Particle(h, Expr.constant(-0.3 * (l + 1), v.shape(0)));
        }

        @Override
        public Expr logProb(Expr v, Expr h) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<PosteriorFit> fit() {
            return Optional.empty();
        }

        @Override
        public Posterior fittedBy(PosteriorFit how) {
            return this;
        }

        @Override
        public Parameters parameters() {
            return Parameters.none();
        }

        @Override
        public Posterior with(Parameters values) {
            return this;
        }
    }

    @Test
    void vnceIsTheMeanOverDrawsOutsideTheLossOnDataAndInsideItOnNoise() {
        Grbm model = Models.machine();
        Vnce vnce = Vnce.posterior(new InTurn(3))
                .noise(GaussianNoise.standard(2))
                .particles(3)
                .drawsPerRow(2)
                .startingAt(0.4);
        Expr batch = Expr.input("batch", 4, 2);
        Phase phase = last(vnce, model, batch);
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(vnce.normaliser().parameters())
                .set(batch, ROWS)
                .draw(Noise.seed(3), phase.loss());
        float[] drawn = new float[16];
        Noise.seed(3).normal(drawn, 0, 16);
        double expected = 0;
        for (int i = 0; i < 4; i++) {
            for (int l = 0; l < 3; l++) {
                double odds = odds(model, ROWS[2 * i], ROWS[2 * i + 1], l);
                expected += Math.log1p(1 / odds) / 4 / 3;
            }
        }
        for (int i = 0; i < 8; i++) {
            double mean = 0;
            for (int l = 0; l < 3; l++) {
                mean += odds(model, drawn[2 * i], drawn[2 * i + 1], l) / 3;
            }
            expected += 2 * Math.log1p(mean) / 8;
        }
        assertEquals(expected, given.scalar(phase.value()), 1e-7);
    }

    /** p~(v, h) / ( q Z nu p_n(v) ). */
    private static double odds(Grbm model, double x, double y, int state) {
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.constant(Models.bits(state, 3), 1, 3);
        double energy = new Doubles().set(model.parameters()).set(v, x, y).scalar(model.energy(v, h));
        double ofNoise = Math.exp(-0.5 * (x * x + y * y)) / (2 * Math.PI);
        return Math.exp(-energy + 0.3 * (state + 1) - 0.4f) / (2 * ofNoise);
    }

    // ---------------------------------------------------------------- what is found

    @Test
    void theMinimumIsTheDensityOfTheDataWithItsNormaliser() {
        LatentEnergy model = Models.gaussian(2);
        Data data = Gaussian.diagonal(new double[] {0.5, -1}, new double[] {1.2, 0.7})
                .sample(3000, Noise.seed(6));
        Nce nce = Nce.noise(GaussianNoise.standard(2)).drawsPerRow(2);
        Run rough = fit(model, nce, data, 0.03, 500);
        Nce again = nce.startingAt(rough.fitted(nce.normaliser()).value());
        Run run = fit(rough.model(), again, data, 0.002, 1000);
        float[] b = run.model().parameters().values("b");
        float[] logStd = run.model().parameters().values("logStd");
        double logZ = Math.log(2) + Math.log(1.2) + Math.log(0.7) + Math.log(2 * Math.PI);
        // 3000 rows know means to 0.02 and log stds to 0.013 at best, NCE somewhat less, and the last steps wander:
        // 0.1.
        assertArrayEquals(new float[] {0.5f, -1}, b, 0.1f);
        assertArrayEquals(new float[] {(float) Math.log(1.2), (float) Math.log(0.7)}, logStd, 0.1f);
        assertEquals(logZ, run.fitted(again.normaliser()).value(), 0.1);
        double[] history = run.history().values("logNormaliser");
        assertEquals(logZ, history[history.length - 1], 0.1);
    }

    private static Run fit(EnergyModel model, Objective loss, Data data, double rate, int steps) {
        return Training.of(model)
                .minimizing(loss)
                .on(data)
                .batches(300)
                .with(Adam.rate(rate))
                .averaging(0.99)
                .steps(steps)
                .fit(Noise.seed(1));
    }

    @Test
    void vnceLearnsAMachineAndItsNormaliserWithAFittedPosterior() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(3));
        Vnce vnce = Vnce.posterior(q);
        double before =
                ExactFisherDivergence.against(DATA).of(model, Noise.seed(1)).value();
        Run run = fit(model, vnce, DATA, 0.05, 600);
        double after = ExactFisherDivergence.against(DATA)
                .of(run.model(), Noise.seed(1))
                .value();
        assertTrue(after < 0.2 * before, before + " to " + after);
        double logZ = MachineEnumeration.of((Grbm) run.model()).value();
        assertEquals(logZ, run.fitted(vnce.normaliser()).value(), 0.25);
    }

    @Test
    void rejectsWhatCannotBeDone() {
        Grbm model = Models.machine();
        Expr batch = Expr.input("batch", 4, 2);
        assertThrows(SettingException.class, () -> Nce.fittedNoise().drawsPerRow(0));
        assertThrows(SettingException.class, () -> Nce.fittedNoise().startingAt(Double.NaN));
        assertThrows(SettingException.class, () -> Nce.noise(GaussianNoise.standard(3))
                .phases(model, DATA, batch));
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        assertThrows(SettingException.class, () -> Nce.fittedNoise().phases(mlp, DATA, batch));
        Posterior q = Posteriors.bernoulli(model);
        assertThrows(SettingException.class, () -> Vnce.posterior(q).particles(0));
        assertThrows(SettingException.class, () -> Vnce.posterior(q).innerSteps(0));
        assertThrows(SettingException.class, () -> Vnce.posterior(q.fittedBy(Elbo.innerSteps(1)))
                .innerSteps(5));
        assertThrows(
                SettingException.class,
                () -> Vnce.posterior(Models.near(model, 0).hard()).innerSteps(5));
        assertThrows(SettingException.class, () -> Vnce.posterior(q).phases(mlp, DATA, batch));
    }
}
