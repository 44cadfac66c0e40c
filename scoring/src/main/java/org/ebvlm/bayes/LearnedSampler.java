package org.ebvlm.bayes;

import org.ebvlm.errors.Settings;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * A step of a chain that is learned (Li and Turner, 2018): every weight moves by itself, by one small network
 * for all weights that sees where the weight is and the gradient g of the log joint density there,
 *
 * <pre>
 * F        = softplus(A (theta_i, g_i) + a)
 * theta_i  = theta_i + scale (u . F + b) + sqrt(scale max(0, w . F + c)) normal noise
 * </pre>
 *
 * <p>Published without the scale in front of the variance; with it a learning rate suits both, and the noise can be learned
 * as finely as the drift.
 *
 * <p>As it knows nothing of which weight it moves, what was learned on one network and data serves others: larger ones,
 * with other units, on other rows. {@link SamplerTraining} fits it; fresh from {@link Choice#init} it hardly moves.
 *
 * <p>It has no stationary distribution that anyone guarantees. It approximates the posterior as far as it was taught to,
 * within about as many steps as it was taught with; where it leads on data unlike those it has seen, look.
 */
public final class LearnedSampler implements WeightSampler, Parametric<LearnedSampler> {
    /** What is added to max(0, .) keeps the slope of the root finite. */
    private static final double TINY = 1e-6;
    /** The variance of a step of Langevin dynamics, in units of the scale. */
    private static final double LANGEVIN = 2;

    private final Parameters parameters;
    private final int units;
    private final double scale;

    private LearnedSampler(Parameters parameters, int units, double scale) {
        this.parameters = parameters;
        this.units = units;
        this.scale = scale;
    }

    /** With a hidden layer of softplus units; 20 are published. */
    public static Choice units(int number) {
        return new Choice(Settings.atLeast(1, "LearnedSampler.units", number), 1e-5);
    }

    /** What a sampler is made of, before it has values. */
    public static final class Choice {
        private final int units;
        private final double scale;

        private Choice(int units, double scale) {
            this.units = units;
            this.scale = scale;
        }

        /**
         * In what units steps are learned: drift and variance are multiplied by it. 1e-5 unless said otherwise, the step of
         * the Langevin dynamics that it begins near; larger where posteriors are wide.
         */
        public Choice scale(double factor) {
            return new Choice(units, Settings.positive("LearnedSampler.scale", factor));
        }

        /**
         * The sampler with first values: normal with standard deviation 0.01, as published, but for the variance, which
         * begins at that of Langevin dynamics everywhere: at a chance value it is as likely below zero, where nothing can
         * teach it.
         */
        public LearnedSampler init(Noise noise) {
            Parameters values = Parameters.named("learned sampler")
                    .normal("A", 0.01, noise.split("A"), 2, units)
                    .normal("a", 0.01, noise.split("a"), units)
                    .normal("u", 0.01, noise.split("u"), units)
                    .normal("b", 0.01, noise.split("b"), 1)
                    .filled("w", 0, units)
                    .filled("c", LANGEVIN, 1)
                    .build();
            return new LearnedSampler(values, units, scale);
        }
    }

    @Override
    public String name() {
        return "learned sampler, " + units + " units";
    }

    @Override
    public Expr move(Expr particles, Expr score, Expr normal) {
        int n = particles.size();
        Expr theta = particles.reshape(1, n);
        Expr g = score.reshape(1, n);
        Expr a = parameters.get("A");
        // F = softplus(A (theta_i, g_i) + a), a row for each unit
        Expr features = a.slice(0, 0, 1)
                .reshape(units, 1)
                .times(theta)
                .plus(a.slice(0, 1, 1).reshape(units, 1).times(g))
                .plus(parameters.get("a").reshape(units, 1))
                .softplus();
        Expr drift = read("u", features).plus(parameters.get("b")).times(scale);
        Expr variance =
                read("w", features).plus(parameters.get("c")).max(0).plus(TINY).times(scale);
        return particles
                .plus(drift.reshape(particles.shape()))
                .plus(variance.sqrt().reshape(particles.shape()).times(normal));
    }

    private Expr read(String name, Expr features) {
        return parameters.get(name).reshape(1, units).matmul(features);
    }

    @Override
    public void give(Program program) {
        parameters.give(program);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public LearnedSampler with(Parameters values) {
        return new LearnedSampler(values, units, scale);
    }

    @Override
    public String toString() {
        return name() + ", " + parameters.size() + " parameters";
    }
}
