package org.ebvlm.bayes;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Settings;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;

/**
 * A network of one hidden layer, or none, whose weights are the unknown: with theta all weights and biases,
 *
 * <pre>
 * f(x; theta) = u . a(W x + b) + c
 * log p(theta, labels) = log N(theta; 0, s^2 I) + sum over rows of log p(label | f(x; theta))
 * </pre>
 *
 * <p>Labels are of two classes, with f the log odds of class 1, or, with {@link #gaussian}, numbers of normal noise about f.
 * Many weight vectors are worked out at once: particles, [K, {@link #weights}], a row each in the order W (a unit's weights
 * together), b, u, c.
 *
 * <pre>{@code
 * BayesianNetwork network = BayesianNetwork.inputs(6).relu(20);
 * Data particles = WeightChains.of(network).on(train).by(Sgld.step(1e-4)).sample(Noise.seed(1));
 * Predictive quality = network.predict(particles, test);
 * }</pre>
 *
 * <p>The posterior has at least hidden! 2^hidden modes of equal weight where a is odd, and hidden! otherwise, by exchanging
 * units: look at predictions rather than at weights. Not for layers so wide that K x hidden x rows floats become a burden.
 *
 * <p>Cost of a score: 3 K hidden rows (inputs + 1) multiplications.
 */
