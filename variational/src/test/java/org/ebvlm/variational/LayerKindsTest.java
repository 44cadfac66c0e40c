package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Layer;
import org.ebvlm.model.LayeredModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Monte Carlo objectives over layers of categories and of real units, and over both at once. */
class LayerKindsTest {
    private static final double[] ROW = {1, 0};

    /** A choice of three below one bit. */
    private static LayeredModel choices() {
        LayeredModel drawn = LayeredModel.visible(Layer.bernoulli(2))
                .hidden(Layer.categorical(1, 3), Layer.bernoulli(1))
                .init(Noise.seed(1));
        return drawn.with(VimcoTest.scattered(drawn.parameters(), 3));
    }

    /** One real unit below one bit, small parameters. */
    private static LayeredModel mixed() {
        LayeredModel drawn = LayeredModel.visible(Layer.bernoulli(2))
                .hidden(Layer.gaussian(1), Layer.bernoulli(1))
                .init(Noise.seed(1));
        return drawn.with(halved(VimcoTest.scattered(drawn.parameters(), 3)));
    }

    private static LayeredPosterior posterior(LayeredModel model) {
        LayeredPosterior drawn = Posteriors.layered(model);
        return drawn.with(halved(VimcoTest.scattered(drawn.parameters(), 4)));
    }

    private static Parameters halved(Parameters parameters) {
        float[] values = parameters.values();
        for (int i = 0; i < values.length; i++) {
            values[i] /= 3;
        }
        return parameters.with(values);
    }

    // ---------------------------------------------------------------- categories, by enumeration

    /** A posterior whose draws are given, to be summed over; its log masses are its own. */
    private record Given(LayeredPosterior of, Expr h) implements Posterior {
        @Override
        public Particle draws(Expr v, int number) {
            return new Particle(h, of.logProbOfDraws(v, h));
        }

        @Override
        public Particle sampleAndLogProb(Expr v) {
            return draws(v, 1);
        }

        @Override
        public Expr logProb(Expr v, Expr units) {
            return of.logProb(v, units);
        }

        @Override
        public String name() {
            return of.name();
        }

        @Override
        public int visible() {
            return of.visible();
        }

        @Override
        public int hidden() {
            return of.hidden();
        }

        @Override
        public Optional<PosteriorFit> fit() {
            return Optional.empty();
        }

        @Override
        public Posterior fittedBy(PosteriorFit how) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Parameters parameters() {
            return of.parameters();
        }

        @Override
        public Posterior with(Parameters values) {
            throw new UnsupportedOperationException();
        }
    }

    private static final int STATES = 6;

    /** State s: class s mod 3 one-hot, and the bit. */
    private static double[] tuple(int index, int samples) {
        double[] h = new double[4 * samples];
        int rest = index;
        for (int k = 0; k < samples; k++) {
            int s = rest % STATES;
            h[4 * k + s % 3] = 1;
            h[4 * k + 3] = s < 3 ? 0 : 1;
            rest /= STATES;
        }
        return h;
    }

    /** A function of log weights [K, 1]. */
    private interface Bound {
        Expr of(Expr l);
    }

