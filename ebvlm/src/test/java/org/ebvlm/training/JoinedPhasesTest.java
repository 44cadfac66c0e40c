package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

class JoinedPhasesTest {
    private final Network a = Network.linear().init(2, 1, Noise.seed(1));
    private final Network b = Network.linear().init(2, 1, Noise.seed(2));
    private final Expr batch = Expr.input("batch", 3, 2);
    private final Expr e = Expr.noise(Leaf.Source.NORMAL, "e", 3, 1);

    private Expr product() {
        return a.apply(batch).times(b.apply(batch)).plus(e).square().mean();
    }

    private Phase phase(String name, Network which, int repeats) {
        return new Phase(name, repeats, which, product(), product(), Optional.empty());
    }

    private Stepper stepper(List<Phase> phases) {
        Stepper stepper = new Stepper(
                phases,
                batch,
                Updater.of(new Sgd(0.1)),
                List.of(a.parameters(), b.parameters()),
                Double.POSITIVE_INFINITY);
        for (int i = 0; i < stepper.batch().length; i++) {
            stepper.batch()[i] = (float) Math.sin(1 + i);
        }
        return stepper;
    }

    private float[] after(Network of, List<Phase> phases) {
        try (Stepper stepper = stepper(phases)) {
            stepper.step(Noise.seed(3));
            return stepper.current(of.parameters()).values();
        }
    }

    /** Each alone starts from the same parameters and the same noise as both together. */
    @Test
    void joinedPhasesSeeTheSameDrawsAndTheParametersBefore() {
        List<Phase> both = List.of(phase("a", a, 1).joinedToNext(), phase("b", b, 1));
        assertArrayEquals(after(a, List.of(phase("a", a, 1))), after(a, both), 1e-6f);
        assertArrayEquals(after(b, List.of(phase("b", b, 1))), after(b, both), 1e-6f);
        List<Phase> apart = List.of(phase("a", a, 1), phase("b", b, 1));
        assertNotEquals(after(b, apart)[0], after(b, both)[0]);
    }

    @Test
    void valuesCountsAndStateAreThoseOfEachPhase() {
        List<Phase> phases = List.of(phase("a", a, 3).joinedToNext(), phase("b", b, 3), phase("c", b, 1));
        try (Stepper stepper = stepper(phases);
                Stepper other = stepper(phases)) {
            Noise noise = Noise.seed(3);
            stepper.step(noise);
            stepper.step(noise);
            assertEquals(
                    List.of("a", "b", "c"), List.copyOf(stepper.phaseValues().keySet()));
            assertEquals(stepper.phaseValues().get("a"), stepper.phaseValues().get("b"));
            assertEquals(stepper.objective(), stepper.phaseValues().get("c"));
            assertArrayEquals(new long[] {2, 6, 6, 2}, stepper.counts());
            other.restore(stepper.save(), stepper.counts());
            stepper.step(Noise.seed(4));
            other.step(Noise.seed(4));
            assertArrayEquals(
                    stepper.current(a.parameters()).values(),
                    other.current(a.parameters()).values());
        }
    }

    @Test
    void rejectsPhasesThatCannotBeTakenAtOnce() {
        assertThrows(
                SettingException.class, () -> stepper(List.of(phase("a", a, 1).joinedToNext(), phase("b", b, 2))));
        assertThrows(
                SettingException.class, () -> stepper(List.of(phase("a", a, 1).joinedToNext(), phase("a2", a, 1))));
    }
}
