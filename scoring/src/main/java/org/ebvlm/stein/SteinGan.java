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
import org.ebvlm.model.Parametric;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Vaes;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;
import org.ebvlm.variational.Posterior;

/**
 * Maximum likelihood of an energy with a sampler that learns along, amortised as SteinGAN (Wang and Liu, 2016, algorithm 2): the
 * negative phase of the likelihood's gradient is over the sampler's draws x in place of the model's own,
 *
 * <pre>
 * eta   = eta + rate sum over i of (df(xi_i; eta)/deta)' phi(x_i)                          as {@link AmortizedSvgd}
 * theta = theta - rate ( mean over data of dF/dtheta - (1 - gamma) mean over x of dF/dtheta )
 * </pre>
 *
 * <pre>{@code
 * var generator = Generator.noise(100).uniform().visible(784).range(0, 1).init(seed(1));
 * var run = Training.of(model).minimizing(SteinGan.sampler(generator).innerSteps(2))
 *     .on(images).with(Adam.rate(1e-3).betas(0.5, 0.999)).steps(5_000).fit(seed(1));
 * run.fitted(generator).samples(64, seed(2));
 * run.model();
 * }</pre>
 *
 * <p>For any model of real v with a free energy, and {@linkplain #posterior by a posterior} for others. With an {@link
 * org.ebvlm.model.AutoencoderEnergy} the kernel is better on its features:
 * {@code along(SteinDirection.standard().features("encoder", model::features))}.
 *
 * <p>A sampler with labels serves a model of rows [x, one-hot label], as in {@link AmortizedSvgd}, and data of such rows: {@link
 * org.ebvlm.model.LabelledEnergy} is one, and makes them. Samples should have each label as often as the data ({@code
 * Generator.labelsOf}): otherwise the energy of labels that are rarer in the data is pushed up more than it is drawn down.
 *
 * <p>Bias: the sampler lags behind the model, and with n particles spreads too little (see {@link AmortizedSvgd}), so the model
 * learns a likelihood that is too low; for a sampler with less noise than the model, pixels without noise for example, there
 * is no fit at which both rest. Take {@link org.ebvlm.scoring.MaximumLikelihood} or {@link org.ebvlm.scoring.Cd} where
 * they are possible and samples at one pass are not what is wanted.
 *
 * <p>Recorded: {@code sampler}, the mean of || phi ||^2; {@code gap}, the mean F of samples less that of data; {@code objective}, the
 * mean F of data less 1 - gamma times that of samples. None of them measures the fit. A gap that leaves {@link #gapLimit}
 * ends the training with an error that says which way it went.
 *
 * <p>Cost of a step: that of {@link AmortizedSvgd}, and F forwards and backwards at the batch and at as many samples as there
 * are particles.
 */
public final class SteinGan implements Objective {
    private static final double USUAL_LIMIT = 1e5;

    private final Generator sampler;
    private final AmortizedSvgd svgd;
    private final Hidden hidden;
    private final int particles;
    private final ModelStep step;

    /** How the model moves. */
    private record ModelStep(
            double discount, double margin, double decay, double limit, Updater updater, double whenAhead) {}

    /** Draws of h in place of the free energy; no posterior where that is known. */
    private record Hidden(Posterior posterior, int draws) {}

    private SteinGan(Generator sampler, AmortizedSvgd svgd, Hidden hidden, int particles, ModelStep step) {
        this.sampler = sampler;
        this.svgd = svgd;
        this.hidden = hidden;
        this.particles = particles;
        this.step = step;
    }

    /** Learns this sampler along: 100 particles, {@link SteinDirection#standard}, one step of it for each of the model. */
    public static SteinGan sampler(Generator sampler) {
        ModelStep plain = new ModelStep(0, Double.POSITIVE_INFINITY, 0, USUAL_LIMIT, null, 1);
        return new SteinGan(sampler, AmortizedSvgd.sampler(sampler), new Hidden(null, 0), 100, plain);
    }

    // ---------------------------------------------------------------- the sampler's step

    /** How many samples are drawn at a step, for the sampler and again for the model. */
    public SteinGan particles(int number) {
        return new SteinGan(sampler, svgd.particles(number), hidden, number, step);
    }

