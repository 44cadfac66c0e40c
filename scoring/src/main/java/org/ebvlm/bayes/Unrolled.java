package org.ebvlm.bayes;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.implicit.EntropyGradient;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Some steps of a sampler in a row with a loss after each, compiled with its gradient; the particles are carried on.
 *
 * <pre>
 * theta_t+1 = move(theta_t, held(g_t), noise_t)
 * loss      = -1/(T K) sum over t = 1..T of  held(g_t - G_t) . theta_t
 * </pre>
 *
 * with g_t the score of the rows of batch t at theta_t and G_t the entropy term's.
 */
final class Unrolled implements AutoCloseable {
    private final LearnedSampler sampler;
    private final Labelled data;
    private final int rows;
    private final float[][] x;
    private final float[][] y;
    private final float[] particles;
    private final Expr start;
    private final Program program;

    Unrolled(
            LearnedSampler sampler,
            BayesianNetwork network,
            Labelled data,
            EntropyGradient entropy,
            int many,
            int rows,
            int steps) {
        this.sampler = sampler;
        this.data = data;
        this.rows = rows;
        x = new float[steps + 1][rows * data.width()];
        y = new float[steps + 1][rows];
        particles = new float[many * network.weights()];
        start = Expr.input("start", many, network.weights());
        List<Expr> xs = new ArrayList<>();
        List<Expr> ys = new ArrayList<>();
        for (int t = 0; t <= steps; t++) {
            xs.add(Expr.input("rows " + t, rows, data.width()));
            ys.add(Expr.input("labels " + t, rows));
        }
        Expr theta = start;
        Expr g = network.score(theta, xs.get(0), ys.get(0), data.size()).held();
        Expr loss = Expr.constant(0);
        for (int t = 1; t <= steps; t++) {
            Expr normal = Expr.noise(Leaf.Source.NORMAL, "moves " + t, theta.shape());
            theta = sampler.move(theta, g, normal).point();
            g = network.score(theta, xs.get(t), ys.get(t), data.size()).held();
            loss = loss.plus(loss(theta, g, entropy).over(steps));
        }
        Expr value = network.logJoint(theta, xs.get(steps), ys.get(steps), data.size())
                .mean();
        program = Program.of(sampler.parameters().gradient(loss), value, theta);
        program.bind(start, particles);
        for (int t = 0; t <= steps; t++) {
            program.bind(xs.get(t), x[t]);
            program.bind(ys.get(t), y[t]);
        }
    }

    /** Its slope in theta is that of KL(q || p) = -E log p - H(q), held(g - G) being taken as constant. */
    static Expr loss(Expr theta, Expr g, EntropyGradient entropy) {
        return g.minus(entropy.score(theta)).held().times(theta).sum().times(-1.0 / theta.shape(0));
    }

    /** The particles before the next steps; to be filled for a fresh start. */
    float[] particles() {
        return particles;
    }

    /** How many batches an update wants. */
    int batches() {
        return x.length;
    }

    /** How many rows are in a batch. */
    int rowsInBatch() {
        return rows;
    }

    /** The rows of a batch. */
    void give(int batch, int[] which) {
        data.rows().gather(which, x[batch]);
        data.labels().gather(which, y[batch]);
    }

    /**
     * Makes the steps.
     *
     * @param values of the sampler's parameters
     * @param gradient receives the gradient of the loss
     * @return the mean log joint density at the end
     */
    double run(float[] values, Noise noise, float[] gradient) {
        program.bind(sampler.parameters().leaf(), values);
        program.draw(noise);
        program.run();
        System.arraycopy(program.value(0), 0, gradient, 0, gradient.length);
        System.arraycopy(program.value(2), 0, particles, 0, particles.length);
        return program.scalar(1);
    }

    @Override
    public void close() {
        program.close();
    }
}
