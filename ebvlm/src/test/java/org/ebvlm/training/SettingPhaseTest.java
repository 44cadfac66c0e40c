package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phases that put values in place: {@link Phase#setting}. */
class SettingPhaseTest {
    private static final double CLIP = 1e-3;

    @TempDir
    Path folder;

    /** Six numbers that a phase can set. */
    private final Network state = Network.linear().init(2, 2, Noise.seed(3));

    private static float[] fill(float[] batch) {
        for (int i = 0; i < batch.length; i++) {
            batch[i] = (float) (1000 * Math.sin(1 + i));
        }
        return batch;
    }

    @Test
    void theParametersBecomeTheValuesToTheLastBitAndAreNotClipped() {
        Expr batch = Expr.input("batch", 3, 2);
        Phase setting = Phase.setting("state", state, batch, batch.sum());
        try (Stepper stepper = new Stepper(List.of(setting), batch, Adam.rate(0.1), List.of(), CLIP)) {
            float[] expected = fill(stepper.batch()).clone();
            stepper.step(Noise.seed(1));
            assertArrayEquals(expected, stepper.current(state.parameters()).values());
            stepper.batch()[4] = 7;
            expected[4] = 7;
            stepper.step(Noise.seed(1));
            assertArrayEquals(expected, stepper.current(state.parameters()).values());
        }
    }

    @Test
    void theNextValuesMayDependOnThePresentOnes() {
        Expr batch = Expr.input("batch", 3, 2);
        Expr next = state.parameters().vector().times(2).plus(1);
        Phase setting = Phase.setting("state", state, next, next.sum());
        float[] expected = state.parameters().values();
        try (Stepper stepper = new Stepper(List.of(setting), batch, Adam.rate(0.1), List.of(), CLIP)) {
            for (int t = 0; t < 5; t++) {
                stepper.step(Noise.seed(1));
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = 2 * expected[i] + 1;
                }
            }
            assertArrayEquals(expected, stepper.current(state.parameters()).values());
        }
    }

    @Test
    void laterPhasesSeeTheNewValuesAndOtherPhasesAreStillClipped() {
        Expr batch = Expr.input("batch", 3, 2);
        Network other = Network.linear().init(2, 2, Noise.seed(4));
        Expr seen = state.parameters().vector().sum();
        List<Phase> phases = List.of(
                Phase.setting("state", state, batch, batch.sum()),
                Phase.of("other", other, other.parameters().vector().sum().times(1000), seen));
        try (Stepper stepper =
                new Stepper(phases, batch, Updater.of(new org.nd4j.linalg.learning.config.Sgd(1)), List.of(), CLIP)) {
            double sum = 0;
            for (float x : fill(stepper.batch())) {
                sum += x;
            }
            stepper.step(Noise.seed(1));
            assertEquals(sum, stepper.phaseValues().get("other"), 1e-3 * Math.abs(sum));
            float[] before = other.parameters().values();
            float[] after = stepper.current(other.parameters()).values();
            double squares = 0;
            for (int i = 0; i < before.length; i++) {
                squares += Math.pow(before[i] - after[i], 2);
            }
            assertEquals(CLIP, Math.sqrt(squares), 1e-2 * CLIP, "the length of the step");
        }
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedAndTheOldOnesStay() {
        Expr batch = Expr.input("batch", 3, 2);
        Phase setting = Phase.setting("state", state, batch, Expr.constant(0, 1).sum());
        try (Stepper stepper = new Stepper(List.of(setting), batch, Adam.rate(0.1), List.of(), CLIP)) {
            fill(stepper.batch())[2] = Float.NaN;
            DivergenceException error = assertThrows(DivergenceException.class, () -> stepper.step(Noise.seed(1)));
            assertTrue(error.getMessage().contains("state"), error.getMessage());
            assertArrayEquals(
                    state.parameters().values(),
                    stepper.current(state.parameters()).values());
        }
    }

    // ---------------------------------------------------------------- checkpoints

    /** A chain h = 0.9 h + e, and a model that learns from it. */
    private Objective chained() {
        return Fixtures.named("chained", (model, data, batch) -> {
            Expr h = state.parameters().vector();
            Expr next = h.times(0.9).plus(Expr.noise(Leaf.Source.NORMAL, "e", h.shape()));
            return List.of(Phase.setting("chain", state, next, next.sum()), learning(model, batch, h));
        });
    }

    private static Phase learning(EnergyModel model, Expr batch, Expr h) {
        Expr loss = model.freeEnergy(batch).mean().times(h.held().square().sum());
        return Phase.of("objective", model, loss, loss);
    }

    private Training training() {
        return Training.of(Fixtures.machine())
                .minimizing(chained())
                .on(Fixtures.points(100))
                .batches(16)
                .steps(40)
                .clipping(0.5)
                .with(Adam.rate(0.01));
    }

    private Training interruptedAt(long step, Path file) {
        return training()
                .every(1, Fixtures.evaluation("f", s -> {
                    if (s.step() == step) {
                        Thread.currentThread().interrupt();
                    }
                    return 0;
                }))
                .checkpoint(file, 1000);
    }

    @Test
    void checkpointsSaveWhatWasSet() {
        Path file = folder.resolve("run.checkpoint");
        Run whole = training().fit(Noise.seed(1));
        Run half = interruptedAt(17, file).fit(Noise.seed(1));
        assertEquals(17, half.steps());
        Run resumed = training()
                .every(1, Fixtures.evaluation("f", s -> 0))
                .resuming(file)
                .fit(Noise.seed(1));
        assertEquals(40, resumed.steps());
        assertArrayEquals(
                whole.fitted(state).parameters().values(),
                resumed.fitted(state).parameters().values());
        assertArrayEquals(
                whole.model().parameters().values(),
                resumed.model().parameters().values());
    }
}