    /** The mean of each estimate over all tuples of draws is the gradient of its exact bound, found by summing in the same way. */
    @Test
    void scoreFunctionsOverCategoriesAreUnbiased() {
        LayeredModel model = choices();
        LayeredPosterior q = posterior(model);
        int samples = 2;
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", samples, 4);
        Map<MonteCarlo, Bound> all = Map.of(
                Vimco.samples(samples), l -> l.exp().mean().log(),
                Vimco.samples(samples).arithmetic(), l -> l.exp().mean().log(),
                Nvil.samples(samples).plain(), l -> l.exp().mean().log(),
                LeaveOneOut.samples(samples), Expr::mean,
                Renyi.order(0.5).samples(samples),
                        l -> l.times(0.5).exp().mean().log().times(2));
        Expr logQ = q.logProbOfDraws(v, h);
        Expr l = model.logUnnormalised(Stack.repeated(v, samples), h).minus(logQ);
        for (Map.Entry<MonteCarlo, Bound> each : all.entrySet()) {
            Surrogate at = each.getKey().surrogate(model, new Given(q, h), v);
            // The gradient of  sum over tuples of q f  is that of the sum's terms.
            Expr term = logQ.sum().exp().times(each.getValue().of(l));
            double[] exact =
                    new double[q.parameters().size() + model.parameters().size()];
            double[] mean = exact.clone();
            List<Expr> results = List.of(
                    Expr.concat(
                            0,
                            List.of(
                                    q.parameters().gradient(term),
                                    model.parameters().gradient(term))),
                    Expr.concat(
                            0,
                            List.of(
                                    q.parameters().gradient(at.posterior()),
                                    model.parameters().gradient(at.model()))),
                    logQ.sum().exp());
            double total = 0;
            for (int t = 0; t < STATES * STATES; t++) {
                Map<Expr, double[]> given = given(model, q, v);
                given.put(h, tuple(t, samples));
                List<double[]> found = Interpreter.evaluate(results, given);
                total += found.get(2)[0];
                for (int i = 0; i < exact.length; i++) {
                    exact[i] += found.get(0)[i];
                    mean[i] -= found.get(2)[0] * found.get(1)[i];
                }
            }
            assertEquals(1, total, 1e-12);
            assertTrue(Arrays.stream(exact).anyMatch(x -> Math.abs(x) > 0.01));
            assertArrayEquals(exact, mean, 1e-10, each.getKey().toString());
        }
    }

    private static Map<Expr, double[]> given(LayeredModel model, LayeredPosterior q, Expr v) {
        Map<Expr, double[]> given = new HashMap<>();
        given.put(v, ROW);
        given.put(model.parameters().leaf(), Doubles.widened(model.parameters().values()));
        given.put(q.parameters().leaf(), Doubles.widened(q.parameters().values()));
        return given;
    }

    /** Frequencies of 40,000 hard draws; the standard error of each is at most 0.0025. */
    @Test
    void hardDrawsComeAsOftenAsTheirLogProbSays() {
        LayeredPosterior q = posterior(choices());
        int rows = 40_000;
        Expr v = Expr.input("v", 1, 2);
        Particle drawn = q.draws(v, rows);
        double[] often = new double[STATES];
        double[] p = new double[STATES];
        try (Program program = Program.of(drawn.h(), drawn.logProb())) {
            q.parameters().give(program);
            program.set(v, new float[] {1, 0});
            program.draw(Noise.seed(4));
            program.run();
            float[] h = program.value(0);
            for (int r = 0; r < rows; r++) {
                int s = (h[4 * r + 1] == 1 ? 1 : h[4 * r + 2] == 1 ? 2 : 0) + (int) (3 * h[4 * r + 3]);
                often[s] += 1.0 / rows;
                p[s] = Math.exp(program.value(1)[r]);
            }
        }
        assertEquals(1, Arrays.stream(p).sum(), 1e-5);
        assertArrayEquals(p, often, 4 * 0.0025);
    }

    // ---------------------------------------------------------------- real units and bits at once, by enumeration

    private static final int NODES = 7;
    private static final double REACH = 3;

    private static double node(int i) {
        return REACH * (2.0 * i / (NODES - 1) - 1);
    }

    private static double weight(int i) {
        return Math.exp(-0.5 * node(i) * node(i)) / Math.sqrt(2 * Math.PI) * 2 * REACH / (NODES - 1);
    }