    /** With a kernel, in {@link SteinDirection#kernel}. */
    public SteinGan kernel(Kernel kernel) {
        return along(SteinDirection.kernel(kernel));
    }

    /** Along another direction: on features, without repulsion, or to the nearest neighbour as the published code has it. */
    public SteinGan along(SteinDirection direction) {
        return new SteinGan(sampler, svgd.along(direction), hidden, particles, step);
    }

    /** How many steps the sampler makes for each of the model; 1 unless said otherwise. */
    public SteinGan innerSteps(int number) {
        return new SteinGan(sampler, svgd.innerSteps(number), hidden, particles, step);
    }

    /**
     * For a model without a free energy: draws of h from a posterior q, in the score by {@link Vaes} and in dF/dtheta as
     *
     * <pre>dF/dtheta(v) = E_p(h|v)[ dE/dtheta(v, h) ],   estimated by the mean over h_l drawn from q(h | v)</pre>
     *
     * <p>unbiased where q is the model's own. It is fitted, if it asks for it, at data and samples together.
     *
     * @param draws of h for each row
     */
    public SteinGan posterior(Posterior q, int draws) {
        Vaes score = Vaes.particles(draws).posterior(q);
        return new SteinGan(sampler, svgd.using(score), new Hidden(q, draws), particles, step);
    }

    // ---------------------------------------------------------------- the model's step

    /**
     * gamma, by which samples count less than data; 0 unless said otherwise, which is maximum likelihood. A positive one keeps the
     * energy of samples from running away; then both draw the data's energy down, and the model is no longer fitted by
     * likelihood. Published: 0.7 for photographs.
     */
    public SteinGan discount(double gamma) {
        if (!(gamma >= 0 && gamma < 1)) {
            throw wrong("discount", "a number from 0 up to, not including, 1", gamma);
        }
        return with(new ModelStep(gamma, step.margin, step.decay, step.limit, step.updater, step.whenAhead));
    }

    /** Gives the model no gradient while its mean F of samples is this far above that of data, in nats. */
    public SteinGan margin(double nats) {
        return with(new ModelStep(
                step.discount, positive("margin", nats), step.decay, step.limit, step.updater, step.whenAhead));
    }

    /**
     * Adds half of this times the sum of squares of all weights, of model and sampler both: parameters of two axes or more.
     * Published: 1e-5.
     */
    public SteinGan weightDecay(double factor) {
        return with(new ModelStep(
                step.discount, step.margin, positive("weightDecay", factor), step.limit, step.updater, step.whenAhead));
    }

    /** The distance in nats, either way, between the mean F of samples and of data that ends a training; 1e5 unless said. */
    public SteinGan gapLimit(double nats) {
        return with(new ModelStep(
                step.discount, step.margin, step.decay, positive("gapLimit", nats), step.updater, step.whenAhead));
    }

    /** How the model moves, where it is another way than the sampler's, which is the training's. */
    public SteinGan movingModel(Updater how) {
        return with(new ModelStep(step.discount, step.margin, step.decay, step.limit, how, step.whenAhead));
    }

    /**
     * Multiplies the model's steps by a number whenever its mean F of samples is not below that of data: then it is ahead of the
     * sampler. Needs {@link #movingModel}.
     */
    public SteinGan slowedWhenAhead(double factor) {
        if (!(factor > 0 && factor <= 1)) {
            throw wrong("slowedWhenAhead", "a number above 0, and at most 1", factor);
        }
        return with(new ModelStep(step.discount, step.margin, step.decay, step.limit, step.updater, factor));
    }

    /** The model's rates as in the published code: Adam of 5e-4, of 1e-4 where it is ahead, betas 0.5 and 0.999. */
    public SteinGan publishedRates() {
        return movingModel(Adam.rate(5e-4).betas(0.5, 0.999)).slowedWhenAhead(0.2);
    }

    private SteinGan with(ModelStep other) {
        return new SteinGan(sampler, svgd, hidden, particles, other);
    }

