package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Stepper;
import org.junit.jupiter.api.Test;

class SamplerTrainingTest {
    private static final int BATCH = 100;

    /**
     * An affine sampler goes down KL to N(m, S). Without the entropy it would fall to the single point m. The ridge leaves a
     * part of the score, about 0.8 to 0.9, and so that part of S.
     */
    @Test
    void aSamplerLearnsTheMeanAndTheSpreadOfItsTarget() {
        Network sampler = Network.linear().init(2, 2, Noise.seed(1));
        Expr z = Expr.input("z", BATCH, 2);
        Expr x = sampler.apply(z);
        // S = ((2, 0.6), (0.6, 1)), so S^-1 = ((1, -0.6), (-0.6, 2)) / 1.64; m = (1, -2)
        Expr gap = x.minus(Expr.constant(new double[] {1, -2}, 2));
        Expr inverse = Expr.constant(new double[] {1 / 1.64, -0.6 / 1.64, -0.6 / 1.64, 2 / 1.64}, 2, 2);
        Expr logDensity = gap.matmul(inverse).dot(gap).mean().times(-0.5);
        Expr entropy = EntropyGradient.kernel(Rbf.medianHeuristic()).surrogate(x);
        Phase phase = Phase.of("sampler", sampler, logDensity.plus(entropy).neg(), logDensity);
        Noise noise = Noise.seed(2);
        Network learned;
        try (Stepper stepper = new Stepper(List.of(phase), z, Adam.rate(0.02), List.of(), Double.POSITIVE_INFINITY)) {
            for (int t = 0; t < 600; t++) {
                noise.normal(stepper.batch(), 0, 2 * BATCH);
                stepper.step(noise);
            }
            learned = sampler.with(stepper.current(sampler.parameters()));
        }
        double[][] image = image(learned);
        assertEquals(1, image[0][0], 0.2);
        assertEquals(-2, image[0][1], 0.2);
        double[] a = {image[1][0] - image[0][0], image[1][1] - image[0][1]};
        double[] b = {image[2][0] - image[0][0], image[2][1] - image[0][1]};
        double[] covariance = {a[0] * a[0] + b[0] * b[0], a[0] * a[1] + b[0] * b[1], a[1] * a[1] + b[1] * b[1]};
        assertTrue(covariance[0] / 2 > 0.65 && covariance[0] / 2 < 1.1, "" + covariance[0]);
        assertTrue(covariance[2] > 0.65 && covariance[2] < 1.1, "" + covariance[2]);
        assertEquals(0.6 / Math.sqrt(2), covariance[1] / Math.sqrt(covariance[0] * covariance[2]), 0.15);
    }

    /** Where the origin and the two unit vectors go. */
    private static double[][] image(Network network) {
        Expr z = Expr.input("z", 3, 2);
        float[] weights = network.parameters().values();
        double[] wide = new double[weights.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = weights[i];
        }
        double[] x = Interpreter.evaluate(
                network.apply(z),
                Map.of(z, new double[] {0, 0, 1, 0, 0, 1}, network.parameters().leaf(), wide));
        return new double[][] {{x[0], x[1]}, {x[2], x[3]}, {x[4], x[5]}};
    }
}
