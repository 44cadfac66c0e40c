package org.ebvlm.samediff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** Small but whole models as SameDiff graphs, with double parameters and a placeholder "v" for rows of data. */
final class WholeGraphs {
    /** A graph whose output "energy" has one number a row, and the shape of its rows. */
    record Model(String name, SameDiff graph, int[] rows) {
        List<String> parameters() {
            List<String> names = new ArrayList<>();
            graph.variables().stream()
                    .filter(v -> v.getVariableType() == VariableType.VARIABLE)
                    .forEach(v -> names.add(v.name()));
            return names;
        }
    }

    private WholeGraphs() {}

    static List<Model> all() {
        return List.of(perceptron(), convolutional(), grbm(), mixture());
    }

    static INDArray numbers(double phase, int... shape) {
        double[] values = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, k -> 0.6 * Math.sin(phase + 1.9 * k + 0.3 * Math.sqrt(k)));
        return GraphRows.array(values, shape);
    }

    private static SDVariable parameter(SameDiff sd, String name, int... shape) {
        return sd.var(name, numbers(name.hashCode() % 7, shape));
    }

    static Model perceptron() {
        SameDiff sd = SameDiff.create();
        SDVariable v = sd.placeHolder("v", DataType.DOUBLE, -1, 3);
        SDVariable h = sd.math().tanh(sd.nn().linear(v, parameter(sd, "w1", 3, 4), parameter(sd, "b1", 4)));
        SDVariable g = sd.nn().softplus(sd.nn().layerNorm(h, parameter(sd, "gain", 4), false, 1));
        sd.squeeze(g.mmul(parameter(sd, "w2", 4, 1)), 1)
                .add("energy", sd.math().squaredNorm(v, 1).mul(0.5));
        return new Model("perceptron", sd, new int[] {5, 3});
    }

    static Model convolutional() {
        SameDiff sd = SameDiff.create();
        SDVariable v = sd.placeHolder("v", DataType.DOUBLE, -1, 1, 5, 4);
        Conv2DConfig same =
                Conv2DConfig.builder().kH(3).kW(3).paddingMode(PaddingMode.SAME).build();
        SDVariable h = sd.nn().swish(sd.cnn().conv2d(v, parameter(sd, "w1", 3, 3, 1, 2), parameter(sd, "b1", 2), same));
        SDVariable pooled = sd.cnn()
                .avgPooling2d(
                        h,
                        Pooling2DConfig.builder()
                                .kH(2)
                                .kW(2)
                                .sH(2)
                                .sW(2)
                                .dH(1)
                                .dW(1)
                                .build());
        SDVariable flat = pooled.reshape(sd.stack(0, sd.sizeAt(v, 0), sd.constant(-1L)));
        sd.nn().elu(flat.mmul(parameter(sd, "w2", 8, 3))).sum("energy", 1);
        return new Model("convolutional", sd, new int[] {2, 1, 5, 4});
    }

    /** F(v) = |v - b|^2 / 2 - sum of softplus(c + v W). */
    static Model grbm() {
        SameDiff sd = SameDiff.create();
        SDVariable v = sd.placeHolder("v", DataType.DOUBLE, -1, 3);
        SDVariable hidden = sd.nn().softplus(v.mmul(parameter(sd, "w", 3, 4)).add(parameter(sd, "c", 4)));
        sd.math().squaredNorm(v.sub(parameter(sd, "b", 3)), 1).mul(0.5).sub("energy", hidden.sum(1));
        return new Model("GRBM", sd, new int[] {5, 3});
    }

    /** A mixture of normal densities with means m and logits a. */
    static Model mixture() {
        SameDiff sd = SameDiff.create();
        SDVariable v = sd.placeHolder("v", DataType.DOUBLE, -1, 2);
        SDVariable d = sd.expandDims(v, 1).sub(sd.expandDims(parameter(sd, "m", 3, 2), 0));
        SDVariable logits = sd.nn().logSoftmax(parameter(sd, "a", 3));
        sd.math().logSumExp(logits.sub(sd.math().square(d).sum(2).mul(0.5)), 1).neg("energy");
        return new Model("mixture", sd, new int[] {4, 2});
    }
}
