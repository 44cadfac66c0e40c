package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class HamiltonianFlowTest {
    private static final Target NORMAL =
            Target.density("normal", 2, x -> x.square().sum(1).times(-0.5));

    private static Data starts(int chains) {
        float[] values = new float[2 * chains];
        Noise.seed(1).normal(values, 0, values.length);
        return Data.of("starts", values, 2);
    }

    /** The momenta that a flow draws from this source. */
    private static float[] momenta(Noise noise, int chains) {
        float[] values = new float[2 * chains];
        noise.normal(values, 0, values.length);
        return values;
    }

    /**
     * On N(0, I) the leapfrog method is a turn by an angle a with cos a = 1 - e^2 / 2 of (x, m / sqrt(1 - e^2 / 4)): after t
     * leaps x_t = x_0 cos(t a) + m_0 sin(t a) / sqrt(1 - e^2 / 4).
     */
    @Test
    void pathsOnAGaussianAreTurns() {
        double e = 0.3;
        Data starts = starts(20);
        Flow flow = HamiltonianFlow.leaps(100).stepSize(e).thin(10).draw(NORMAL, starts, Noise.seed(2));
        float[] m = momenta(Noise.seed(2), 20);
        double angle = Math.acos(1 - e * e / 2);
        for (int t = 0; t <= 100; t += 10) {
            Data there = flow.at(t);
            for (int i = 0; i < 40; i++) {
                double x = starts.at(i / 2, i % 2);
                double expected = x * Math.cos(t * angle) + m[i] * Math.sin(t * angle) / Math.sqrt(1 - e * e / 4);
                assertEquals(expected, there.at(i / 2, i % 2), 1e-4);
            }
        }
    }

    /** The turn conserves m^2 + (1 - e^2 / 4) x^2, so H_t - H_0 = e^2 / 8 (x_t^2 - x_0^2). */
    @Test
    void acceptanceIsThatOfTheKnownErrorInTheEnergy() {
        double e = 1.5;
        Data starts = starts(50);
        Flow flow = HamiltonianFlow.leaps(30).stepSize(e).draw(NORMAL, starts, Noise.seed(3));
        double[] acceptance = flow.acceptance();
        assertEquals(31, acceptance.length);
        for (int t = 0; t <= 30; t++) {
            double expected = 0;
            for (int i = 0; i < 50; i++) {
                double gain = 0;
                for (int k = 0; k < 2; k++) {
                    gain += Math.pow(flow.at(t).at(i, k), 2) - Math.pow(starts.at(i, k), 2);
                }
                expected += Math.min(1, Math.exp(-e * e / 8 * gain)) / 50;
            }
            assertEquals(expected, acceptance[t], 1e-5);
        }
        assertTrue(Arrays.stream(acceptance).min().getAsDouble() < 0.9, "the step is long enough to see something");
    }

    @Test
    void anotherFieldIsFollowedAndTheDensityJudges() {
        // Without any force a chain goes straight on.
        Flow flow =
                HamiltonianFlow.leaps(50).stepSize(0.2).draw(NORMAL.along(x -> x.times(0)), starts(30), Noise.seed(4));
        float[] m = momenta(Noise.seed(4), 30);
        double expected = 0;
        for (int i = 0; i < 30; i++) {
            double gain = 0;
            for (int k = 0; k < 2; k++) {
                double from = starts(30).at(i, k);
                double to = from + 10 * m[2 * i + k];
                assertEquals(to, flow.at(50).at(i, k), 1e-4);
                gain += (to * to - from * from) / 2;
            }
            expected += Math.min(1, Math.exp(-gain)) / 30;
        }
        assertEquals(expected, flow.acceptance()[50], 1e-4);
    }

    @Test
    void whatIsKeptLaterIsChainsOfIt() {
        Flow flow = HamiltonianFlow.leaps(40).thin(2).draw(NORMAL, starts(5), Noise.seed(5));
        Chains later = flow.after(20);
        assertEquals(10, later.draws());
        assertArrayEquals(flow.at(22).values(), later.draw(0).values());
        assertArrayEquals(flow.at(40).values(), later.last().values());
    }

    @Test
    void badSettingsAndRowsAreRefused() {
        HamiltonianFlow flow = HamiltonianFlow.leaps(10).thin(3);
        assertThrows(SettingException.class, () -> HamiltonianFlow.leaps(0));
        assertThrows(SettingException.class, () -> flow.stepSize(-1));
        Data three = Data.of("rows", new float[6], 3);
        assertThrows(ShapeException.class, () -> flow.draw(NORMAL, three, Noise.seed(1)));
        Flow drawn = flow.draw(NORMAL, starts(2), Noise.seed(1));
        assertThrows(SettingException.class, () -> drawn.at(10));
        assertThrows(SettingException.class, () -> drawn.after(9));
        Target score = Target.field("score", 2, Expr::neg);
        assertThrows(SettingException.class, () -> flow.draw(score, starts(2), Noise.seed(1)));
    }

    /** Inside of 10 a Gaussian, from 10 on nothing: who goes there never comes back. */
    @Test
    void aChainThatLeavesTheFiniteNumbersStaysAndIsNeverAccepted() {
        Target wall = Target.density(
                "wall",
                1,
                x -> x.square().sum(1).times(-1e-6).plus(x.sum(1).neg().plus(10).log()));
        Data starts = Data.of("starts", new float[30], 1);
        Target drifting = wall.along(x -> x.times(0));
        Flow flow = HamiltonianFlow.leaps(40).stepSize(0.5).draw(drifting, starts, Noise.seed(6));
        float[] m = new float[30];
        Noise.seed(6).normal(m, 0, 30);
        int lost = 0;
        double accepted = 0;
        for (int i = 0; i < 30; i++) {
            boolean gone = 20 * m[i] > 10;
            lost += gone ? 1 : 0;
            double last = gone ? 0.5 * m[i] * Math.ceil(10 / (0.5 * m[i]) - 1) : 20 * m[i];
            accepted += gone ? 0 : Math.min(1, Math.exp(-1e-6 * last * last + Math.log1p(-last / 10))) / 30;
            assertEquals(last, flow.at(40).at(i, 0), 1e-4);
        }
        assertTrue(lost > 0 && lost < 30, "some of both: " + lost);
        assertEquals(lost, flow.lost());
        assertEquals(accepted, flow.acceptance()[40], 1e-5);
        assertTrue(flow.toString().contains(lost + " chains lost"), flow.toString());
    }

    @Test
    void whenAllChainsLeaveTheFiniteNumbersItSaysSo() {
        HamiltonianFlow tooLong = HamiltonianFlow.leaps(500).stepSize(3);
        DivergenceException error =
                assertThrows(DivergenceException.class, () -> tooLong.draw(NORMAL, starts(3), Noise.seed(1)));
        assertTrue(error.getMessage().contains("step size"), error.getMessage());
    }
}