public final class BayesianNetwork {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);

    private final int inputs;
    private final int hidden;
    private final String kind;
    private final UnaryOperator<Expr> activation;
    private final double priorStd;
    /** Of numbers about f; zero for two classes. */
    private final double noiseStd;

    private BayesianNetwork(
            int inputs, int hidden, String kind, UnaryOperator<Expr> activation, double priorStd, double noiseStd) {
        this.inputs = inputs;
        this.hidden = hidden;
        this.kind = kind;
        this.activation = activation;
        this.priorStd = priorStd;
        this.noiseStd = noiseStd;
    }

    /** A network that begins with its number of inputs; without more it has no hidden layer, f = u . x + c. */
    public static BayesianNetwork inputs(int width) {
        return new BayesianNetwork(
                Settings.atLeast(1, "BayesianNetwork.inputs", width), 0, "linear", UnaryOperator.identity(), 1, 0);
    }

    /** With a hidden layer of units max(0, .). */
    public BayesianNetwork relu(int units) {
        return layer("relu", units, x -> x.max(0));
    }

    /** With a hidden layer of units 1 / (1 + exp(-.)). */
    public BayesianNetwork sigmoid(int units) {
        return layer("sigmoid", units, Expr::sigmoid);
    }

    /** With a hidden layer of hyperbolic tangents. */
    public BayesianNetwork tanh(int units) {
        return layer("tanh", units, Expr::tanh);
    }

    private BayesianNetwork layer(String name, int units, UnaryOperator<Expr> function) {
        int checked = Settings.atLeast(1, "BayesianNetwork." + name, units);
        return new BayesianNetwork(inputs, checked, name, function, priorStd, noiseStd);
    }

    /** Another standard deviation of the weights before anything was seen; 1 unless said otherwise. */
    public BayesianNetwork priorStd(double std) {
        double checked = Settings.positive("BayesianNetwork.priorStd", std);
        return new BayesianNetwork(inputs, hidden, kind, activation, checked, noiseStd);
    }

    /** Labels are numbers, f plus normal noise of this standard deviation. */
    public BayesianNetwork gaussian(double noise) {
        double checked = Settings.positive("BayesianNetwork.gaussian", noise);
        return new BayesianNetwork(inputs, hidden, kind, activation, priorStd, checked);
    }

    /** Width of the rows that it takes. */
    public int inputs() {
        return inputs;
    }

    /** How many weights and biases there are. */
    public int weights() {
        return hidden == 0 ? inputs + 1 : hidden * (inputs + 2) + 1;
    }

    /** Whether labels are of two classes, 0 and 1. */
    public boolean isBinary() {
        return noiseStd == 0;
    }

    // ---------------------------------------------------------------- formulas

    /**
     * f at rows, for each particle.
     *
     * @param particles [K, weights]
     * @param x rows [n, inputs]
     * @return [K, n]
     */
    public Expr outputs(Expr particles, Expr x) {
        require(particles, x);
        int k = particles.shape(0);
        if (hidden == 0) {
            Expr u = particles.slice(1, 0, inputs);
            return u.matmul(x, false, true).plus(particles.slice(1, inputs, 1));
        }
        int first = hidden * inputs;
        Expr w = particles.slice(1, 0, first).reshape(k * hidden, inputs);
        Expr b = particles.slice(1, first, hidden).reshape(k * hidden, 1);
        Expr u = particles.slice(1, first + hidden, hidden).reshape(k, hidden, 1);
        Expr c = particles.slice(1, first + 2 * hidden, 1);
        // All particles' units in one product.
        Expr units = activation.apply(w.matmul(x, false, true).plus(b)).reshape(k, hidden, x.shape(0));
        return units.times(u).sum(1).plus(c);
    }

    /**
     * log p(label | x, theta) of each row, for each particle.
     *
     * @param y labels [n]
     * @return [K, n], nats
     */
    public Expr logLikelihood(Expr particles, Expr x, Expr y) {
        if (y.rank() != 1 || y.shape(0) != x.shape(0)) {
            throw new ShapeException(Facts.that("BayesianNetwork: the labels do not fit the rows")
                    .expected("[" + x.shape(0) + "]")
                    .butWas(y.toString()));
        }
        Expr f = outputs(particles, x);
        if (isBinary()) {
            // y log sigmoid(f) + (1 - y) log sigmoid(-f)
            return f.times(y).minus(f.softplus());
        }
        return f.minus(y).over(noiseStd).square().times(-0.5).minus(Math.log(noiseStd) + 0.5 * LOG_2_PI);
    }

    /**
     * log p(theta) of each particle.
     *
     * @return [K], nats
     */
    public Expr logPrior(Expr particles) {
        return particles
                .over(priorStd)
                .square()
                .sum(1)
                .times(-0.5)
                .minus(weights() * (Math.log(priorStd) + 0.5 * LOG_2_PI));
    }

    /**
     * log p(theta) + N/n sum over the rows given of log p(label | x, theta): of all N rows if those are given, and an
     * unbiased estimate of that by a random few.
     *
     * @param x rows [n, inputs]
     * @param y labels [n]
     * @param rows N, the number of rows in all
     * @return [K], nats
     */
    public Expr logJoint(Expr particles, Expr x, Expr y, int rows) {
        Expr likelihood = logLikelihood(particles, x, y).sum(1);
        return logPrior(particles).plus(likelihood.times((double) rows / x.shape(0)));
    }

    /**
     * The gradient of {@link #logJoint} with respect to each particle: the score of the posterior of the weights.
     *
     * @return [K, weights]
     */
    public Expr score(Expr particles, Expr x, Expr y, int rows) {
        Expr at = particles.point();
        return Differentiation.gradient(logJoint(at, x, y, rows).sum(), at);
    }

    private void require(Expr particles, Expr x) {
        if (particles.rank() != 2 || particles.shape(1) != weights()) {
            throw new ShapeException(Facts.that("BayesianNetwork: these are not particles of " + this)
                    .expected("[K, " + weights() + "]")
                    .butWas(particles.toString()));
        }
        if (x.rank() != 2 || x.shape(1) != inputs) {
            throw new ShapeException(Facts.that("BayesianNetwork: these are not rows for " + this)
                    .expected("[n, " + inputs + "]")
                    .butWas(x.toString()));
        }
    }

    // ---------------------------------------------------------------- numbers

    /** Particles drawn from the prior, [number, weights]. */
    public Data draw(int number, Noise noise) {
        float[] values = new float[Settings.atLeast(1, "BayesianNetwork.draw", number) * weights()];
        fill(values, noise);
        return Data.of("draws from the prior of " + this, values, weights());
    }

    /** Draws from the prior into an array. */
    void fill(float[] particles, Noise noise) {
        noise.normal(particles, 0, particles.length);
        for (int i = 0; i < particles.length; i++) {
            particles[i] = (float) (priorStd * particles[i]);
        }
    }

    /**
     * The scores of the posterior at particles, all rows of the data considered: for
     * {@link org.ebvlm.scoring.SteinStatistic}, which says how far the particles are from the posterior.
     *
     * @param particles [K, weights]
     * @return [K, weights], row-major
     */
    public float[] scores(Data particles, Labelled data) {
        requireParticles(particles);
        requireData(data);
        Expr x = Expr.input("x", data.size(), inputs);
        Expr y = Expr.input("y", data.size());
        return ByBlocks.of(particles, theta -> score(theta, x, y, data.size()), given(data, x, y));
    }

    /**
     * How well particles, taken together, predict labels: p(label | x) = 1/K sum over k of p(label | x, theta_k).
     *
     * @param particles [K, weights]
     */
    public Predictive predict(Data particles, Labelled data) {
        return Predictive.of(outputs(particles, data), particles.rows(), data, noiseStd);
    }

    /**
     * f at rows, for each particle.
     *
     * @param particles [K, weights]
     * @return [K, n], row-major
     */
    public float[] outputs(Data particles, Labelled data) {
        requireParticles(particles);
        requireData(data);
        Expr x = Expr.input("x", data.size(), inputs);
        return ByBlocks.of(
                particles, theta -> outputs(theta, x), Map.of(x, data.rows().values()));
    }

    private static Map<Expr, float[]> given(Labelled data, Expr x, Expr y) {
        return Map.of(x, data.rows().values(), y, data.labels().values());
    }

    private void requireParticles(Data particles) {
        if (particles.width() != weights()) {
            throw new ShapeException(Facts.that("BayesianNetwork: these are not particles of " + this)
                    .expected("[K, " + weights() + "]")
                    .butWas("[" + particles.rows() + ", " + particles.width() + "] in " + particles.name()));
        }
    }

    /** Refuses data that this network cannot be of. */
    void requireData(Labelled data) {
        if (data.width() != inputs) {
            throw new ShapeException(Facts.that("BayesianNetwork: the data do not fit " + this)
                    .expected("rows of width " + inputs)
                    .butWas(data.toString())
                    .hint("say BayesianNetwork.inputs(" + data.width() + ")"));
        }
        for (int i = 0; isBinary() && i < data.size(); i++) {
            float label = data.labels().at(i, 0);
            if (label != 0 && label != 1) {
                throw new DataException(Facts.that("BayesianNetwork: the labels are not two classes")
                        .expected("0 or 1")
                        .butWas(label + " in row " + i + " of " + data.name())
                        .hint("classes() counts the labels from 0; gaussian(noiseStd) takes labels that are numbers"));
            }
        }
    }

    @Override
    public String toString() {
        String layer = hidden == 0 ? "" : "-" + hidden + " " + kind;
        return "Bayesian network " + inputs + layer + "-1" + (isBinary() ? "" : ", noise " + Settings.number(noiseStd))
                + ", " + weights() + " weights";
    }
}
