package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** The mean of a random expression over many runs, with the standard error of each element. */
final class Sampled {
    final double[] mean;
    final double[] error;

    private Sampled(double[] mean, double[] error) {
        this.mean = mean;
        this.error = error;
    }

    static Sampled of(Expr y, int runs, List<Parameters> parameters, Map<Expr, float[]> inputs) {
        double[] sum = new double[y.size()];
        double[] squares = new double[y.size()];
        Noise noise = Noise.seed(77);
        try (Program program = Program.of(y)) {
            parameters.forEach(p -> p.give(program));
            inputs.forEach(program::set);
            for (int run = 0; run < runs; run++) {
                program.draw(noise);
                program.run();
                float[] value = program.value(0);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += value[i];
                    squares[i] += (double) value[i] * value[i];
                }
            }
        }
        double[] error = new double[sum.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= runs;
            error[i] = Math.sqrt(Math.max(0, squares[i] / runs - sum[i] * sum[i]) / (runs - 1));
        }
        return new Sampled(sum, error);
    }

    /** The largest distance to expected values, in standard errors (and a little for rounding). */
    double distance(double[] expected) {
        double largest = 0;
        for (int i = 0; i < mean.length; i++) {
            largest = Math.max(largest, Math.abs(mean[i] - expected[i]) / (error[i] + 1e-6 * (1 + Math.abs(mean[i]))));
        }
        return largest;
    }

    void assertAgrees(String what, double[] expected) {
        assertTrue(distance(expected) < 4, what + ": " + distance(expected) + " standard errors away");
    }

    void assertDiffers(String what, double[] from) {
        assertTrue(distance(from) > 8, what + ": only " + distance(from) + " standard errors away");
    }

    /** A point repeated in all rows of a batch: as many independent draws of h at once. */
    static float[] copies(double[] point, int rows) {
        float[] out = new float[rows * point.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) point[i % point.length];
        }
        return out;
    }
}