    /**
     * The mean of an expression of two draws of (real unit, bit) where the real noise takes few values, which need not be many: an
     * estimate that is unbiased given the noise is so for any distribution of it. All four pairs of bits are forced by their uniform
     * number, with their probability given the noises.
     */
    private static double[] mean(Expr y, Expr chance, Map<Expr, double[]> given) {
        Expr e = noise(y, Leaf.Source.NORMAL);
        Expr u = noise(y, Leaf.Source.UNIFORM);
        double[] mean = new double[y.size()];
        Map<Expr, double[]> all = new HashMap<>(given);
        for (int i = 0; i < NODES; i++) {
            for (int j = 0; j < NODES; j++) {
                all.put(e, new double[] {node(i), node(j)});
                for (int bits = 0; bits < 4; bits++) {
                    all.put(u, new double[] {bits & 1, bits >> 1});
                    List<double[]> found = Interpreter.evaluate(List.of(y, chance), all);
                    double p = weight(i) * weight(j) * found.get(1)[0];
                    for (int k = 0; k < mean.length; k++) {
                        mean[k] += p * found.get(0)[k];
                    }
                }
            }
        }
        return mean;
    }

    private static Expr noise(Expr y, Leaf.Source source) {
        return Expr.sorted(List.of(y)).stream()
                .filter(x -> x.op() instanceof Leaf.Input in && in.source() == source)
                .findFirst()
                .orElseThrow();
    }

    /**
     * The probability of the bits that the draws of a surrogate have: of the one noise input, it is the log choice of draws made
     * from the same posterior, rebuilt on the same noise inputs.
     */
    private static Expr chance(LayeredPosterior q, Expr v, Expr e, Expr u) {
        Expr code = Stack.repeated(q.encoders().get(0).apply(v), 2);
        Expr z = code.slice(1, 0, 1).plus(code.slice(1, 1, 1).exp().times(e));
        Expr odds = q.encoders().get(1).apply(z);
        Expr bit = u.neg().plus(1);
        return bit.times(odds).minus(odds.softplus()).sum().exp();
    }

    @Test
    void realUnitsAndBitsTogetherGiveUnbiasedGradients() {
        LayeredModel model = mixed();
        LayeredPosterior q = posterior(model);
        assertTrue(q.hasPartlySmoothDraws() && !q.hasSmoothDraws() && q.hasExactDraws());
        Expr v = Expr.input("v", 1, 2);
        for (MonteCarlo how : List.of(
                Vimco.samples(2),
                LeaveOneOut.samples(2),
                Nvil.samples(2).plain(),
                Renyi.order(0.5).samples(2))) {
            Map<Expr, double[]> given = given(model, q, v);
            Surrogate at = how.surrogate(model, q, v);
            Expr all = Expr.concat(
                    0,
                    List.of(
                            at.bound(),
                            q.parameters().gradient(at.posterior()),
                            model.parameters().gradient(at.model())));
            Expr chance = chance(q, v, noise(all, Leaf.Source.NORMAL), noise(all, Leaf.Source.UNIFORM));
            double[] slopes = mean(all, chance, given);
            for (Parameters each : List.of(q.parameters(), model.parameters())) {
                int offset = each == q.parameters() ? 1 : 1 + q.parameters().size();
                double[] here = given.get(each.leaf());
                // Central differences of the mean bound, by some of the parameters.
                for (int i = 0; i < here.length; i++) {
                    double[] up = here.clone();
                    double[] down = here.clone();
                    up[i] += 1e-4;
                    down[i] -= 1e-4;
                    given.put(each.leaf(), up);
                    double above = mean(at.bound(), chance, given)[0];
                    given.put(each.leaf(), down);
                    double below = mean(at.bound(), chance, given)[0];
                    given.put(each.leaf(), here);
                    assertEquals((above - below) / 2e-4, -slopes[offset + i], 1e-6, how + ", " + i);
                }
            }
            assertTrue(Arrays.stream(slopes).skip(1).anyMatch(x -> Math.abs(x) > 0.05), Arrays.toString(slopes));
        }
    }

