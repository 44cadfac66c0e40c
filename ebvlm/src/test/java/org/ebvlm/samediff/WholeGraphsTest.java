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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

class WholeGraphsTest {
    private static final double STEP = 1e-5;

    @TestFactory
    List<DynamicTest> gradientsAgreeWithDifferencesOfSameDiffsOwnOutput() {
        List<DynamicTest> tests = new ArrayList<>();
        for (WholeGraphs.Model model : WholeGraphs.all()) {
            List<String> names = new ArrayList<>(model.parameters());
            names.add("v");
            names.forEach(name -> tests.add(dynamicTest(model.name() + " " + name, () -> check(model, name))));
        }
        return tests;
    }

    private static void check(WholeGraphs.Model model, String name) {
        Map<String, INDArray> arrays = new HashMap<>();
        Map<String, Expr> bindings = new HashMap<>();
        Map<Expr, double[]> values = new HashMap<>();
        arrays.put("v", WholeGraphs.numbers(0.4, model.rows()));
        model.parameters()
                .forEach(p -> arrays.put(p, model.graph().getVariable(p).getArr()));
        arrays.forEach((p, array) -> {
            Expr constant = Constants.of(array);
            Expr input = Expr.input(p, constant.shape());
            bindings.put(p, input);
            values.put(input, Interpreter.evaluate(constant, Map.of()));
        });
        Expr energy = GraphReader.of(model.graph()).read("energy", bindings);
        double[] gradient = Interpreter.evaluate(Differentiation.gradient(energy, bindings.get(name)), values);
        for (int i = 0; i < gradient.length; i++) {
            assertEquals(slope(model, arrays, name, i), gradient[i], 1e-8, name + " at " + i);
        }
    }

    /** Central difference of the sum of all energies along one element. */
    private static double slope(WholeGraphs.Model model, Map<String, INDArray> arrays, String name, int i) {
        INDArray array = arrays.get(name);
        double at = array.getDouble(i);
        array.putScalar(i, at + STEP);
        double up = total(model, arrays);
        array.putScalar(i, at - STEP);
        double down = total(model, arrays);
        array.putScalar(i, at);
        return (up - down) / (2 * STEP);
    }

    private static double total(WholeGraphs.Model model, Map<String, INDArray> arrays) {
        return model.graph()
                .outputSingle(Map.of("v", arrays.get("v")), "energy")
                .sumNumber()
                .doubleValue();
    }
}
