package org.ebvlm.stein;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Parameters;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.ScoreEstimator;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Teaches a sampler x = f(xi; eta) to draw from a model (Wang and Liu, 2016): its samples x_i at fresh noise move as {@link Svgd}
 * would move them, and the sampler follows,
 *
 * <pre>
 * eta = eta + rate sum over i of (df(xi_i; eta)/deta)' phi(x_i)
 * </pre>
 *
 * <p>which is the gradient of {@code -sum over i of held(phi_i) . f(xi_i; eta)}, phi the {@link SteinDirection} of the samples.
 *
 * <pre>{@code
 * var generator = Generator.noise(4).visible(2).init(seed(1));
 * var run = Training.of(model).minimizing(AmortizedSvgd.sampler(generator).particles(100))
 *     .with(Adam.rate(1e-3)).steps(4000).fit(seed(1));
 * run.fitted(generator).samples(1000, seed(2));
 * }</pre>
 *
 * <p>A sampler with labels serves a model of rows [x, one-hot label], {@link org.ebvlm.model.LabelledEnergy} for example: labels are
 * drawn, each as often as the sampler says, and x moves alone, by {@link SteinDirection#withLabels}; the sampler learns the density of x
 * given each label.
 *
 * <p>The model stays as it is, and there need be no data. All else is a training's: checkpoints, averaging, evaluations of
 * a {@code snapshot.fitted(generator)}. What it records as objective is the mean of || phi ||^2, which falls to a level that
 * the number of particles sets, and says little by itself.
 *
 * <p>Bias: with n particles the spread comes out too small; of a Gaussian in two dimensions with the standard direction the
 * variance was 0.76 of the truth for 50, 0.84 for 100, 0.95 for 400. One particle has phi = s, and the sampler falls onto
 * modes. Far modes of the target are found only if samples come near them while the sampler is still wide.
 *
 * <p>Cost of a step: scores of n samples, n^2 times a few widths, and the sampler's gradient.
 */
public final class AmortizedSvgd implements Objective {
    private final Generator sampler;
    private final int particles;
    private final SteinDirection direction;
    private final ScoreEstimator estimator;
    private final int repeats;

    private AmortizedSvgd(
            Generator sampler, int particles, SteinDirection direction, ScoreEstimator estimator, int repeats) {
        this.sampler = sampler;
        this.particles = particles;
        this.direction = direction;
        this.estimator = estimator;
        this.repeats = repeats;
    }

    /** Teaches this sampler: 100 particles a step, {@link SteinDirection#standard}, {@link ExactScore}. */
    public static AmortizedSvgd sampler(Generator sampler) {
        return new AmortizedSvgd(sampler, 100, SteinDirection.standard(), ExactScore.estimator(), 1);
    }

    /** How many samples are drawn at a step and see each other. */
    public AmortizedSvgd particles(int number) {
        return new AmortizedSvgd(sampler, atLeastOne("particles", number), direction, estimator, repeats);
    }

    /** With a kernel, in {@link SteinDirection#kernel}. */
    public AmortizedSvgd kernel(Kernel kernel) {
        return along(SteinDirection.kernel(kernel));
    }

    /** Along another direction: on features, or to the nearest neighbour as the published code for pictures has it. */
    public AmortizedSvgd along(SteinDirection other) {
        return new AmortizedSvgd(sampler, particles, other, estimator, repeats);
    }

    /** How the model's score is found; {@link ExactScore} unless said otherwise. */
    public AmortizedSvgd using(ScoreEstimator how) {
        return new AmortizedSvgd(sampler, particles, direction, how, repeats);
    }

    /** How many updates a step makes, each with fresh noise; 1 unless said otherwise. */
    public AmortizedSvgd innerSteps(int number) {
        return new AmortizedSvgd(sampler, particles, direction, estimator, atLeastOne("innerSteps", number));
    }

    private static int atLeastOne(String adjective, int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("AmortizedSvgd." + adjective + ": too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return number;
    }

    @Override
    public String name() {
        return "amortized SVGD, " + particles + " particles, " + direction.name() + " by " + estimator.name()
                + (repeats == 1 ? "" : ", " + repeats + " inner steps");
    }

    @Override
    public boolean needsData() {
        return false;
    }

    @Override
    public List<Parameters> parameters() {
        List<Parameters> all = new ArrayList<>(estimator.parameters());
        all.addAll(direction.parameters());
        return all;
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        requireScore(model);
        Drawn drawn = Drawn.of(sampler, particles, model);
        Expr phi = drawn.along(direction, estimator.score(model, drawn.rows().point()));
        return List.of(phase("objective", drawn.x(), phi));
    }

    /**
     * The phase that makes the sampler follow a direction: for objectives that fit a model too.
     *
     * @param x samples at fresh noise, [n, visible]
     * @param phi their direction, [n, visible], held
     */
    Phase phase(String name, Expr x, Expr phi) {
        Expr value = phi.square().sum(1).mean();
        return new Phase(name, repeats, sampler, phi.times(x).sum().neg(), value, Optional.empty());
    }

    private static void requireScore(EnergyModel model) {
        if (model.hasBinaryVisible()) {
            throw new SettingException(Facts.that("AmortizedSvgd: there is no score in binary v")
                    .expected("a model of real v")
                    .butWas(model));
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