    private static double positive(String adjective, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw wrong(adjective, "a positive number", value);
        }
        return value;
    }

    private static SettingException wrong(String adjective, String expected, Object was) {
        return new SettingException(Facts.that("SteinGan." + adjective + ": not possible")
                .expected(expected)
                .butWas(was));
    }

    // ---------------------------------------------------------------- the phases

    @Override
    public String name() {
        return "SteinGAN by " + svgd.name()
                + (step.discount > 0 ? ", discount " + step.discount : "")
                + (step.margin < Double.POSITIVE_INFINITY ? ", margin " + step.margin : "")
                + (step.decay > 0 ? ", weight decay " + step.decay : "")
                + (step.updater == null ? "" : ", model by " + step.updater)
                + (step.whenAhead < 1 ? " x " + step.whenAhead + " when ahead" : "")
                + (step.limit == USUAL_LIMIT ? "" : ", gap at most " + step.limit);
    }

    @Override
    public List<Parameters> parameters() {
        return svgd.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        requireEnergy(model);
        Phase moving = svgd.phases(model, data, batch).get(0);
        Expr x = Drawn.of(sampler, particles, model).rows();
        List<Phase> phases = new ArrayList<>(fits(model, batch, x));
        phases.add(new Phase(
                "sampler",
                moving.repeats(),
                sampler,
                decayed(moving.loss(), sampler),
                moving.value(),
                moving.updater()));
        phases.addAll(modelPhases(model, batch, x));
        return phases;
    }

    /** Of the posterior, at data and samples together. */
    private List<Phase> fits(EnergyModel model, Expr batch, Expr x) {
        return hidden.posterior == null
                ? List.of()
                : hidden.posterior.innerPhases(model, Expr.concat(0, List.of(batch, x)));
    }

    /** Looks at the gap, then moves the model: at the same samples, by the same energies. */
    private List<Phase> modelPhases(EnergyModel model, Expr batch, Expr x) {
        Expr real = energy(model, batch).mean();
        Expr drawn = energy(model, x).mean();
        Expr gap = drawn.minus(real).held();
        Expr objective = real.minus(drawn.times(1 - step.discount));
        EnergyGap watch = EnergyGap.start(step.limit);
        return List.of(
                watch.phase(gap).joinedToNext(),
                new Phase(
                        "objective",
                        1,
                        model,
                        decayed(objective.times(within(gap)), model),
                        objective.held(),
                        Optional.ofNullable(step.updater)
                                .map(how -> step.whenAhead < 1 ? watch.slowing(how, step.whenAhead) : how)));
    }

    /** F, or the mean energy at draws of h, which has the same gradient; [n]. */
    private Expr energy(EnergyModel model, Expr v) {
        if (hidden.posterior == null) {
            return model.freeEnergy(v);
        }
        Expr sum = hidden.posterior.particles(v, hidden.draws).stream()
                .map(h -> model.energy(v, h))
                .reduce(Expr::plus)
                .orElseThrow();
        return sum.over(hidden.draws);
    }

    /** One up to the margin, zero above. */
    private Expr within(Expr gap) {
        boolean none = step.margin == Double.POSITIVE_INFINITY;
        return none ? Expr.constant(1) : Expr.constant(step.margin).greater(gap).held();
    }

    /** Half of the decay times the sum of squares of weights on top. */
    private Expr decayed(Expr loss, Parametric<?> of) {
        if (!(step.decay > 0)) {
            return loss;
        }
        Expr sum = loss;
        Parameters all = of.parameters();
        for (String each : all.names()) {
            Expr weights = all.get(each);
            sum = weights.rank() < 2 ? sum : sum.plus(weights.square().sum().times(step.decay / 2));
        }
        return sum;
    }

    private void requireEnergy(EnergyModel model) {
        if (hidden.posterior == null && !model.hasFreeEnergy()) {
            throw new SettingException(Facts.that("SteinGan: the free energy of " + model.name() + " is not known")
                    .expected("a model with a free energy, or posterior(q, draws)")
                    .butWas(model));
        }
        if (step.whenAhead < 1 && step.updater == null) {
            throw wrong("slowedWhenAhead", "movingModel(...), whose steps it shortens", "the training's updater");
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
