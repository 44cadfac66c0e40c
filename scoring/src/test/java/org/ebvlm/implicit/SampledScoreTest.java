package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Network;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Ancestral;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.sampling.Sampler;
import org.ebvlm.scoring.ExactFisherDivergence;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.KernelSteinDiscrepancy;
import org.ebvlm.scoring.ModelScores;
import org.ebvlm.scoring.Vaes;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class SampledScoreTest {
    private static final Sampler GIBBS = BlockGibbs.sweeps(30);

    /** A mixture of two Gaussians, with an exact score. */
    private static Grbm machine() {
        return Grbm.visible(2).hidden(2).init(Noise.seed(5));
    }

    private static double error(Snapshot snapshot, SampledScore score, Data rows) {
        float[] found = ModelScores.of(snapshot, score, rows);
        float[] truth = ModelScores.of(snapshot, ExactScore.estimator(), rows);
        double[] a = new double[found.length];
        double[] b = new double[found.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = found[i];
            b[i] = truth[i];
        }
        return Clouds.error(a, b);
    }

    @Test
    void itIsNearTheExactScoreAndNearerWithMoreSamples() {
        Snapshot snapshot = Snapshot.of(machine(), Noise.seed(1));
        Data rows = GIBBS.sample(machine(), 300, Noise.seed(2));
        double few = error(snapshot, SampledScore.from(GIBBS, 50), rows);
        double many = error(snapshot, SampledScore.from(GIBBS, 800), rows);
        assertTrue(many < 0.3 && many < few, few + " to " + many);
    }

    /** Without weights the model is N(0, I); draws of N(m, I) have divergence ||m||^2 / 2 = 0.5 to it. */
    @Test
    void itStandsInEveryDivergence() {
        Grbm normal = machine();
        Grbm model = normal.with(
                normal.parameters().with(new float[normal.parameters().size()]));
        Data rows = Gaussian.isotropic(new double[] {0.8, -0.6}, 1).sample(300, Noise.seed(3));
        SampledScore score = SampledScore.from(GIBBS, 400).by(Stein.gaussian().ridge(0.3));
        // Off by up to a quarter where the rows are, so that squares are by a half.
        Measurement fisher = ExactFisherDivergence.against(rows).using(score).of(model, Noise.seed(4));
        assertTrue(fisher.value() > 0.25 && fisher.value() < 0.75 && fisher.standardError() < 0.05, fisher.toString());
        double ksd = KernelSteinDiscrepancy.against(rows)
                .using(score)
                .of(model, Noise.seed(4))
                .value();
        double exact =
                KernelSteinDiscrepancy.against(rows).of(model, Noise.seed(4)).value();
        assertTrue(ksd > 0.5 * exact && ksd < 1.5 * exact, ksd + ", exactly " + exact);
        Measurement own = SampleFisherDivergence.against(rows).using(score).of(model, Noise.seed(4));
        // The error of the samples' own score comes on top, about 0.1.
        assertTrue(own.value() > 0.2 && own.value() < 0.8, own.toString());
    }

    /** Without a look at the energy: the estimate by a poor posterior is far from it, that by a good one near. */
    @Test
    void itTellsAPoorPosteriorFromAGoodOne() {
        Grbm model = machine();
        Data rows = GIBBS.sample(model, 300, Noise.seed(6));
        Snapshot snapshot = Snapshot.of(model, Noise.seed(7));
        float[] own = ModelScores.of(snapshot, SampledScore.from(GIBBS, 800), rows);
        float[] good = ModelScores.of(snapshot, Vaes.particles(50).posterior(Posteriors.exact(model)), rows);
        var wrong = Posteriors.bernoulli(model);
        float[] bias = new float[2];
        bias[0] = 8;
        bias[1] = -8;
        float[] poor = ModelScores.of(
                snapshot,
                Vaes.particles(50).posterior(wrong.with(wrong.parameters().with("layer.b", bias))),
                rows);
        assertTrue(gap(own, good) < 0.5 * gap(own, poor), gap(own, good) + " " + gap(own, poor));
    }

    private static double gap(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]) / a.length;
        }
        return sum;
    }

    @Test
    void aDirectedModelNeedsNoChain() {
        Vae vae = Vae.visible(2).hidden(2).decoder(Network.elu(4)).init(Noise.seed(8));
        Data rows = Ancestral.sampler().sample(vae, 200, Noise.seed(9));
        SampledScore score = SampledScore.from(Ancestral.sampler(), 400).at(Snapshot.of(vae, Noise.seed(10)));
        assertTrue(score.name().contains("Ancestral"));
        float[] found = ModelScores.of(Snapshot.of(vae, Noise.seed(10)), score, rows);
        // E[ s . (x - mean) ] = -width for every density: integration by parts.
        double[] mean = new double[2];
        for (int i = 0; i < 400; i++) {
            mean[i % 2] += rows.at(i / 2, i % 2) / 200;
        }
        double sum = 0;
        for (int i = 0; i < 400; i++) {
            sum += found[i] * (rows.at(i / 2, i % 2) - mean[i % 2]) / 200;
        }
        // Its standard error is about sqrt(2 * 2 / 200) = 0.14; the bias towards zero takes up to a fifth.
        assertEquals(-2, sum, 0.4 + 4 * 0.14);
    }

    @Test
    void withoutAMomentToDrawAtItSaysSo() {
        SettingException error = assertThrows(
                SettingException.class, () -> SampledScore.from(GIBBS, 10).score(machine(), Expr.input("v", 3, 2)));
        assertTrue(error.getMessage().contains("Snapshot.of"), error.getMessage());
        assertThrows(SettingException.class, () -> SampledScore.from(GIBBS, 1));
    }
}
