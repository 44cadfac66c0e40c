package org.ebvlm.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Derivatives against central differences in double precision: the oracle for every differentiation rule. */
final class FiniteDifference {
    private static final double STEP = 1e-5;

    private FiniteDifference() {}

    /** Checks first and second derivatives, in both modes, of a weighted sum of y's elements with respect to x. */
    static void check(Expr y, Expr x, Map<Expr, double[]> at) {
        Expr weights = Expr.constant(numbers(y.size(), 0.3, 1.7), y.shape());
        Expr z = Expr.constant(numbers(x.size(), -0.8, 2.3), x.shape());
        Expr total = y.times(weights).sum();
        Expr first = Differentiation.gradient(total, x);
        // forward mode agrees with differences of the value ...
        Expr slope = Differentiation.jvp(total, x, z);
        compare("jvp", slope, total, x, z, at);
        // ... reverse mode with forward mode ...
        assertEquals(
                scalar(slope, at), scalar(first.times(z).sum(), at), 1e-9 * (1 + Math.abs(scalar(slope, at))), "vjp");
        // ... and second derivatives, reverse over reverse and forward over reverse, with differences of the first.
        Expr twist = Expr.constant(numbers(x.size(), 0.6, 3.1), x.shape());
        Expr bent = first.times(twist).sum();
        compare("second derivative", Differentiation.jvp(bent, x, z), bent, x, z, at);
        double again = scalar(Differentiation.gradient(bent, x).times(z).sum(), at);
        assertEquals(scalar(Differentiation.jvp(bent, x, z), at), again, 1e-9 * (1 + Math.abs(again)), "vjp of vjp");
    }

    private static void compare(String what, Expr slope, Expr y, Expr x, Expr z, Map<Expr, double[]> at) {
        double numeric = (scalar(y, moved(at, x, z, STEP)) - scalar(y, moved(at, x, z, -STEP))) / (2 * STEP);
        double analytic = scalar(slope, at);
        assertTrue(Double.isFinite(analytic), what + " is " + analytic);
        assertEquals(numeric, analytic, 2e-8 * (1 + Math.abs(numeric)), what);
    }

    private static Map<Expr, double[]> moved(Map<Expr, double[]> at, Expr x, Expr z, double step) {
        double[] direction = Interpreter.evaluate(z, Map.of());
        double[] point = at.get(x).clone();
        for (int i = 0; i < point.length; i++) {
            point[i] += step * direction[i];
        }
        Map<Expr, double[]> moved = new HashMap<>(at);
        moved.put(x, point);
        return moved;
    }

    static double scalar(Expr y, Map<Expr, double[]> at) {
        return Interpreter.evaluate(List.of(y), at).get(0)[0];
    }

    /** Numbers spread irregularly over about -1 to 1, none near zero, none equal. */
    static double[] numbers(int n, double phase, double turn) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            double s = Math.sin(phase + turn * i + 0.37 * Math.sqrt(i));
            x[i] = s + Math.copySign(0.05, s);
        }
        return x;
    }
}