    @Test
    void objectivesThatNeedADerivativeThroughAllUnitsRefuseMixedDraws() {
        LayeredModel model = mixed();
        LayeredPosterior q = posterior(model);
        for (MonteCarlo how : List.of(Iwae.samples(2), Dreg.samples(2))) {
            assertTrue(assertThrows(SettingException.class, () -> how.posterior(q))
                    .getMessage()
                    .contains("Vimco"));
        }
        assertThrows(SettingException.class, () -> q.fittedBy(Elbo.innerSteps(1)));
        assertThrows(SettingException.class, () -> NegativeElbo.posterior(q));
        // Relaxed bits are smooth and not exact; straight-through ones both, as said of them.
        Iwae.samples(2).posterior(q.relaxed(0.5));
        assertThrows(SettingException.class, () -> Vimco.samples(2).posterior(q.relaxed(0.5)));
        Dreg.samples(2).posterior(q.straightThrough());
    }

    // ---------------------------------------------------------------- real units alone

    /** A layer of real units is the Gaussian posterior: same draws, same densities. */
    @Test
    void oneRealLayerIsTheGaussianPosterior() {
        LatentEnergy model = Models.halving();
        GaussianPosterior one = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        LayeredPosterior layer = Posteriors.layered(model, Network.linear(), Noise.seed(2), Layer.gaussian(2));
        LayeredPosterior same =
                layer.with(layer.parameters().with(one.parameters().values()));
        assertTrue(same.hasSmoothDraws() && same.hasExactDraws() && !same.hasPartlySmoothDraws());
        Expr v = Expr.input("v", 2, 2);
        Expr h = Expr.input("h", 4, 2);
        double[] rows = {0.3, -1, 2, 0.7};
        double[] units = {0.1, 0.2, -0.4, 1, 2, -1, 0, 0.6};
        assertArrayEquals(
                new Doubles().set(one.parameters()).set(v, rows).set(h, units).of(one.logProbOfDraws(v, h)),
                new Doubles().set(same.parameters()).set(v, rows).set(h, units).of(same.logProbOfDraws(v, h)),
                1e-14);
        for (MonteCarlo how : List.of(Iwae.samples(3), Dreg.samples(3))) {
            Expr a = one.parameters()
                    .gradient(how.surrogate(model, one, v).posterior().sum());
            Expr b = same.parameters()
                    .gradient(how.surrogate(model, same, v).posterior().sum());
            assertArrayEquals(
                    new Doubles()
                            .set(one.parameters())
                            .set(model.parameters())
                            .set(v, rows)
                            .draw(Noise.seed(1), a)
                            .of(a),
                    new Doubles()
                            .set(same.parameters())
                            .set(model.parameters())
                            .set(v, rows)
                            .draw(Noise.seed(1), b)
                            .of(b),
                    1e-12);
        }
    }

    // ---------------------------------------------------------------- a model of one's own

    /** log p(h) + log p(v | h) of a choice of three and a bit, written down by hand: the same numbers as the ready-made model. */
    private static LatentEnergy own() {
        return LatentEnergy.visible(2)
                .mixed(4)
                .normalised()
                .binaryVisible()
                .normal("W", 1, 4, 2)
                .normal("prior", 1, 4)
                .energy((g, v, h) -> {
                    var classes = h.get(SDIndex.all(), SDIndex.interval(0, 3));
                    var bit = h.get(SDIndex.all(), SDIndex.interval(3, 4));
                    var logits = g.getVariable("prior").get(SDIndex.interval(0, 3));
                    var odds = g.getVariable("prior").get(SDIndex.interval(3, 4));
                    var prior = classes.mul(logits)
                            .sum(1)
                            .sub(g.math.logSumExp(logits, 0))
                            .add(bit.mul(odds).sub(g.nn.softplus(odds)).sum(1));
                    var pixels = h.mmul(g.getVariable("W"));
                    return prior.add(v.mul(pixels).sub(g.nn.softplus(pixels)).sum(1))
                            .neg();
                })
                .init(Noise.seed(5));
    }

