package org.ebvlm.samediff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.errors.GraphException;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Pointwise;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class GraphWriterTest {

    @TestFactory
    List<DynamicTest> whatIsReadAndItsDerivativesAreWrittenAndReadAgain() {
        return GraphRows.all().stream()
                .map(row -> dynamicTest(row.name(), () -> roundTrip(row)))
                .toList();
    }

    private static void roundTrip(GraphRows.Row row) {
        Map<String, Expr> inputs = row.inputs();
        List<Expr> results = results(row, inputs);
        SameDiff sd = SameDiff.create();
        List<String> names = written(sd, inputs, results);
        List<Expr> again = GraphReader.of(sd).read(names, inputs);
        Map<String, INDArray> outputs = sd.output(row.arrays(), names);
        for (int i = 0; i < results.size(); i++) {
            GraphRows.same(outputs.get(names.get(i)), results.get(i), row.values(inputs));
            GraphRows.same(outputs.get(names.get(i)), again.get(i), row.values(inputs));
        }
    }

    /** The value of a row, and the gradients of a curved function of it. */
    private static List<Expr> results(GraphRows.Row row, Map<String, Expr> inputs) {
        Expr y = GraphReader.of(row.graph()).read("result", inputs);
        List<Expr> results = new ArrayList<>(List.of(y));
        results.addAll(Differentiation.gradient(y.square().plus(1).log(), List.copyOf(inputs.values())));
        return results;
    }

    private static List<String> written(SameDiff sd, Map<String, Expr> inputs, List<Expr> results) {
        Map<Expr, SDVariable> leaves = new HashMap<>();
        inputs.forEach((name, input) ->
                leaves.put(input, sd.placeHolder(name, DataType.DOUBLE, Integers.longs(input.shape()))));
        return GraphWriter.into(sd).write(leaves, results).stream()
                .map(SDVariable::name)
                .toList();
    }

    @Test
    void everyPointwiseOperationIsWrittenSomewhere() {
        Set<Pointwise> left = EnumSet.allOf(Pointwise.class);
        for (GraphRows.Row row : GraphRows.all()) {
            for (Expr node : Expr.sorted(results(row, row.inputs()))) {
                left.remove(node.op());
            }
        }
        assertEquals(Set.of(), left);
    }

    @TestFactory
    List<DynamicTest> convolutionsAreWrittenWhateverTheirPadding() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int stride = 1; stride < 4; stride++) {
            for (int padding = 0; padding < 2; padding++) {
                int s = stride;
                int p = padding;
                tests.add(dynamicTest("stride " + s + ", padding " + p, () -> convolution(s, p)));
            }
        }
        return tests;
    }

    /** Value, both gradients, and the gradients of these. */
    private static void convolution(int stride, int padding) {
        Expr image = Expr.input("image", 2, 6, 5, 2);
        Expr weights = Expr.input("weights", 3, 2, 2, 3);
        List<Expr> both = List.of(image, weights);
        List<Expr> results = new ArrayList<>(List.of(Convolution.of(image, weights, stride, padding)));
        results.addAll(Differentiation.gradient(results.get(0).square(), both));
        results.addAll(Differentiation.gradient(results.get(1).square(), both));
        Map<String, Expr> inputs = Map.of("image", image, "weights", weights);
        Map<String, INDArray> arrays =
                Map.of("image", WholeGraphs.numbers(0.3, 2, 6, 5, 2), "weights", WholeGraphs.numbers(0.9, 3, 2, 2, 3));
        Map<Expr, double[]> values = new HashMap<>();
        inputs.forEach(
                (name, input) -> values.put(input, arrays.get(name).dup().data().asDouble()));
        SameDiff sd = SameDiff.create();
        List<String> names = written(sd, inputs, results);
        Map<String, INDArray> outputs = sd.output(arrays, names);
        for (int i = 0; i < names.size(); i++) {
            GraphRows.same(outputs.get(names.get(i)), results.get(i), values);
        }
    }

    @Test
    void writesInTheTypeOfTheLeavesAndSharesThem() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.FLOAT, 3);
        Expr input = Expr.input("x", 3);
        SDVariable y = GraphWriter.into(sd).write(Map.of(input, x), input.greater(0.5));
        assertEquals(DataType.FLOAT, y.dataType());
        assertSame(x, GraphWriter.into(sd).write(Map.of(input, x), input));
    }

    @Test
    void rejectsInputsThatTheGraphDoesNotHave() {
        SameDiff sd = SameDiff.create();
        Expr x = Expr.input("x", 3);
        GraphException error =
                assertThrows(GraphException.class, () -> GraphWriter.into(sd).write(Map.of(), x.exp()));
        assertTrue(error.getMessage().contains("'x'"), error.getMessage());
    }
}
