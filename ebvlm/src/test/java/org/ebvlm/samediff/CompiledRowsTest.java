package org.ebvlm.samediff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What SameDiff's operations on images read as, compiled: native code must be able to run every form of them. */
class CompiledRowsTest {
    private static final List<String> IMAGES = List.of("conv2d", "deconv2d", "pool", "upsampl");

    @TestFactory
    List<DynamicTest> operationsOnImagesCompileToWhatTheInterpreterComputes() {
        return GraphRows.all().stream()
                .filter(row -> IMAGES.stream().anyMatch(row.name()::contains))
                .map(row -> dynamicTest(row.name(), () -> agrees(row)))
                .toList();
    }

    private static void agrees(GraphRows.Row row) {
        Map<String, Expr> inputs = row.inputs();
        Expr read = GraphReader.of(row.graph()).read("result", inputs);
        List<Expr> outputs = new ArrayList<>(List.of(read));
        outputs.addAll(Differentiation.gradient(read.square().sum(), List.copyOf(inputs.values())));
        Map<Expr, double[]> values = new HashMap<>();
        try (Program program = Program.of(outputs)) {
            row.values(inputs).forEach((input, given) -> {
                float[] rounded = new float[given.length];
                double[] again = new double[given.length];
                for (int i = 0; i < given.length; i++) {
                    rounded[i] = (float) given[i];
                    again[i] = rounded[i];
                }
                program.set(input, rounded);
                values.put(input, again);
            });
            program.run();
            List<double[]> expected = Interpreter.evaluate(outputs, values);
            for (int i = 0; i < outputs.size(); i++) {
                close(expected.get(i), program.value(i), "output " + i);
            }
        }
    }

    /** To a few hundred roundings of the largest element. */
    private static void close(double[] expected, float[] actual, String what) {
        double scale = 1e-3;
        for (double x : expected) {
            scale = Math.max(scale, Math.abs(x));
        }
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 3e-5 * scale, what + ", element " + i);
        }
    }
}
