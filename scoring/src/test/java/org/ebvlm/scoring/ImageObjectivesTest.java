package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Grid;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.ConvEnergy;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.HiddenLangevin;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Objectives of a convolutional energy with a convolutional encoder, compiled: second derivatives through native code. */
class ImageObjectivesTest {
    private static final Grid GRID = new Grid(9, 8, 2);

    private final LatentEnergy model =
            ConvEnergy.images(GRID).channels(2).blocks(1).hidden(3).init(Noise.seed(4));
    private final Posterior start = Posteriors.gaussian(model, Network.convolutions(GRID, 3, 4), Noise.seed(5))
            .fittedBy(PosteriorFisher.innerSteps(2));
    private final Posterior refined = Posteriors.refined(model, start, HiddenLangevin.steps(2));

    @TestFactory
    List<DynamicTest> theCompiledGradientsAreTheInterpretersToRounding() {
        Map<String, Objective> objectives = new LinkedHashMap<>();
        objectives.put("DSM", Dsm.noiseStd(0.3).using(Vages.particles(2).posterior(start)));
        objectives.put(
                "MDSM, refined",
                Mdsm.noise(NoiseGrid.geometric(0.3, 1)).using(Vages.particles(2).posterior(refined)));
        objectives.put(
                "KSD, variance reduced",
                Ksd.kernel(Rbf.bandwidth(10))
                        .using(Vages.particles(2).posterior(start).varianceReduced()));
        return objectives.entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> assertAgrees(each.getValue())))
                .toList();
    }

    private void assertAgrees(Objective loss) {
        Expr batch = Expr.input("batch", 4, GRID.size());
        Data data = Data.of("none", new float[GRID.size()], GRID.size());
        for (Phase phase : loss.phases(model, data, batch)) {
            Expr gradient = phase.fitted().parameters().gradient(phase.loss());
            List<Expr> outputs = List.of(gradient, phase.value());
            Map<Expr, double[]> exact = new HashMap<>();
            try (Program program = Program.of(outputs)) {
                give(
                        program,
                        exact,
                        model.parameters().leaf(),
                        model.parameters().values());
                give(
                        program,
                        exact,
                        start.parameters().leaf(),
                        start.parameters().values());
                give(program, exact, batch, normal(batch.size(), 6));
                for (Expr node : Expr.sorted(outputs)) {
                    if (node.op() instanceof Leaf.Input input && input.source() == Leaf.Source.NORMAL) {
                        give(program, exact, node, normal(node.size(), 7 + exact.size()));
                    }
                }
                program.run();
                List<double[]> expected = Interpreter.evaluate(outputs, exact);
                double scale =
                        Arrays.stream(expected.get(0)).map(Math::abs).max().orElseThrow();
                assertTrue(scale > 0, phase.name());
                for (int i = 0; i < gradient.size(); i++) {
                    // Sums with cancellation: a few hundred roundings of the largest element.
                    assertEquals(
                            expected.get(0)[i], program.value(0)[i], 1e-4 * scale, phase.name() + ", parameter " + i);
                }
                assertEquals(
                        expected.get(1)[0], program.scalar(1), 1e-4 * (1 + Math.abs(expected.get(1)[0])), phase.name());
            }
        }
    }

    private static void give(Program program, Map<Expr, double[]> exact, Expr input, float[] values) {
        program.set(input, values);
        exact.put(input, Doubles.widened(values));
    }

    private static float[] normal(int n, long seed) {
        float[] out = new float[n];
        Noise.seed(seed).normal(out, 0, n);
        return out;
    }

    /** Of every published size, with fewer channels: a few steps move model and posterior, and leave no number undefined. */
    @TestFactory
    List<DynamicTest> imagesOfEveryPublishedSizeTrain() {
        return Stream.of(Grid.grey(28, 28), Grid.grey(32, 32), new Grid(32, 32, 3), new Grid(64, 64, 3))
                .map(grid -> dynamicTest(grid.toString(), () -> assertTrains(grid)))
                .toList();
    }

    private static void assertTrains(Grid grid) {
        LatentEnergy energy =
                ConvEnergy.images(grid).channels(4).blocks(1).hidden(5).init(Noise.seed(4));
        Posterior q = Posteriors.gaussian(energy, Network.convolutions(grid, 4, 8), Noise.seed(5))
                .fittedBy(PosteriorFisher.innerSteps(2));
        float[] pixels = normal(16 * grid.size(), 1);
        Run run = Training.of(energy)
                .minimizing(Mdsm.noise(NoiseGrid.geometric(0.3, 1))
                        .using(Vages.particles(2).posterior(Posteriors.refined(energy, q, HiddenLangevin.steps(2)))))
                .on(Data.of("images", pixels, grid.size()).onGrid(grid))
                .batches(4)
                .with(Adam.rate(1e-3))
                .steps(4)
                .fit(Noise.seed(2));
        float[] found = run.model().parameters().values();
        float[] before = energy.parameters().values();
        assertEquals(4, run.steps());
        int moved = 0;
        for (int i = 0; i < found.length; i++) {
            assertTrue(Float.isFinite(found[i]), "parameter " + i);
            moved += found[i] == before[i] ? 0 : 1;
        }
        assertTrue(moved > 0.9 * found.length, moved + " of " + found.length + " moved");
        assertFalse(Arrays.equals(
                q.parameters().values(), run.<Posterior>fitted(q).parameters().values()));
    }
}
