package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.GaussianPosterior;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

/** A directed model through the sentences for energies. */
class VaeScoreTest {
    /** v = (1, -0.5) h + (0.2, 0.1) + 0.5 e. */
    private static Vae linear() {
        Vae drawn = Vae.visible(2).hidden(1).fixedStd(0.5).init(Noise.seed(1));
        return drawn.with(
                drawn.parameters().with("layer.W", new float[] {1, -0.5f}).with("layer.b", new float[] {0.2f, 0.1f}));
    }

    @Test
    void vaesUnderTheExactPosteriorIsTheScoreOfTheGaussianMarginal() {
        Vae model = linear();
        // p(h | v) has the mean w' (v - b) / (w' w + s^2) and the variance s^2 / (w' w + s^2), with w' w + s^2 = 1.5.
        GaussianPosterior drawn = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        GaussianPosterior q = drawn.with(drawn.parameters()
                .with("layer.W", new float[] {1 / 1.5f, 0, -0.5f / 1.5f, 0})
                .with("layer.b", new float[] {-0.15f / 1.5f, (float) (0.5 * Math.log(0.25 / 1.5))}));
        int draws = 20_000;
        Expr v = Expr.input("v", draws, 2);
        float[] copies = new float[2 * draws];
        for (int r = 0; r < draws; r++) {
            copies[2 * r] = 0.9f;
            copies[2 * r + 1] = -0.7f;
        }
        double[] sum = new double[2];
        double[] squares = new double[2];
        try (Program program = Program.of(Vaes.particles(1).posterior(q).score(model, v))) {
            model.parameters().give(program);
            q.parameters().give(program);
            program.set(v, copies);
            program.draw(Noise.seed(3));
            program.run();
            for (int i = 0; i < 2 * draws; i++) {
                double each = program.value(0)[i];
                sum[i % 2] += each / draws;
                squares[i % 2] += each * each / draws;
            }
        }
        // The covariance is w w' + s^2 I; its inverse is (I - w w' / 1.5) / 0.25.
        double x = 0.9 - 0.2;
        double y = -0.7 - 0.1;
        double along = (x - 0.5 * y) / 1.5;
        double[] score = {-(x - along) / 0.25, -(y + 0.5 * along) / 0.25};
        for (int i = 0; i < 2; i++) {
            double error = Math.sqrt((squares[i] - sum[i] * sum[i]) / draws);
            assertEquals(score[i], sum[i], 4 * error, "standard error " + error);
        }
    }

    @Test
    void aVaeIsFittedByDenoisingScoreMatching() {
        Vae model = Vae.visible(2).hidden(1).fixedStd(0.5).init(Noise.seed(1));
        float[] values = new float[2 * 500];
        Noise noise = Noise.seed(4);
        for (int r = 0; r < 500; r++) {
            double h = noise.nextNormal();
            values[2 * r] = (float) (h + 0.2 + 0.3 * noise.nextNormal());
            values[2 * r + 1] = (float) (-0.5 * h + 0.1 + 0.3 * noise.nextNormal());
        }
        Data data = Data.of("factor", values, 2);
        // The data with noise of 0.4 have w = (1, -0.5), s = 0.5, b = (0.2, 0.1). The posterior has to find its sign
        // first,
        // and one run in five has not come away from w = 0 by the end: the middle of five.
        double[][] fits = new double[4][5];
        for (int k = 0; k < 5; k++) {
            float[] fitted = fitted(model, data, Noise.seed(k + 1)).values();
            fits[0][k] = Math.abs(fitted[0]);
            fits[1][k] = Math.copySign(fitted[1], fitted[0] * fitted[1]);
            fits[2][k] = fitted[2];
            fits[3][k] = fitted[3];
        }
        double[] expected = {1, -0.5, 0.2, 0.1};
        for (int i = 0; i < 4; i++) {
            Arrays.sort(fits[i]);
            // 500 rows know the mean and the coupling to 0.05.
            assertEquals(expected[i], fits[i][2], 0.2, Arrays.toString(fits[i]));
        }
    }

    private static Parameters fitted(Vae model, Data data, Noise noise) {
        GaussianPosterior q = Posteriors.gaussian(model, Network.linear(), Noise.seed(2))
                .fittedBy(Elbo.innerSteps(5).with(Adam.rate(0.01)));
        Run run = Training.of(model)
                .minimizing(Dsm.noiseStd(0.4).using(Vages.particles(5).posterior(q)))
                .on(data)
                .batches(100)
                .with(Adam.rate(0.02))
                .steps(1500)
                .averaging(0.99)
                .fit(noise);
        return run.model().parameters();
    }
}
