package org.ebvlm.samediff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.ShapeException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DerivativesTest {
    private static final double STEP = 1e-5;

    @TestFactory
    List<DynamicTest> firstAndSecondDerivativesAgreeWithDifferencesOfSameDiffsOwnOutput() {
        List<DynamicTest> tests = new ArrayList<>();
        for (WholeGraphs.Model model : WholeGraphs.all()) {
            String parameter = model.parameters().get(0);
            tests.add(dynamicTest(model.name(), () -> check(model, parameter)));
        }
        return tests;
    }

    /** The score, its projection on a direction z, and the gradients of that in v and in a parameter. */
    private static void check(WholeGraphs.Model model, String parameter) {
        SameDiff sd = model.graph();
        SDVariable z = sd.placeHolder("z", DataType.DOUBLE, Integers.longs(model.rows()));
        long[] rows = Integers.longs(model.rows());
        Derivatives derivatives = Derivatives.of(sd).at(Map.of("v", rows));
        SDVariable score = derivatives.gradient("energy", "v");
        SDVariable projected = score.mul(z).sum();
        List<SDVariable> second = derivatives.gradient(projected.name(), List.of("v", parameter));
        SDVariable curvature = derivatives.jvp(score.name(), "v", "z");

        INDArray v = WholeGraphs.numbers(0.4, model.rows());
        Map<String, INDArray> at = Map.of("v", v, "z", WholeGraphs.numbers(1.4, model.rows()));
        assertSlopes(sd, "energy", at, v, sd.outputSingle(at, score.name()));
        assertSlopes(
                sd, projected.name(), at, v, sd.outputSingle(at, second.get(0).name()));
        assertSlopes(
                sd,
                projected.name(),
                at,
                sd.getVariable(parameter).getArr(),
                sd.outputSingle(at, second.get(1).name()));
        // The Hessian is symmetric: forward over reverse equals reverse over reverse.
        assertArrayEquals(
                sd.outputSingle(at, second.get(0).name()).dup().data().asDouble(),
                sd.outputSingle(at, curvature.name()).dup().data().asDouble(),
                1e-10);
    }

    /** Compares a gradient with central differences of the sum of an output along each element of an array. */
    private static void assertSlopes(
            SameDiff sd, String output, Map<String, INDArray> at, INDArray array, INDArray gradient) {
        double[] expected = new double[(int) array.length()];
        for (int i = 0; i < expected.length; i++) {
            double here = array.getDouble(i);
            array.putScalar(i, here + STEP);
            double up = sd.outputSingle(at, output).sumNumber().doubleValue();
            array.putScalar(i, here - STEP);
            double down = sd.outputSingle(at, output).sumNumber().doubleValue();
            array.putScalar(i, here);
            expected[i] = (up - down) / (2 * STEP);
        }
        assertArrayEquals(expected, gradient.dup('c').data().asDouble(), 1e-8, output);
    }

    private static SameDiff exponential() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, 2);
        sd.math().exp("y", sd.math().square("inner", x));
        sd.constant("w", Nd4j.createFromArray(3.0, 5.0));
        return sd;
    }

    private static double[] values(SameDiff sd, SDVariable y, double... x) {
        return sd.outputSingle(Map.of("x", Nd4j.createFromArray(x)), y.name())
                .data()
                .asDouble();
    }

    @Test
    void productsWithAJacobianWeighItsRowsAndColumns() {
        SameDiff sd = exponential();
        double[] expected = {3 * 2 * Math.E, -5 * 2 * Math.E};
        assertArrayEquals(expected, values(sd, Derivatives.of(sd).vjp("y", "w", "x"), 1, -1), 1e-12);
        assertArrayEquals(expected, values(sd, Derivatives.of(sd).jvp("y", "x", "w"), 1, -1), 1e-12);
    }

    @Test
    void derivativesOfAnyOrderComeFromRepeating() {
        SameDiff sd = exponential();
        SDVariable y = sd.getVariable("y");
        for (int order = 0; order < 3; order++) {
            y = Derivatives.of(sd).gradient(y.name(), "x");
        }
        // (exp(x^2))''' = (12 x + 8 x^3) exp(x^2)
        assertArrayEquals(new double[] {20 * Math.E, -20 * Math.E}, values(sd, y, 1, -1), 1e-10);
    }

    @Test
    void cotangentsAndDirectionsMayDependOnTheInput() {
        SameDiff sd = exponential();
        double[] expected = {2 * Math.E * Math.E, -2 * Math.E * Math.E};
        assertArrayEquals(expected, values(sd, Derivatives.of(sd).vjp("y", "y", "x"), 1, -1), 1e-12);
        assertArrayEquals(expected, values(sd, Derivatives.of(sd).jvp("y", "x", "y"), 1, -1), 1e-12);
    }

    @Test
    void gradientsFlowThroughInnerVariablesThatAreAskedForToo() {
        SameDiff sd = exponential();
        List<SDVariable> both = Derivatives.of(sd).gradient("y", List.of("x", "inner"));
        assertArrayEquals(new double[] {2 * Math.E, 4 * Math.exp(4)}, values(sd, both.get(0), 1, 2), 1e-12);
        assertArrayEquals(new double[] {Math.E, Math.exp(4)}, values(sd, both.get(1), 1, 2), 1e-12);
    }

    @Test
    void innerVariablesCanBeDifferentiatedBy() {
        SameDiff sd = exponential();
        SDVariable slope = Derivatives.of(sd).gradient("y", "inner");
        assertArrayEquals(new double[] {Math.E, Math.exp(4)}, values(sd, slope, 1, 2), 1e-12);
        assertArrayEquals(new double[2], values(sd, Derivatives.of(sd).gradient("inner", "y"), 1, 2));
    }

    @Test
    void staysQuiet() {
        PrintStream out = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            Derivatives.of(exponential()).gradient("y", "x");
        } finally {
            System.setOut(out);
        }
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void rejectsWhatItCannotDifferentiate() {
        SameDiff sd = exponential();
        SDVariable m = sd.placeHolder("m", DataType.DOUBLE, -1, 3);
        sd.math().matrixInverse("inverse", m);
        Derivatives derivatives = Derivatives.of(sd);
        Map<String, long[]> square = Map.of("m", new long[] {3, 3});
        says("'matrix_inverse'", () -> derivatives.at(square).gradient("inverse", "m"));
        says("'m'", () -> derivatives.gradient("inverse", "m"));
        says("'q'", () -> derivatives.at(Map.of("q", new long[] {3})));
        says("'z'", () -> derivatives.gradient("y", "z"));
        assertThrows(ShapeException.class, () -> derivatives.at(square).vjp("y", "m", "x"));
    }

    private static void says(String part, Runnable attempt) {
        GraphException error = assertThrows(GraphException.class, attempt::run);
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