    /** What a layer's code is of the rows below it, written down by hand: -1 and 1 for bits, their products with W, squashed. */
    private static Network ownEncoder(int in, int out, Noise noise) {
        SameDiff g = SameDiff.create();
        SDVariable signs = g.placeHolder("x", DataType.FLOAT, -1, in).mul(2).sub(1);
        float[] drawn = new float[in * out];
        noise.normal(drawn, 0, drawn.length);
        SDVariable w = g.var("W", Nd4j.createFromArray(drawn).reshape(in, out));
        SDVariable code = g.math.tanh(signs.mmul(w)).mul("code", g.var("size", Nd4j.ones(DataType.FLOAT, out)));
        return Network.of(g, code.name());
    }

    /** All objectives of hard draws take it, and their mean over 2,000 draws is that of their bound within four standard errors. */
    @Test
    void allObjectivesTakeAModelAndEncodersThatTheUserWrote() {
        LatentEnergy model = own();
        LayeredPosterior drawn = Posteriors.layered(
                model, LayerKindsTest::ownEncoder, Noise.seed(2), Layer.categorical(1, 3), Layer.bernoulli(1));
        LayeredPosterior q = drawn.with(VimcoTest.scattered(drawn.parameters(), 4));
        int rows = 2_000;
        Expr v = Expr.input("v", rows, 2);
        float[] values = new float[2 * rows];
        for (int r = 0; r < rows; r++) {
            values[2 * r] = 1;
        }
        double log = 0;
        for (int s = 0; s < STATES; s++) {
            double[] h = Arrays.copyOf(tuple(s, 1), 4);
            Expr one = Expr.input("v", 1, 2);
            Expr units = Expr.input("h", 1, 4);
            log += Math.exp(-new Doubles()
                    .set(model.parameters())
                    .set(one, ROW)
                    .set(units, h)
                    .scalar(model.energy(one, units)));
        }
        log = Math.log(log);
        for (MonteCarlo how : List.of(
                Vimco.samples(40),
                Rws.samples(40),
                Nvil.samples(40),
                Renyi.order(0).samples(40))) {
            how.posterior(q);
            Surrogate at = how.surrogate(model, q, v);
            try (Program program = Program.of(
                    at.bound(),
                    q.parameters().gradient(at.posterior().mean()),
                    model.parameters().gradient(at.model().mean()))) {
                model.parameters().give(program);
                q.parameters().give(program);
                at.others().forEach(each -> each.fitted().parameters().give(program));
                program.set(v, values);
                program.draw(Noise.seed(3));
                program.run();
                double mean = 0;
                double square = 0;
                for (float each : program.value(0)) {
                    mean += each / (double) rows;
                    square += each * each / (double) rows;
                }
                double error = Math.sqrt((square - mean * mean) / rows);
                // The gap of 40 draws is half the variance of the weights over 40, about half the variance of the
                // bound.
                double gap = 0.5 * (square - mean * mean);
                assertEquals(log - gap, mean, 4 * error + 0.2 * gap, how.toString());
            }
        }
        LeaveOneOut.samples(2).posterior(q);
        Tvo.samples(2).posterior(q);
        Iwae.samples(2).posterior(q.straightThrough());
    }

    @Test
    void rejectsLayersThatAreNotTheModelsKind() {
        assertThrows(
                SettingException.class,
                () -> Posteriors.layered(Models.halving(), Network.linear(), Noise.seed(1), Layer.bernoulli(2)));
        assertThrows(
                SettingException.class,
                () -> Posteriors.layered(Models.machine(), Network.linear(), Noise.seed(1), Layer.categorical(1, 3)));
        assertTrue(assertThrows(SettingException.class, () -> Posteriors.bernoulli(choices()))
                .getMessage()
                .contains("layered"));
    }
}
