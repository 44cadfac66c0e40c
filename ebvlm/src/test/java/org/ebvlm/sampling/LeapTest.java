package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Expressions;
import org.ebvlm.model.Doubles;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class LeapTest {
    private static final int CHAINS = 3;
    private static final int WIDTH = 2;

    /** log p = -(x0^2 - x1)^2 - x0^2 / 4: curved, so that nothing holds by linearity. */
    private static final Target BANANA = Target.density("banana", WIDTH, x -> {
        Expr first = x.slice(1, 0, 1);
        Expr second = x.slice(1, 1, 1);
        return first.square()
                .minus(second)
                .square()
                .plus(first.square().times(0.25))
                .neg()
                .sum(1);
    });

    private final Leap leap = new Leap(BANANA, CHAINS);
    private final Doubles values = new Doubles();
    private double[] x = {0.3, -0.4, 1.2, 0.7, -0.9, 0.1};
    private double[] m = {0.5, 0.8, -1.1, 0.2, 0.4, -0.6};
    private double[] slope;
    private double[] logDensity;

    LeapTest() {
        values.set(leap.step, 0).set(leap.scale, 1, 0.5).set(leap.slope, new double[x.length]);
        slope = at(leap.nextSlope);
        logDensity = at(leap.logDensity);
    }

    private double[] at(Expr y) {
        return values.set(leap.position, x).set(leap.momentum, m).of(y);
    }

    private void leaps(int number, double step) {
        values.set(leap.step, step);
        for (int i = 0; i < number; i++) {
            values.set(leap.slope, slope);
            double[] nextX = at(leap.nextPosition);
            double[] nextM = at(leap.nextMomentum);
            slope = at(leap.nextSlope);
            logDensity = at(leap.logDensity);
            x = nextX;
            m = nextM;
        }
    }

    private double energy(int chain) {
        double kinetic = (m[2 * chain] * m[2 * chain] + m[2 * chain + 1] * m[2 * chain + 1]) / 2;
        return kinetic - logDensity[chain];
    }

    @Test
    void aPathWithItsMomentumReversedGoesBackToWhereItBegan() {
        double[] firstX = x.clone();
        double[] firstM = m.clone();
        leaps(20, 0.15);
        for (int i = 0; i < x.length; i++) {
            assertTrue(Math.hypot(x[i] - firstX[i], m[i] - firstM[i]) > 0.1, "it has moved");
        }
        for (int i = 0; i < m.length; i++) {
            m[i] = -m[i];
        }
        leaps(20, 0.15);
        for (int i = 0; i < m.length; i++) {
            m[i] = -m[i];
        }
        assertArrayEquals(firstX, x, 1e-11);
        assertArrayEquals(firstM, m, 1e-11);
    }

    @Test
    void energyIsConservedToSecondOrderInTheStep() {
        double first = energy(0);
        double[] startX = x.clone();
        double[] startM = m.clone();
        double[] startSlope = slope.clone();
        leaps(10, 0.1);
        double coarse = energy(0) - first;
        x = startX;
        m = startM;
        slope = startSlope;
        leaps(100, 0.01);
        double fine = energy(0) - first;
        // Over the same time the error falls a hundredfold with a tenth of the step, up to terms of fourth order.
        assertTrue(Math.abs(coarse) > 1e-4, "error to be seen: " + coarse);
        assertEquals(100, coarse / fine, 15);
    }

    @Test
    void volumeOfPhaseSpaceIsConserved() {
        values.set(leap.step, 0.4).set(leap.position, x).set(leap.momentum, m);
        double[][] jacobian = new double[4][4];
        double d = 1e-5;
        for (int k = 0; k < 4; k++) {
            double[] up = mapped(k, d);
            double[] down = mapped(k, -d);
            for (int i = 0; i < 4; i++) {
                jacobian[i][k] = (up[i] - down[i]) / (2 * d);
            }
        }
        assertEquals(1, determinant(jacobian), 1e-7);
    }

    /** (x, m) of chain 0 after a leap from where coordinate k is moved by d; the slope is that of the moved point. */
    private double[] mapped(int k, double d) {
        double[] x2 = x.clone();
        double[] m2 = m.clone();
        (k < 2 ? x2 : m2)[k % 2] += d;
        Doubles moved = new Doubles()
                .set(leap.step, 0.4)
                .set(leap.scale, 1, 0.5)
                .set(leap.position, x2)
                .set(leap.momentum, m2);
        Expr point = Expr.input("x", CHAINS, WIDTH);
        moved.set(leap.slope, new Doubles().set(point, x2).of(BANANA.score(point)));
        double[] nextX = moved.of(leap.nextPosition);
        double[] nextM = moved.of(leap.nextMomentum);
        return new double[] {nextX[0], nextX[1], nextM[0], nextM[1]};
    }

    private static double determinant(double[][] a) {
        double out = 1;
        for (int k = 0; k < a.length; k++) {
            out *= a[k][k];
            for (int i = k + 1; i < a.length; i++) {
                double factor = a[i][k] / a[k][k];
                for (int j = k; j < a.length; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        return out;
    }

    @Test
    void oneLeapIsALangevinStepWithTheMomentumForItsNoise() {
        values.set(leap.step, 0.3).set(leap.slope, slope);
        double[] moved = at(leap.nextPosition);
        for (int i = 0; i < x.length; i++) {
            double s = 0.3 * (i % 2 == 0 ? 1 : 0.5);
            assertEquals(x[i] + s * s / 2 * slope[i] + s * m[i], moved[i], 1e-14);
        }
    }

    @Test
    void theTestOfAPathIsThatOfMetropolisAndRejectsWhatIsNotFinite() {
        Choice choice = new Choice(6, 1);
        float inf = Float.POSITIVE_INFINITY;
        // gain: log 2 + (1 - 4) / 2; then +10; then not finite in log density, slope, position, and both ways
        float[] momentumHere = {1, 0, 0, 0, 0, 0};
        float[] momentumThere = {2, 0, 0, 0, 0, 0};
        float[] densityHere = {0, 0, 0, 0, 0, 0};
        float[] densityThere = {(float) Math.log(2), 10, inf, 0, 0, Float.NaN};
        float[] slopeThere = {1, 1, 1, Float.NaN, 1, 1};
        float[] positionThere = {1, 1, 1, 1, -inf, 1};
        try (Program program = Program.of(choice.probability, choice.position, choice.slope, choice.logDensity)) {
            program.set(choice.here.position(), new float[6]);
            program.set(choice.here.momentum(), momentumHere);
            program.set(choice.here.slope(), new float[6]);
            program.set(choice.here.logDensity(), densityHere);
            program.set(choice.there.position(), positionThere);
            program.set(choice.there.momentum(), momentumThere);
            program.set(choice.there.slope(), slopeThere);
            program.set(choice.there.logDensity(), densityThere);
            int accepted = 0;
            Noise noise = Noise.seed(1);
            int trials = 4000;
            for (int i = 0; i < trials; i++) {
                program.draw(noise);
                program.run();
                float[] position = program.value(1);
                accepted += position[0] == 1 ? 1 : 0;
                assertEquals(1, position[1], "uphill is always accepted");
                assertEquals(10, program.value(3)[1]);
                for (int k = 2; k < 6; k++) {
                    assertEquals(0, position[k]);
                    assertEquals(0, program.value(2)[k]);
                    assertEquals(0, program.value(3)[k]);
                }
            }
            double p = 2 * Math.exp(-1.5);
            assertArrayEquals(new float[] {(float) p, 1, 0, 0, 0, 0}, program.value(0), 1e-6f);
            assertEquals(p, (double) accepted / trials, 4 * Math.sqrt(p * (1 - p) / trials));
        }
    }

    @Test
    void compiledLeapsAgreeWithTheInterpreter() {
        try (Program program = Program.of(leap.nextPosition, leap.nextMomentum, leap.nextSlope, leap.logDensity)) {
            values.set(leap.step, 0.2)
                    .set(leap.slope, slope)
                    .set(leap.position, x)
                    .set(leap.momentum, m);
            program.set(leap.step, new float[] {0.2f});
            program.set(leap.scale, new float[] {1, 0.5f});
            program.set(leap.slope, Expressions.floats(slope));
            program.set(leap.position, Expressions.floats(x));
            program.set(leap.momentum, Expressions.floats(m));
            program.run();
            for (int i = 0; i < 4; i++) {
                double[] expected = values.of(program.outputs().get(i));
                assertArrayEquals(expected, Doubles.widened(program.value(i)), 1e-5);
            }
        }
    }
}
