package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.ConvEnergy;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Phase;
import org.junit.jupiter.api.Test;

class RefinedPosteriorTest {
    private static final double[] POINTS = {0.8, -1.3, -0.4, 0.2, 1.5, 0.9};

    private final LatentEnergy model = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
    private final GaussianPosterior start = Posteriors.gaussian(model, Network.elu(4), Noise.seed(2));
    private final HiddenLangevin moves = HiddenLangevin.steps(3).stepSize(0.2).spread(0.1);
    private final RefinedPosterior q = Posteriors.refined(model, start, moves);

    private Doubles given(Expr v) {
        return new Doubles().set(model.parameters()).set(q.parameters()).set(v, POINTS);
    }

    @Test
    void drawsAreThoseOfTheStartMoved() {
        Expr v = Expr.input("v", 3, 2);
        Expr refined = q.sample(v);
        Expr byHand = moves.move(model, v, start.sample(v));
        assertArrayEquals(
                given(v).draw(Noise.seed(5), byHand).of(byHand),
                given(v).draw(Noise.seed(5), refined).of(refined),
                1e-14);
    }

    @Test
    void drawsAreHeldAndIndependent() {
        Expr v = Expr.input("v", 3, 2);
        Expr h = q.sample(v).square().sum();
        assertTrue(Differentiation.gradient(h, v).is(0), "v");
        assertTrue(q.parameters().gradient(h).is(0), "the posterior");
        assertTrue(model.parameters().gradient(h).is(0), "the model");
        List<Expr> two = q.particles(v, 2);
        Doubles drawn = given(v).draw(Noise.seed(5), two.get(0), two.get(1));
        assertTrue(Math.abs(drawn.of(two.get(0))[0] - drawn.of(two.get(1))[0]) > 1e-6);
    }

    @Test
    void refusesWhatNeedsADensityAndSaysWhatToDo() {
        Expr v = Expr.input("v", 3, 2);
        Expr h = Expr.input("h", 3, 3);
        for (SettingException error : List.of(
                assertThrows(SettingException.class, () -> q.logProb(v, h)),
                assertThrows(SettingException.class, () -> q.sampleAndLogProb(v)))) {
            assertTrue(error.getMessage().contains("start()"), error.getMessage());
        }
    }

    @Test
    void refusesBinaryHidden() {
        var machine = Models.machine();
        Posterior bernoulli = Posteriors.bernoulli(machine);
        SettingException error =
                assertThrows(SettingException.class, () -> Posteriors.refined(machine, bernoulli, moves));
        assertTrue(error.getMessage().contains("real h"), error.getMessage());
    }

    @Test
    void isFittedAsTheStartWithoutTheMoves() {
        Expr v = Expr.input("v", 3, 2);
        assertEquals(List.of(), q.innerPhases(model, v));
        Posterior fitted = q.fittedBy(PosteriorFisher.innerSteps(4));
        Phase phase = fitted.innerPhases(model, v).get(0);
        Phase direct = start.fittedBy(PosteriorFisher.innerSteps(4))
                .innerPhases(model, v)
                .get(0);
        assertEquals(4, phase.repeats());
        assertEquals(start.parameters().leaf(), phase.fitted().parameters().leaf());
        assertEquals(
                given(v).draw(Noise.seed(5), direct.loss()).scalar(direct.loss()),
                given(v).draw(Noise.seed(5), phase.loss()).scalar(phase.loss()),
                1e-14);
    }

    @Test
    void standsForTheStartsParameters() {
        float[] other = q.parameters().values();
        other[0] += 1;
        RefinedPosterior moved = q.with(q.parameters().with(other));
        assertArrayEquals(other, moved.parameters().values());
        assertArrayEquals(other, moved.start().parameters().values());
        assertEquals(2, q.visible());
        assertEquals(3, q.hidden());
        assertTrue(q.name().contains("Gaussian") && q.name().contains("Langevin"), q.name());
    }

    @Test
    void featuresOfADeepEnergyAreWorkedOutOnce() {
        Grid grid = Grid.grey(8, 8);
        LatentEnergy deep =
                ConvEnergy.images(grid).channels(1).blocks(1).hidden(2).init(Noise.seed(1));
        Posterior refined = Posteriors.refined(deep, Posteriors.gaussian(deep, Network.linear(), Noise.seed(2)), moves);
        Expr v = Expr.input("v", 2, 64);
        List<Expr> draws = refined.particles(v, 3);
        // One convolution at the beginning and two in each of three blocks, whose third, of single pixels, is a
        // product; no derivative is taken in v.
        List<Convolution> found = Expr.sorted(draws).stream()
                .filter(e -> e.op() instanceof Convolution)
                .map(e -> (Convolution) e.op())
                .toList();
        assertEquals(7, found.size());
        assertTrue(found.stream().allMatch(c -> c.missing() == Convolution.Part.RESULT));
        try (Program program = Program.of(draws)) {
            assertEquals(7, program.source().split("NativeConvolution\\(", -1).length - 1);
        }
    }

    // ---------------------------------------------------------------- weights of rows

    @Test
    void aWeightedFitIsTheMeanOfWeightedRows() {
        Expr v = Expr.input("v", 3, 2);
        double[] weights = {2, 0.5, 7};
        for (PosteriorFit fit : List.of(Elbo.innerSteps(1), PosteriorFisher.innerSteps(1))) {
            Phase weighted = fit.phase(model, start, v, Expr.constant(weights, 3));
            double expected = 0;
            for (int i = 0; i < 3; i++) {
                double[] one = new double[3];
                one[i] = 3;
                Phase row = fit.phase(model, start, v, Expr.constant(one, 3));
                expected += weights[i]
                        / 3
                        * given(v).draw(Noise.seed(5), row.loss()).scalar(row.loss());
            }
            assertEquals(
                    expected,
                    given(v).draw(Noise.seed(5), weighted.loss()).scalar(weighted.loss()),
                    1e-10 * (1 + Math.abs(expected)),
                    fit.name());
        }
    }
}
