package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Sbn;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

/** Expectations of the estimates, by all tuples of hard draws or by quadrature over normal ones. */
class MonteCarloTest {
    private static final double[] ROW = {1, 0};

    private static void assertUnbiased(
            DrawEnumeration all, Surrogate at, DrawEnumeration.Bound truth, EnergyModel model, Posterior q) {
        Expr exact = all.expected(truth);
        assertEquals(all.value(exact)[0], all.mean(at.bound())[0], 1e-12);
        assertArrayEquals(
                all.gradient(exact, model.parameters()),
                all.mean(model.parameters().gradient(at.model()).neg()),
                1e-10);
        double[] slope = all.gradient(exact, q.parameters());
        assertTrue(Arrays.stream(slope).anyMatch(x -> Math.abs(x) > 0.01), Arrays.toString(slope));
        assertArrayEquals(
                slope, all.mean(q.parameters().gradient(at.posterior()).neg()), 1e-10);
    }

    @Test
    void leaveOneOutIsUnbiasedForTheEvidenceLowerBound() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        for (int samples : new int[] {2, 3}) {
            DrawEnumeration all = new DrawEnumeration(model, q, samples, ROW);
            assertUnbiased(
                    all,
                    LeaveOneOut.samples(samples).surrogate(model, q, all.row()),
                    (p, logQ) -> p.minus(logQ).mean(),
                    model,
                    q);
        }
    }

    @Test
    void nvilIsUnbiasedWhateverItsBaselines() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        for (int samples : new int[] {1, 2}) {
            for (Nvil how : List.of(
                    Nvil.samples(samples).undivided(),
                    Nvil.samples(samples).plain(),
                    Nvil.samples(samples).undivided().baseline(Network.elu(3), Noise.seed(5)))) {
                DrawEnumeration all = new DrawEnumeration(model, q, samples, ROW);
                Nvil.Moments moments = Nvil.Moments.none();
                all.give(moments.parameters().with(new float[] {-1.7f, 4}));
                Surrogate at = how.surrogate(model, q, all.row(), moments);
                at.others()
                        .forEach(each -> all.give(
                                each.fitted() instanceof Nvil.Moments
                                        ? moments.parameters().with(new float[] {-1.7f, 4})
                                        : VimcoTest.scattered(each.fitted().parameters(), 9)));
                assertUnbiased(all, at, DrawEnumeration::plainBound, model, q);
            }
        }
    }

    @Test
    void nvilDividesByADeviationAboveOneAndByNothingBelow() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        Nvil how = Nvil.samples(2);
        Nvil.Moments moments = Nvil.Moments.none();
        DrawEnumeration all = new DrawEnumeration(model, q, 2, ROW);
        Expr y = q.parameters()
                .gradient(how.surrogate(model, q, all.row(), moments).posterior());
        Expr score = q.parameters()
                .gradient(Nvil.samples(2).plain().surrogate(model, q, all.row()).posterior());
        // With c = 0 and s = 2 the first term is half that of the plain score function, the second the same.
        double[] whole = all.give(moments.parameters()).at(6, List.of(y)).get(0);
        double[] halved = all.give(moments.parameters().with(new float[] {0, 4}))
                .at(6, List.of(y))
                .get(0);
        double[] narrow = all.give(moments.parameters().with(new float[] {0, 0.25f}))
                .at(6, List.of(y))
                .get(0);
        double[] plain = all.at(6, List.of(score)).get(0);
        Expr weighted = q.parameters()
                .gradient(Rws.samples(2).surrogate(model, q, all.row()).posterior());
        double[] second = all.at(6, List.of(weighted)).get(0);
        assertArrayEquals(plain, whole, 1e-12);
        assertArrayEquals(plain, narrow, 1e-12);
        for (int i = 0; i < plain.length; i++) {
            // What follows -w_j grad log q, minus the gradient of RWS, is left whole.
            assertEquals((plain[i] + second[i]) / 2 - second[i], halved[i], 1e-12);
        }
    }

    @Test
    void aLearnedBaselineIsTakenOffWhetherItIsDividedOrNot() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        DrawEnumeration all = new DrawEnumeration(model, q, 2, ROW);
        double[][] found = new double[2][];
        for (int i = 0; i < 2; i++) {
            Nvil how = Nvil.samples(2).baseline(Network.elu(3), Noise.seed(5));
            Nvil.Moments moments = Nvil.Moments.none();
            Surrogate at = (i == 0 ? how : how.undivided()).surrogate(model, q, all.row(), moments);
            at.others()
                    .forEach(each -> all.give(VimcoTest.scattered(each.fitted().parameters(), 9)));
            all.give(moments.parameters().with(new float[] {-1.7f, 0.5f}));
            found[i] =
                    all.at(6, List.of(q.parameters().gradient(at.posterior()))).get(0);
        }
        assertArrayEquals(found[1], found[0], 1e-12);
    }

    @Test
    void renyiBoundsOfHardDrawsAreUnbiasedForTheirOrder() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        for (double order : new double[] {0, 0.5, -1, 2}) {
            DrawEnumeration all = new DrawEnumeration(model, q, 2, ROW);
            assertUnbiased(
                    all,
                    Renyi.order(order).samples(2).surrogate(model, q, all.row()),
                    (p, logQ) ->
                            p.minus(logQ).times(1 - order).exp().mean().log().over(1 - order),
                    model,
                    q);
        }
    }

    @Test
    void theRenyiBoundOfOrderZeroHasTheGradientOfArithmeticVimco() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        DrawEnumeration all = new DrawEnumeration(model, q, 3, ROW);
        Expr renyi = Renyi.order(0).samples(3).surrogate(model, q, all.row()).posterior();
        Expr vimco =
                Vimco.samples(3).arithmetic().surrogate(model, q, all.row()).posterior();
        assertArrayEquals(
                all.at(39, List.of(q.parameters().gradient(vimco))).get(0),
                all.at(39, List.of(q.parameters().gradient(renyi))).get(0),
                1e-12);
    }

    // ---------------------------------------------------------------- reweighted wake-sleep

    @Test
    void reweightedWakeSleepIsUnbiasedForTheModelAndBiasedForThePosterior() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        DrawEnumeration all = new DrawEnumeration(model, q, 3, ROW);
        Surrogate at = Rws.samples(3).surrogate(model, q, all.row());
        Expr bound = all.expected(DrawEnumeration::plainBound);
        assertArrayEquals(
                all.gradient(bound, model.parameters()),
                all.mean(model.parameters().gradient(at.model()).neg()),
                1e-10);
        double[] awake = all.mean(q.parameters().gradient(at.posterior()).neg());
        assertTrue(DrawEnumeration.distance(all.gradient(bound, q.parameters()), awake) > 0.01);
        // Where it leads, E_p(h|v) grad log q, it comes near only with many draws.
        double[] limit = new double[q.parameters().size()];
        double[] p = Models.posterior(model, ROW);
        for (int state = 0; state < p.length; state++) {
            Expr h = Expr.constant(Models.bits(state, 2), 1, 2);
            double[] each = all.gradient(q.logProb(all.row(), h), q.parameters());
            for (int i = 0; i < limit.length; i++) {
                limit[i] += p[state] * each[i];
            }
        }
        double far = DrawEnumeration.distance(limit, awake);
        DrawEnumeration more = new DrawEnumeration(model, q, 5, ROW);
        Surrogate five = Rws.samples(5).surrogate(model, q, more.row());
        double near = DrawEnumeration.distance(
                limit, more.mean(q.parameters().gradient(five.posterior()).neg()));
        assertTrue(near < 0.8 * far && near > 1e-3, far + " " + near);
    }

    @Test
    void asleepThePosteriorLearnsFromWhatTheModelMakesUp() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        Expr v = Expr.input("v", 1, 2);
        Surrogate at = Rws.samples(2).asleep().surrogate(model, q, v);
        Expr y = q.parameters().gradient(at.posterior()).neg();
        Doubles given =
                new Doubles().set(model.parameters()).set(q.parameters()).set(v, ROW);
        // sum over (v, h) of p(v, h) grad log q(h | v), against the average over draws.
        double[] truth = new double[q.parameters().size()];
        for (int state = 0; state < 16; state++) {
            double[] bits = Models.bits(state, 4);
            Expr row = Expr.constant(Arrays.copyOfRange(bits, 0, 2), 1, 2);
            Expr h = Expr.constant(Arrays.copyOfRange(bits, 2, 4), 1, 2);
            double p = Math.exp(given.scalar(model.logUnnormalised(row, h)));
            double[] each = given.of(q.parameters().gradient(q.logProb(row, h)));
            for (int i = 0; i < truth.length; i++) {
                truth[i] += p * each[i];
            }
        }
        int runs = 4000;
        double[] sum = new double[truth.length];
        double[] squares = new double[truth.length];
        Noise noise = Noise.seed(6);
        try (var program = org.ebvlm.program.Program.of(y)) {
            model.parameters().give(program);
            q.parameters().give(program);
            program.set(v, new float[] {1, 0});
            for (int r = 0; r < runs; r++) {
                program.draw(noise);
                program.run();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += program.value(0)[i];
                    squares[i] += program.value(0)[i] * program.value(0)[i];
                }
            }
        }
        for (int i = 0; i < sum.length; i++) {
            double mean = sum[i] / runs;
            double error = Math.sqrt(Math.max(0, squares[i] / runs - mean * mean) / runs);
            assertEquals(truth[i], mean, 4 * error + 1e-6);
        }
        assertThrows(SettingException.class, () -> Rws.samples(2)
                .wakeAndSleep()
                .surrogate(
                        Models.machine(), Posteriors.bernoulli(Models.machine()).hard(), Expr.input("v", 1, 2)));
    }

    // ---------------------------------------------------------------- the thermodynamic objective

    @Test
    void theThermodynamicObjectiveOfOnePartitionIsTheEvidenceLowerBound() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        DrawEnumeration all = new DrawEnumeration(model, q, 3, ROW);
        Surrogate at = Tvo.samples(3).partitions(1, 0.5).surrogate(model, q, all.row());
        Expr exact = all.expected((p, logQ) -> p.minus(logQ).mean());
        assertEquals(all.value(exact)[0], all.mean(at.bound())[0], 1e-12);
        assertArrayEquals(
                all.gradient(exact, model.parameters()),
                all.mean(model.parameters().gradient(at.model()).neg()),
                1e-10);
        double[] truth = all.gradient(exact, q.parameters());
        double[] mean = all.mean(q.parameters().gradient(at.posterior()).neg());
        for (int i = 0; i < truth.length; i++) {
            assertEquals(2.0 / 3 * truth[i], mean[i], 1e-10);
        }
    }

    @Test
    void theThermodynamicGradientIsThatOfTheSumOverThePathDrawByDraw() {
        Sbn model = VimcoTest.network();
        LayeredPosterior q = VimcoTest.posterior(model);
        Tvo how = Tvo.samples(3).partitions(3, 0.2);
        assertArrayEquals(
                new double[] {0, 0.2, Math.sqrt(0.2), 1},
                new double[] {how.beta(0), how.beta(1), how.beta(2), how.beta(3)},
                1e-15);
        DrawEnumeration all = new DrawEnumeration(model, q, 3, ROW);
        Surrogate at = how.surrogate(model, q, all.row());
        double[] h = all.draws(45);
        double[] l = new double[3];
        double[][] slopes = new double[3][];
        for (int k = 0; k < 3; k++) {
            Expr one = Expr.constant(Arrays.copyOfRange(h, 2 * k, 2 * k + 2), 1, 2);
            Expr logQ = q.logProb(all.row(), one);
            l[k] = all.value(model.logUnnormalised(all.row(), one))[0] - all.value(logQ)[0];
            slopes[k] = all.gradient(logQ, q.parameters());
        }
        double bound = 0;
        double[] gradient = new double[q.parameters().size()];
        for (int p = 0; p < 3; p++) {
            double beta = how.beta(p);
            double width = how.beta(p + 1) - beta;
            double total = Arrays.stream(l).map(x -> Math.exp(beta * x)).sum();
            double mean =
                    Arrays.stream(l).map(x -> x * Math.exp(beta * x) / total).sum();
            bound += width * mean;
            for (int k = 0; k < 3; k++) {
                double w = Math.exp(beta * l[k]) / total;
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += width * w * (-1 + (1 - beta) * (l[k] - mean)) * slopes[k][i];
                }
            }
        }
        assertEquals(bound, all.at(45, List.of(at.bound())).get(0)[0], 1e-12);
        assertArrayEquals(
                gradient,
                all.at(45, List.of(q.parameters().gradient(at.posterior()).neg()))
                        .get(0),
                1e-12);
    }

    // ---------------------------------------------------------------- reparametrised draws

    /** Nodes and weights for a mean over the standard normal distribution: the trapezium rule, exact here to rounding. */
    private static final int NODES = 45;

    private static final double REACH = 9;

    private static double node(int i) {
        return REACH * (2.0 * i / (NODES - 1) - 1);
    }

    private static double weight(int i) {
        return Math.exp(-0.5 * node(i) * node(i)) / Math.sqrt(2 * Math.PI) * 2 * REACH / (NODES - 1);
    }

    /** The mean of an expression over two standard normal numbers, its one noise input. */
    private static double[] mean(Expr y, Map<Expr, double[]> given) {
        Expr noise = Expr.sorted(List.of(y)).stream()
                .filter(e -> e.op() instanceof Leaf.Input in && in.source() == Leaf.Source.NORMAL)
                .findFirst()
                .orElseThrow();
        double[] mean = new double[y.size()];
        Map<Expr, double[]> all = new HashMap<>(given);
        for (int i = 0; i < NODES; i++) {
            for (int j = 0; j < NODES; j++) {
                all.put(noise, new double[] {node(i), node(j)});
                double[] value = Interpreter.evaluate(y, all);
                for (int k = 0; k < mean.length; k++) {
                    mean[k] += weight(i) * weight(j) * value[k];
                }
            }
        }
        return mean;
    }

    @Test
    void iwaeAndDregHaveTheSameMeanWhichIsTheBoundsGradient() {
        // Near enough to the exact posterior that l varies slowly, which the quadrature needs.
        Vae model = Vae.visible(2).hidden(1).fixedStd(2).init(Noise.seed(1));
        GaussianPosterior drawn = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        GaussianPosterior q = drawn.with(drawn.parameters()
                .with("layer.W", new float[] {0.1f, -0.15f, 0.05f, 0})
                .with("layer.b", new float[] {0.1f, -0.2f}));
        Expr v = Expr.input("v", 1, 2);
        Map<Expr, double[]> given = new HashMap<>();
        given.put(v, new double[] {0.7, -0.4});
        given.put(model.parameters().leaf(), Doubles.widened(model.parameters().values()));
        given.put(q.parameters().leaf(), Doubles.widened(q.parameters().values()));
        Surrogate iwae = Iwae.samples(2).surrogate(model, q, v);
        Surrogate dreg = Dreg.samples(2).surrogate(model, q, v);
        double[] plain = mean(together(iwae, model, q), given);
        assertArrayEquals(plain, mean(together(dreg, model, q), given), 1e-10);
        // Central differences of the bound by some of the posterior's parameters.
        double[] at = given.get(q.parameters().leaf());
        for (int i = 0; i < at.length; i += 2) {
            assertTrue(Math.abs(plain[1 + i]) > 1e-3, Arrays.toString(plain));
            double[] up = at.clone();
            double[] down = at.clone();
            up[i] += 1e-4;
            down[i] -= 1e-4;
            given.put(q.parameters().leaf(), up);
            double above = mean(iwae.bound(), given)[0];
            given.put(q.parameters().leaf(), down);
            double below = mean(iwae.bound(), given)[0];
            given.put(q.parameters().leaf(), at);
            assertEquals(-(above - below) / 2e-4, plain[1 + i], 1e-7);
        }
    }

    /** The bound and both gradients. */
    private static Expr together(Surrogate at, EnergyModel model, Posterior q) {
        return Expr.concat(
                0,
                List.of(
                        at.bound(),
                        q.parameters().gradient(at.posterior()),
                        model.parameters().gradient(at.model())));
    }

    @Test
    void theDoublyReparametrisedGradientHasNoNoiseAtTheExactPosterior() {
        LatentEnergy model = Models.halving();
        GaussianPosterior drawn = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        float half = (float) (-0.5 * Math.log(2));
        GaussianPosterior exact = drawn.with(drawn.parameters()
                .with("layer.W", new float[] {0.5f, 0, 0, 0, 0, 0.5f, 0, 0})
                .with("layer.b", new float[] {0, 0, half, half}));
        Expr v = Expr.input("v", 1, 2);
        for (MonteCarlo how : List.of(Dreg.samples(3), Iwae.samples(3))) {
            Expr slope =
                    exact.parameters().gradient(how.surrogate(model, exact, v).posterior());
            Doubles given = new Doubles()
                    .set(exact.parameters())
                    .set(model.parameters())
                    .set(v, 0.3, 1.2)
                    .draw(Noise.seed(3), slope);
            double largest = Arrays.stream(given.of(slope)).map(Math::abs).max().orElseThrow();
            assertTrue(how instanceof Dreg ? largest < 1e-6 : largest > 0.1, how + " " + largest);
        }
    }

    // ---------------------------------------------------------------- a table of variances

    /** Two independent bits of log odds 0.3 and -0.8, and log p of the four states: h1 is the slower bit. */
    private static LatentEnergy table() {
        double[] log = {3.0819922164880866, -0.5868578115218928, -4.357578764149115, 1.1368625545613356};
        return LatentEnergy.visible(1)
                .binary(2)
                .zeros("unused", 1)
                .energy((g, v, h) -> {
                    var h1 = h.get(
                                    org.nd4j.autodiff.samediff.SDIndex.all(),
                                    org.nd4j.autodiff.samediff.SDIndex.interval(0, 1))
                            .sum(1);
                    var h2 = h.get(
                                    org.nd4j.autodiff.samediff.SDIndex.all(),
                                    org.nd4j.autodiff.samediff.SDIndex.interval(1, 2))
                            .sum(1);
                    return h1.mul(log[2] - log[0])
                            .add(h2.mul(log[1] - log[0]))
                            .add(h1.mul(h2).mul(log[3] - log[2] - log[1] + log[0]))
                            .add(log[0])
                            .neg();
                })
                .init(Noise.seed(1));
    }

    private static BernoulliPosterior bits(EnergyModel model) {
        BernoulliPosterior drawn =
                Posteriors.bernoulli(model, Network.linear(), Noise.seed(2)).hard();
        return drawn.with(drawn.parameters().with("layer.W", new float[2]).with("layer.b", new float[] {0.3f, -0.8f}));
    }

    /**
     * Traces of the gradients' covariance, worked out apart from this program (by the same enumeration, in Python) and given
     * to two decimals: of the score function without a baseline, with the bound's mean as baseline, of VIMCO with both, and of
     * the wake phase of RWS.
     */
    @Test
    void gradientsVaryAsIndependentWorkFound() {
        LatentEnergy model = table();
        BernoulliPosterior q = bits(model);
        double[][] found = {{7.44, 6.40, 6.36, 6.36, 0.42}, {11.84, 7.11, 3.18, 3.49, 0.34}};
        for (int samples : new int[] {2, 3}) {
            DrawEnumeration all = new DrawEnumeration(model, q, samples, 0);
            Nvil.Moments moments = Nvil.Moments.none();
            double mean = all.value(all.expected(DrawEnumeration::plainBound))[0];
            all.give(moments.parameters().with(new float[] {(float) mean, 0}));
            List<Surrogate> estimates = List.of(
                    Nvil.samples(samples).plain().surrogate(model, q, all.row()),
                    Nvil.samples(samples).undivided().surrogate(model, q, all.row(), moments),
                    Vimco.samples(samples).surrogate(model, q, all.row()),
                    Vimco.samples(samples).arithmetic().surrogate(model, q, all.row()),
                    Rws.samples(samples).surrogate(model, q, all.row()));
            for (int i = 0; i < estimates.size(); i++) {
                double trace =
                        all.variance(q.parameters().gradient(estimates.get(i).posterior()));
                assertEquals(found[samples - 2][i], trace, 0.0051, samples + " samples, " + i);
            }
        }
    }

    /** The same for five draws: the means, (-0.314, -0.056) of the bound's gradient and (-0.356, -0.039) of the wake phase. */
    @Test
    void atFiveDrawsTheWakePhaseIsBiasedAndVimcoIsNot() {
        LatentEnergy model = table();
        BernoulliPosterior q = bits(model);
        DrawEnumeration all = new DrawEnumeration(model, q, 5, 0);
        Expr vimco = q.parameters()
                .gradient(Vimco.samples(5).surrogate(model, q, all.row()).posterior());
        Expr wake = q.parameters()
                .gradient(Rws.samples(5).surrogate(model, q, all.row()).posterior());
        double[][] unbiased = all.moments(vimco.neg());
        double[][] biased = all.moments(wake.neg());
        // Weights of a row of zero have no gradient; those of the biases follow.
        assertArrayEquals(new double[] {0, 0, -0.314, -0.056}, unbiased[0], 5.1e-4);
        assertArrayEquals(new double[] {0, 0, -0.356, -0.039}, biased[0], 5.1e-4);
        assertEquals(0.76, trace(unbiased), 0.0051);
        assertEquals(0.20, trace(biased), 0.0051);
    }

    private static double trace(double[][] moments) {
        double sum = 0;
        for (int i = 0; i < moments[0].length; i++) {
            sum += moments[1][i] - moments[0][i] * moments[0][i];
        }
        return sum;
    }

    // ---------------------------------------------------------------- what is refused

    @Test
    void rejectsTooFewDrawsAndDrawsOfTheWrongKind() {
        assertThrows(SettingException.class, () -> LeaveOneOut.samples(1));
        assertThrows(SettingException.class, () -> Rws.samples(1));
        assertThrows(SettingException.class, () -> Tvo.samples(1));
        assertThrows(SettingException.class, () -> Iwae.samples(0));
        assertThrows(SettingException.class, () -> Dreg.samples(0));
        assertThrows(SettingException.class, () -> Nvil.samples(0));
        assertThrows(SettingException.class, () -> Renyi.order(1));
        assertThrows(SettingException.class, () -> Tvo.samples(2).partitions(2, 1));
        assertThrows(SettingException.class, () -> Nvil.samples(1).keeping(1));
        LayeredPosterior hard = VimcoTest.posterior(VimcoTest.network());
        assertThrows(SettingException.class, () -> Renyi.order(0.5).samples(1).posterior(hard));
        assertThrows(SettingException.class, () -> Iwae.samples(2).posterior(hard));
        assertThrows(SettingException.class, () -> Dreg.samples(2).posterior(hard.relaxed(0.5)));
        for (MonteCarlo how : List.of(LeaveOneOut.samples(2), Nvil.samples(1), Rws.samples(2), Tvo.samples(2))) {
            assertThrows(SettingException.class, () -> how.posterior(hard.relaxed(0.5)), how.name());
        }
        Iwae.samples(2).posterior(hard.relaxed(0.5));
        Iwae.samples(2).posterior(hard.straightThrough());
    }
}
