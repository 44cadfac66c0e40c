package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.model.Network;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.junit.jupiter.api.Test;

/** Bounds, active units and the noise of gradients, against enumeration. */
class BoundEvaluationTest {
    private static final Data ROWS = Data.of("rows", new float[] {1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0}, 3);

    private static Sbn model() {
        Sbn drawn = Sbn.visible(3).hidden(3, 2).init(Noise.seed(1));
        return drawn.with(VimcoTest.scattered(drawn.parameters(), 3));
    }

    private static LayeredPosterior far(Sbn model) {
        LayeredPosterior drawn = Posteriors.layered(model);
        return drawn.with(VimcoTest.scattered(drawn.parameters(), 4));
    }

    private static double truth(Sbn model) {
        return LogLikelihood.on(ROWS).measure(Snapshot.of(model, Noise.seed(1))).value();
    }

    /** Weights have a relative standard deviation below 10 for these, so the mean of 50,000 is within 0.05 or 4 deviations. */
    @Test
    void fiftyThousandDrawsReachTheLogLikelihood() {
        Sbn model = model();
        Measurement many = ImportanceBound.on(ROWS)
                .posterior(far(model))
                .particles(50_000)
                .measure(Snapshot.of(model, Noise.seed(2)));
        assertEquals(truth(model), many.value(), 0.1);
        double few = ImportanceBound.on(ROWS)
                .posterior(far(model))
                .particles(1)
                .measure(Snapshot.of(model, Noise.seed(2)))
                .value();
        assertTrue(few < truth(model) - 0.3, few + " " + truth(model));
    }

    /** 1,003 draws of four rows are two whole chunks of 500 and three more: under the exact posterior each row's bound is log p. */
    @Test
    void chunksOfDrawsMakeUpTheirNumber() {
        Sbn model = model();
        for (int particles : new int[] {1, 7, 1_003}) {
            double bound = ImportanceBound.on(ROWS)
                    .posterior(Posteriors.exact(model))
                    .particles(particles)
                    .measure(Snapshot.of(model, Noise.seed(2)))
                    .value();
            assertEquals(truth(model), bound, 1e-5, particles + " particles");
        }
        assertThrows(SettingException.class, () -> ImportanceBound.on(ROWS)
                .posterior(far(model).relaxed(0.5))
                .measure(Snapshot.of(model, Noise.seed(2))));
    }

    /** Standard error over 30 repeats of a bound is below 0.06. */
    @Test
    void annealingBringsTheBoundUpToTheLogLikelihoodAndNotAbove() {
        Sbn model = model();
        double truth = truth(model);
        double[] mean = new double[2];
        int[] scales = {1, 40};
        for (int k = 0; k < 2; k++) {
            for (int r = 0; r < 30; r++) {
                mean[k] += AnnealedBound.on(ROWS)
                                .posterior(far(model))
                                .chains(2)
                                .scales(scales[k])
                                .moves(2)
                                .measure(Snapshot.of(model, Noise.seed(100 + r)))
                                .value()
                        / 30;
            }
        }
        assertTrue(mean[0] < truth - 0.2, "two draws as they are: " + mean[0] + " of " + truth);
        assertTrue(mean[1] > mean[0] + 0.5 * (truth - mean[0]) && mean[1] < truth + 0.05, mean[1] + " of " + truth);
    }

    /** Many weights of few scales: their mean is p(v) itself only if the moves leave f_t as it is. */
    @Test
    void annealedWeightsAreUnbiased() {
        Sbn model = model();
        Data one = ROWS.rows(0, 1);
        double truth =
                LogLikelihood.on(one).measure(Snapshot.of(model, Noise.seed(1))).value();
        double found = AnnealedBound.on(one)
                .posterior(far(model))
                .chains(30_000)
                .scales(3)
                .moves(2)
                .measure(Snapshot.of(model, Noise.seed(5)))
                .value();
        // The weights' relative deviation is about 2, so the standard error is below 0.012.
        assertEquals(truth, found, 0.04);
    }

