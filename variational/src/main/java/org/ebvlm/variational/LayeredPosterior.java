package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;

/**
 * Layers of Bernoulli units, each given the one below: an inference network that goes up where a sigmoid belief network
 * goes down,
 *
 * <pre>q(h | v) = q(h1 | v) q(h2 | h1) ... q(hL | hL-1),     log odds zi = encoder i of the layer below,
 * log q(h | v) = sum over layers of  hi . zi - softplus(zi)</pre>
 *
 * <p>Units of a layer are independent given the one below, but not given v. Draws are {@linkplain #hard hard} unless said
 * otherwise: 1 where a uniform number is below sigmoid(z), exact and without derivative, for score-function objectives such
 * as {@link Vimco}. {@link #relaxed} and {@link #straightThrough} draws let a derivative pass and bias it: rivals to measure
 * against. The first encoder sees each row of v once, however many draws are wanted.
 */
public final class LayeredPosterior implements Posterior {
    private static final String PREFIX = "layer";

    private final List<Network> encoders;
    private final Parameters parameters;
    private final Drawing drawing;
    private final double temperature;
    private final PosteriorFit fit;

    /** What a draw is. */
    private enum Drawing {
        HARD,
        RELAXED,
        STRAIGHT_THROUGH
    }

    private LayeredPosterior(
            List<Network> encoders, Parameters parameters, Drawing drawing, double temperature, PosteriorFit fit) {
        this.parameters = parameters;
        this.drawing = drawing;
        this.temperature = temperature;
        this.fit = fit;
        this.encoders = IntStream.range(0, encoders.size())
                .mapToObj(i -> encoders.get(i).with(parameters.part(prefix(i))))
                .toList();
    }

    static LayeredPosterior init(EnergyModel model, Network.Architecture encoder, Noise noise, int... units) {
        if (units.length == 0
                || IntStream.of(units).anyMatch(u -> u < 1)
                || IntStream.of(units).sum() != model.hidden()) {
            throw new SettingException(Facts.that("Posteriors.layered: the layers do not make up h of " + model.name())
                    .expected("one or more layers of " + model.hidden() + " units together")
                    .butWas(Arrays.toString(units)));
        }
        List<Network> encoders = new ArrayList<>();
        Parameters.Builder all = Parameters.named("posterior");
        int below = model.visible();
        for (int i = 0; i < units.length; i++) {
            Network each = encoder.init(below, units[i], noise.split(prefix(i)));
            all.all(prefix(i), each.parameters());
            encoders.add(each);
            below = units[i];
        }
        return new LayeredPosterior(encoders, all.build(), Drawing.HARD, 0, null);
    }

    private static String prefix(int layer) {
        return PREFIX + (layer + 1) + ".";
    }

    // ---------------------------------------------------------------- kinds of draws

    /** Draws of 0 and 1, without derivative. */
    public LayeredPosterior hard() {
        return changed(Drawing.HARD, 0);
    }

    /**
     * Draws relaxed at a temperature T, sigmoid((z + log u - log(1 - u)) / T) (Gumbel-softmax; Jang et al., Maddison et al.,
     * 2017): differentiable, not 0 or 1, and log q is the Bernoulli formula at the relaxed value. Biased.
     */
    public LayeredPosterior relaxed(double value) {
        if (!(value > 0)) {
            throw new SettingException(Facts.that("LayeredPosterior.relaxed: not a temperature")
                    .expected("a positive number, or hard()")
                    .butWas(value));
        }
        return changed(Drawing.RELAXED, value);
    }

    /** Draws of 0 and 1 whose derivative is taken to be that of their probability (Bengio et al., 2013). Biased. */
    public LayeredPosterior straightThrough() {
        return changed(Drawing.STRAIGHT_THROUGH, 0);
    }

    private LayeredPosterior changed(Drawing kind, double value) {
        LayeredPosterior other = new LayeredPosterior(encoders, parameters, kind, value, null);
        return fit == null ? other : other.fittedBy(fit);
    }

    @Override
    public boolean hasExactDraws() {
        return drawing != Drawing.RELAXED;
    }

    @Override
    public boolean hasSmoothDraws() {
        return drawing != Drawing.HARD;
    }

    // ---------------------------------------------------------------- the distribution

    @Override
    public Particle sampleAndLogProb(Expr v) {
        return draws(v, 1);
    }

    @Override
    public Particle draws(Expr v, int number) {
        List<Expr> units = new ArrayList<>();
        Expr log = null;
        for (Network encoder : encoders) {
            Expr odds = units.isEmpty()
                    ? Stack.repeated(encoder.apply(v), number)
                    : encoder.apply(units.get(units.size() - 1));
            Expr drawn = drawn(odds);
            Expr mass = logMass(drawn, odds);
            log = log == null ? mass : log.plus(mass);
            units.add(drawn);
        }
        return new Particle(Expr.concat(1, units), log);
    }

    private Expr drawn(Expr odds) {
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", odds.shape());
        if (drawing == Drawing.RELAXED) {
            Expr logistic = u.over(u.neg().plus(1)).log();
            return odds.plus(logistic).over(temperature).sigmoid();
        }
        Expr p = odds.sigmoid();
        Expr bits = p.greater(u).held();
        return drawing == Drawing.HARD ? bits : bits.plus(p.minus(p.held()));
    }

    /** h . z - softplus(z). */
    private static Expr logMass(Expr h, Expr odds) {
        return h.times(odds).minus(odds.softplus()).sum(1);
    }

    @Override
    public Expr logProb(Expr v, Expr h) {
        return logProbOfDraws(v, h);
    }

    @Override
    public Expr logProbOfDraws(Expr v, Expr h) {
        Expr below = null;
        Expr log = null;
        int from = 0;
        for (Network encoder : encoders) {
            Expr odds =
                    below == null ? Stack.repeated(encoder.apply(v), h.shape(0) / v.shape(0)) : encoder.apply(below);
            Expr units = h.slice(1, from, encoder.out());
            Expr mass = logMass(units, odds);
            log = log == null ? mass : log.plus(mass);
            below = units;
            from += encoder.out();
        }
        return log;
    }

    /** Units of each layer, the one next to v first. */
    public List<Integer> layers() {
        return encoders.stream().map(Network::out).toList();
    }

    @Override
    public String name() {
        String layers = "layered Bernoulli " + layers().toString().replaceAll("[\\[\\]]", "");
        return switch (drawing) {
            case HARD -> layers;
            case RELAXED -> layers + " relaxed at " + temperature;
            case STRAIGHT_THROUGH -> layers + " straight through";
        };
    }

    @Override
    public int visible() {
        return encoders.get(0).in();
    }

    @Override
    public int hidden() {
        return encoders.stream().mapToInt(Network::out).sum();
    }

    @Override
    public Optional<PosteriorFit> fit() {
        return Optional.ofNullable(fit);
    }

    @Override
    public LayeredPosterior fittedBy(PosteriorFit how) {
        how.check(this);
        return new LayeredPosterior(encoders, parameters, drawing, temperature, how);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public LayeredPosterior with(Parameters values) {
        return new LayeredPosterior(encoders, values, drawing, temperature, fit);
    }

    @Override
    public String toString() {
        return name() + ", " + parameters.size() + " parameters" + (fit == null ? "" : ", fitted by " + fit);
    }
}
