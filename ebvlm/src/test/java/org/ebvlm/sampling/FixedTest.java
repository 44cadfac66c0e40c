package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.MatMul;
import org.ebvlm.model.Doubles;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class FixedTest {
    private static final int ROWS = 4;

    private final LatentEnergy model = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
    private final Target target =
            Target.hidden(model, Data.of("v", new float[] {0.3f, -0.2f, 1.1f, 0.4f, -0.8f, 0.5f, 0.2f, 0.9f}, 2));
    private final Expr h = Expr.input("h", ROWS, 3);
    private final List<Expr> wanted = List.of(target.logDensity(h), target.score(h));

    @Test
    void valuesAreThoseOfTheWholeExpressionAtEveryRun() {
        try (Program program = target.program(wanted)) {
            for (int seed = 0; seed < 3; seed++) {
                float[] values = new float[ROWS * 3];
                Noise.seed(seed).normal(values, 0, values.length);
                program.set(h, values);
                program.run();
                Doubles whole = new Doubles().set(model.parameters()).set(h, Doubles.widened(values));
                for (int i = 0; i < 2; i++) {
                    assertArrayEquals(whole.of(wanted.get(i)), Doubles.widened(program.value(i)), 1e-4);
                }
            }
        }
    }

    @Test
    void featuresOfGivenRowsAreComputedOnce() {
        try (Program program = target.program(wanted)) {
            long before = products(wanted);
            long after = products(program.outputs());
            assertTrue(before >= 12, "three blocks of three products, two in the head, and one back: " + before);
            // What is left: the head applied to [f + h, h], and its transpose.
            assertEquals(2, after);
        }
    }

    private static long products(List<Expr> outputs) {
        return Expr.sorted(outputs).stream()
                .filter(e -> e.op() instanceof MatMul)
                .count();
    }

    @Test
    void whatDependsOnNothingFixedStaysAsItIs() {
        Expr x = Expr.input("x", 2, 2);
        Expr y = x.square().times(3).sum(1);
        Target own = Target.density("own", 2, each -> each.square().sum(1).neg());
        try (Program program = own.program(List.of(y))) {
            assertEquals(List.of(y), program.outputs());
        }
    }
}
