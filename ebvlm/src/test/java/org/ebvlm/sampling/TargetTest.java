package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.EbvlmException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.Doubles;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.PlainGrbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TargetTest {
    private static final double[] V = {0.3, -0.2, 1.1, 0.4, -0.8, 0.5, 0.2, 0.9};
    private static final double[] H = {0.1, 0.2, -0.3, 1.4, 0.5, -0.6};

    private static LatentEnergy mlp() {
        return MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
    }

    private static Grbm grbm() {
        return Grbm.visible(2).hidden(3).init(Noise.seed(2));
    }

    private static Data data(double[] values, int width) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Data.of("rows", floats, width);
    }

    @Test
    void marginalOfABinaryModelIsMinusItsFreeEnergy() {
        Grbm model = grbm();
        Expr v = Expr.input("v", 4, 2);
        double[] log = new Doubles()
                .set(v, V)
                .set(model.parameters())
                .of(Target.of(model).logDensity(v));
        PlainGrbm plain = new PlainGrbm(model);
        for (int i = 0; i < 4; i++) {
            assertEquals(-plain.freeEnergy(V[2 * i], V[2 * i + 1]), log[i], 1e-6);
        }
        assertEquals(2, Target.of(model).visible());
    }

    @Test
    void jointConditionalAndEnergyAreOneFunction() {
        // Rows of v: 4, cyclic over rows of h: 2.
        LatentEnergy model = mlp();
        Expr v = Expr.input("v", 4, 2);
        Expr h = Expr.input("h", 4, 3);
        Expr x = Expr.input("x", 4, 5);
        double[] cyclic = new double[12];
        double[] rows = new double[20];
        for (int i = 0; i < 4; i++) {
            System.arraycopy(H, i % 2 * 3, cyclic, 3 * i, 3);
            System.arraycopy(V, 2 * i, rows, 5 * i, 2);
            System.arraycopy(cyclic, 3 * i, rows, 5 * i + 2, 3);
        }
        Doubles values =
                new Doubles().set(model.parameters()).set(v, V).set(h, cyclic).set(x, rows);
        double[] expected = values.of(model.energy(v, h).neg());
        assertArrayEquals(expected, values.of(Target.joint(model).logDensity(x)), 1e-12);
        assertArrayEquals(expected, values.of(Target.hidden(model, data(V, 2)).logDensity(h)), 1e-6);
        assertArrayEquals(expected, values.of(Target.visible(model, data(H, 3)).logDensity(v)), 1e-6);
        assertEquals(5, Target.joint(model).width());
        assertEquals(2, Target.joint(model).visible());
        assertEquals(0, Target.hidden(model, data(V, 2)).visible());
        assertEquals(Target.joint(model).name(), Target.of(model).name());
    }

    @Test
    void scoreIsTheGradientOfTheLogDensity() {
        LatentEnergy model = mlp();
        Target target = Target.hidden(model, data(V, 2).take(2));
        Expr h = Expr.input("h", 2, 3);
        Doubles values = new Doubles().set(model.parameters()).set(h, H);
        assertArrayEquals(values.differences(target.logDensity(h), h), values.of(target.score(h)), 1e-8);
    }

    @Test
    void aDensityOfOnesOwnMayHaveParameters() {
        Parameters width = Parameters.named("mine").filled("precision", 4, 1).build();
        Target target = Target.density(
                        "normal",
                        1,
                        x -> x.square().times(width.get("precision")).sum(1).times(-0.5))
                .with(width);
        Expr x = Expr.input("x", 2, 1);
        try (Program program = Program.of(target.logDensity(x))) {
            target.give(program);
            program.set(x, new float[] {1, 2});
            program.run();
            assertArrayEquals(new float[] {-2, -8}, program.value(0));
        }
    }

    @Test
    void whatHasNoGradientOrDoesNotFitIsRefusedWithAWayOut() {
        assertSays("BlockGibbs", SettingException.class, () -> Target.joint(grbm()));
        assertSays("BlockGibbs", SettingException.class, () -> Target.hidden(grbm(), data(V, 2)));
        assertSays("Target.joint", SettingException.class, () -> Target.visible(mlp()));
        LatentEnergy wide = LatentEnergy.visible(1)
                .binary(11)
                .energy((g, v, h) -> g.math.square(v).sum(1).add(h.sum(1)))
                .init(Noise.seed(1));
        assertSays("BlockGibbs", SettingException.class, () -> Target.of(wide));
        assertSays("[n, 2]", ShapeException.class, () -> Target.hidden(mlp(), data(H, 3)));
        assertSays("[n, 3]", ShapeException.class, () -> Target.visible(mlp(), data(V, 2)));
        assertSays(".sum(1)", ShapeException.class, () -> Target.density("bad", 2, x -> x.sum(0)));
        Target three = Target.hidden(mlp(), data(V, 2).take(3));
        assertSays("multiple of 3", SettingException.class, () -> three.logDensity(Expr.input("h", 4, 3)));
        assertSays("[n, 3]", ShapeException.class, () -> three.logDensity(Expr.input("h", 3, 2)));
    }

    private static void assertSays(String word, Class<? extends EbvlmException> kind, Runnable what) {
        EbvlmException error = assertThrows(kind, what::run);
        assertTrue(error.getMessage().contains(word), error.getMessage());
    }

    @Test
    void refusesBinaryVisibleUnits() {
        BernoulliRbm model = BernoulliRbm.visible(3).hidden(2).init(Noise.seed(1));
        for (Executable each : List.<Executable>of(
                () -> Target.visible(model),
                () -> Target.visible(model, Data.of("h", new float[2], 2)),
                () -> Langevin.steps(3).sample(model, 2, Noise.seed(1)))) {
            SettingException error = assertThrows(SettingException.class, each);
            assertTrue(error.getMessage().contains("BlockGibbs"), error.getMessage());
        }
    }
}