    @Test
    void unitsThatFollowVAreActiveAndOthersAreNot() {
        Sbn model = Sbn.visible(3).hidden(2, 1).init(Noise.seed(1));
        LayeredPosterior q = Posteriors.layered(model, Network.linear(), Noise.seed(2), 2, 1);
        // The first unit is v1, the second a coin whatever v is, the third follows the first.
        LayeredPosterior set = q.with(q.parameters()
                .with("layer1.layer.W", new float[] {8, 0, 0, 0, 0, 0})
                .with("layer1.layer.b", new float[] {-4, 0})
                .with("layer2.layer.W", new float[] {6, 0})
                .with("layer2.layer.b", new float[] {-3}));
        float[] bits = new float[3 * 2000];
        Noise.seed(3).uniform(bits, 0, bits.length);
        for (int i = 0; i < bits.length; i++) {
            bits[i] = bits[i] > 0.5f ? 1 : 0;
        }
        ActiveUnits units = ActiveUnits.on(Data.of("coins", bits, 3)).posterior(set);
        Snapshot now = Snapshot.of(model, Noise.seed(4));
        assertEquals(2, units.measure(now).value());
        double[] variances = units.variances(now);
        double p = 1 / (1 + Math.exp(-4));
        // Variance of a mean that is p or 1 - p as v1 tells: (2 p - 1)^2 / 4; standard error about 0.004.
        assertEquals((2 * p - 1) * (2 * p - 1) / 4, variances[0], 0.016);
        assertEquals(0, variances[1], 0.004);
        assertEquals(3, units.threshold(-1).measure(now).value());
        assertThrows(SettingException.class, () -> ActiveUnits.on(ROWS.rows(0, 1)));
    }

    // ---------------------------------------------------------------- the noise of gradients

    /** Against enumeration of all draws for one row; 3,000 repeats find a variance to some 5 %. */
    @Test
    void theAuditFindsTheVarianceAndTheSignalThatEnumerationGives() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        Data row = Data.of("row", new float[] {1, 0}, 2);
        List<MonteCarlo> estimates = List.of(Vimco.samples(3), Rws.samples(3), LeaveOneOut.samples(3));
        GradientAudit audit = GradientAudit.of(model).on(row).repeats(3_000);
        for (MonteCarlo how : estimates) {
            audit = audit.estimate(how, q);
        }
        List<GradientAudit.Row> found = audit.measure(Noise.seed(1)).rows();
        DrawEnumeration all = new DrawEnumeration(model, q, 3, 1, 0);
        for (int i = 0; i < estimates.size(); i++) {
            Surrogate at = estimates.get(i).surrogate(model, q, all.row());
            var slope = q.parameters().gradient(at.posterior());
            double std = Math.sqrt(all.variance(slope));
            double signal = 0;
            for (double each : all.mean(slope)) {
                signal += each * each;
            }
            assertEquals(std, found.get(i).posterior().std(), 0.08 * std);
            assertEquals(Math.sqrt(signal), found.get(i).posterior().signal(), 4 * std / Math.sqrt(3_000));
            assertEquals(all.mean(at.bound())[0], found.get(i).bound(), 0.1);
        }
    }

    /** The mean over 80 audits of few repeats: noise in the mean gradient does not count as signal. */
    @Test
    void fewRepeatsDoNotMakeASignalOfNoise() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        GradientAudit audit = GradientAudit.of(model)
                .on(Data.of("row", new float[] {1, 0}, 2))
                .repeats(10);
        for (int i = 0; i < 80; i++) {
            audit = audit.estimate(Vimco.samples(2), q);
        }
        double squares = 0;
        for (GradientAudit.Row row : audit.measure(Noise.seed(1)).rows()) {
            squares += row.posterior().signal() * row.posterior().signal() / 80;
        }
        DrawEnumeration all = new DrawEnumeration(model, q, 2, 1, 0);
        var slope = q.parameters()
                .gradient(Vimco.samples(2).surrogate(model, q, all.row()).posterior());
        double signal = java.util.Arrays.stream(all.mean(slope)).map(x -> x * x).sum();
        double noise = all.variance(slope) / 10;
        assertTrue(squares < signal + 0.6 * noise && squares > 0.3 * signal, squares + " " + signal + " " + noise);
    }

    @Test
    void theAuditFitsBaselinesFirstAndMakesATable() {
        Sbn model = model();
        LayeredPosterior q = far(model);
        GradientAudit.Report report = GradientAudit.of(model)
                .on(ROWS)
                .repeats(200)
                .estimate(Nvil.samples(4).plain(), q)
                .estimate(Nvil.samples(4), q)
                .estimate(Nvil.samples(4).undivided().baseline(Network.elu(8), Noise.seed(1)), q)
                .measure(Noise.seed(1));
        assertEquals(3, report.toTable().rowCount());
        assertTrue(report.toString().contains("signal to noise"));
        double plain = report.rows().get(0).posterior().std();
        assertTrue(report.rows().get(1).posterior().std() < 0.9 * plain, report.toString());
        assertTrue(report.rows().get(2).posterior().std() < 0.9 * plain, report.toString());
        assertThrows(SettingException.class, () -> GradientAudit.of(model).measure(Noise.seed(1)));
        assertThrows(SettingException.class, () -> GradientAudit.of(model).estimate(Iwae.samples(1), q));
    }
}
