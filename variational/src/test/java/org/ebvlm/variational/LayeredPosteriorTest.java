package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class LayeredPosteriorTest {
    private static Sbn model() {
        return Sbn.visible(3).hidden(2, 1).init(Noise.seed(1));
    }

    private static LayeredPosterior posterior(Network.Architecture encoder) {
        LayeredPosterior drawn = Posteriors.layered(model(), encoder, Noise.seed(2), 2, 1);
        return drawn.with(VimcoTest.scattered(drawn.parameters(), 6));
    }

    @Test
    void theProbabilitiesOfAllStatesSumToOneAndDoNotFactorise() {
        for (Network.Architecture encoder : List.of(Network.linear(), Network.elu(4))) {
            double[] p = Models.probabilities(posterior(encoder), 1, 0, 1);
            assertEquals(1, Arrays.stream(p).sum(), 1e-12);
            double h1 = p[1] + p[3] + p[5] + p[7];
            double top = p[4] + p[5] + p[6] + p[7];
            assertTrue(Math.abs(p[5] + p[7] - h1 * top) > 1e-3, "the top layer depends on the one below");
        }
    }

    /** Worked out by hand, with loops. */
    @Test
    void logProbIsTheSumOverLayers() {
        LayeredPosterior q = posterior(Network.linear());
        Parameters all = q.parameters();
        assertEquals(List.of("layer1.layer.W", "layer1.layer.b", "layer2.layer.W", "layer2.layer.b"), all.names());
        float[] v = {1, 0, 1};
        int[] h = {1, 0, 1};
        float[] w1 = all.values("layer1.layer.W");
        double sum = 0;
        double z2 = all.values("layer2.layer.b")[0];
        for (int j = 0; j < 2; j++) {
            double z = all.values("layer1.layer.b")[j];
            for (int i = 0; i < 3; i++) {
                z += v[i] * w1[2 * i + j];
            }
            sum += h[j] * z - Math.log1p(Math.exp(z));
            z2 += h[j] * all.values("layer2.layer.W")[j];
        }
        sum += h[2] * z2 - Math.log1p(Math.exp(z2));
        assertEquals(Math.exp(sum), Models.probabilities(q, 1, 0, 1)[1 + 4], 1e-6);
    }

    /** Frequencies of 40,000 draws; the standard error of each is at most 0.0025. */
    @Test
    void drawsComeAsOftenAsTheirProbabilitySays() {
        LayeredPosterior q = posterior(Network.linear());
        int draws = 20_000;
        Expr v = Expr.input("v", 2, 3);
        Particle drawn = q.draws(v, draws);
        double[][] expected = {Models.probabilities(q, 1, 0, 1), Models.probabilities(q, 0, 1, 1)};
        double[][] counts = new double[2][8];
        try (Program program = Program.of(drawn.h(), drawn.logProb())) {
            q.parameters().give(program);
            program.set(v, new float[] {1, 0, 1, 0, 1, 1});
            program.draw(Noise.seed(4));
            program.run();
            float[] h = program.value(0);
            for (int r = 0; r < 2 * draws; r++) {
                int state = (int) (h[3 * r] + 2 * h[3 * r + 1] + 4 * h[3 * r + 2]);
                counts[r % 2][state] += 1.0 / draws;
                // The log mass beside the draw is that of the draw: draw k of row i is row 2 k + i.
                assertEquals(Math.log(expected[r % 2][state]), program.value(1)[r], 1e-4);
            }
        }
        assertArrayEquals(expected[0], counts[0], 4 * 0.0036);
        assertArrayEquals(expected[1], counts[1], 4 * 0.0036);
    }

    @Test
    void drawsOfManyAtOnceHaveTheLogProbOfEachAlone() {
        Sbn model = model();
        List<Posterior> all =
                List.of(posterior(Network.linear()), Posteriors.bernoulli(model).hard(), Posteriors.exact(model));
        Expr v = Expr.input("v", 2, 3);
        Expr h = Expr.input("h", 4, 3);
        for (Posterior q : all) {
            Doubles given = new Doubles()
                    .set(q.parameters())
                    .set(v, 1, 0, 1, 0, 1, 1)
                    .set(h, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0);
            double[] together = given.of(q.logProbOfDraws(v, h));
            for (int r = 0; r < 4; r++) {
                Expr alone = q.logProb(v.slice(0, r % 2, 1), h.slice(0, r, 1));
                assertEquals(given.scalar(alone), together[r], 1e-12, q.name());
            }
        }
    }

    @Test
    void hardDrawsCarryNoDerivativeAndOthersDo() {
        LayeredPosterior hard = posterior(Network.linear());
        Expr v = Expr.input("v", 1, 3);
        for (LayeredPosterior q : List.of(hard, hard.relaxed(0.7), hard.straightThrough())) {
            Expr h = q.draws(v, 2).h();
            Expr slope = q.parameters().gradient(h.sum());
            Doubles given = new Doubles().set(q.parameters()).set(v, 1, 0, 1).draw(Noise.seed(3), h);
            boolean moves = Arrays.stream(given.of(slope)).anyMatch(x -> x != 0);
            assertEquals(q.hasSmoothDraws(), moves, q.name());
            boolean bits = Arrays.stream(given.of(h)).allMatch(x -> Math.abs(x) < 1e-12 || Math.abs(x - 1) < 1e-12);
            assertEquals(q.hasExactDraws(), bits, q.name());
        }
        // The derivative of a straight-through draw of the first layer is that of its probability.
        Expr first = hard.straightThrough().sample(v).slice(1, 0, 1);
        Expr p = v.matmul(hard.parameters().get("layer1.layer.W"))
                .plus(hard.parameters().get("layer1.layer.b"))
                .sigmoid()
                .slice(1, 0, 1);
        Doubles given = new Doubles().set(hard.parameters()).set(v, 1, 0, 1).draw(Noise.seed(3), first);
        assertArrayEquals(
                given.of(hard.parameters().gradient(p)),
                given.of(hard.parameters().gradient(first)),
                1e-14);
        // A relaxed draw's derivative agrees with finite differences.
        Expr relaxed = hard.relaxed(0.7).sample(v);
        Doubles at = new Doubles().set(hard.parameters()).set(v, 1, 0, 1).draw(Noise.seed(3), relaxed);
        assertArrayEquals(
                at.differences(relaxed, hard.parameters().leaf()),
                at.of(hard.parameters().gradient(relaxed.sum())),
                1e-8);
    }

    @Test
    void rejectsLayersThatDoNotMakeUpH() {
        assertTrue(assertThrows(
                        SettingException.class,
                        () -> Posteriors.layered(model(), Network.linear(), Noise.seed(1), 2, 2))
                .getMessage()
                .contains("3 units"));
        assertThrows(SettingException.class, () -> posterior(Network.linear()).relaxed(0));
        assertThrows(
                SettingException.class, () -> Posteriors.layered(Models.halving(), Network.linear(), Noise.seed(1), 2));
    }
}
