package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Layer;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;

/**
 * Layers of units of any {@linkplain Layer kinds}, each given the one below: an inference network that goes up where a directed
 * model goes down,
 *
 * <pre>q(h | v) = q(h1 | v) q(h2 | h1) ... q(hL | hL-1),     code of layer i = encoder i of the layer below,
 * log q(h | v) = sum over layers of  log q(hi | its code),     hi . zi - softplus(zi) for Bernoulli units of log odds zi</pre>
 *
 * <p>Units of a layer are independent given the one below, but not given v. Bits and categories are drawn {@linkplain #hard hard}
 * unless said otherwise: exact and without derivative, for score-function objectives such as {@link Vimco}. {@link #relaxed} and
 * {@link #straightThrough} draws let a derivative pass and bias it: rivals to measure against. Gaussian layers are reparametrised
 * in every case. The first encoder sees each row of v once, however many draws are wanted.
 */
public final class LayeredPosterior implements Posterior {
    private static final String PREFIX = "layer";

    private final List<Layer> kinds;
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
            List<Layer> kinds,
            List<Network> encoders,
            Parameters parameters,
            Drawing drawing,
            double temperature,
            PosteriorFit fit) {
        this.kinds = List.copyOf(kinds);
        this.parameters = parameters;
        this.drawing = drawing;
        this.temperature = temperature;
        this.fit = fit;
        this.encoders = IntStream.range(0, encoders.size())
                .mapToObj(i -> encoders.get(i).with(parameters.part(prefix(i))))
                .toList();
    }

    static LayeredPosterior init(EnergyModel model, Network.Architecture encoder, Noise noise, List<Layer> kinds) {
        requireH(model, kinds);
        List<Network> encoders = new ArrayList<>();
        int below = model.visible();
        for (int i = 0; i < kinds.size(); i++) {
            encoders.add(encoder.init(below, kinds.get(i).numbers(), noise.split(prefix(i)))
                    .requireRowwise("Posteriors.layered"));
            below = kinds.get(i).units();
        }
        return of(kinds, encoders);
    }

    /** With hard draws and these encoders, whose parameters are taken over. */
    static LayeredPosterior of(List<Layer> kinds, List<Network> encoders) {
        Parameters.Builder all = Parameters.named("posterior");
        for (int i = 0; i < encoders.size(); i++) {
            all.all(prefix(i), encoders.get(i).parameters());
        }
        return new LayeredPosterior(kinds, encoders, all.build(), Drawing.HARD, 0, null);
    }

    private static void requireH(EnergyModel model, List<Layer> kinds) {
        if (kinds.isEmpty() || kinds.stream().mapToInt(Layer::units).sum() != model.hidden()) {
            throw new SettingException(Facts.that("Posteriors.layered: the layers do not make up h of " + model.name())
                    .expected("one or more layers of " + model.hidden() + " units together")
                    .butWas(kinds));
        }
        for (Layer each : kinds) {
            if (model.latents() != Latents.MIXED && each.kind() != model.latents()) {
                throw new SettingException(
                        Facts.that("Posteriors.layered: a layer is of another kind than h of " + model.name())
                                .expected(model.latents())
                                .butWas(each)
                                .hint("binary h: Layer.bernoulli(units); real h: Layer.gaussian(units)"));
            }
        }
    }

    private static String prefix(int layer) {
        return PREFIX + (layer + 1) + ".";
    }

    // ---------------------------------------------------------------- kinds of draws

    /** Bits and categories of 0 and 1, without derivative. */
    public LayeredPosterior hard() {
        return changed(Drawing.HARD, 0);
    }

    /**
     * Bits and categories relaxed at a temperature T (Gumbel-softmax; Jang et al., Maddison et al., 2017): bits sigmoid((z + log u -
     * log(1 - u)) / T), categories softmax((z - log(-log u)) / T). Differentiable, not 0 or 1, and log q is the formula of the exact
     * draws at the relaxed value. Biased.
     */
    public LayeredPosterior relaxed(double value) {
        if (!(value > 0)) {
            throw new SettingException(Facts.that("LayeredPosterior.relaxed: not a temperature")
                    .expected("a positive number, or hard()")
                    .butWas(value));
        }
        return changed(Drawing.RELAXED, value);
    }

    /** Bits and categories of 0 and 1 whose derivative is taken to be that of their probability (Bengio et al., 2013). Biased. */
    public LayeredPosterior straightThrough() {
        return changed(Drawing.STRAIGHT_THROUGH, 0);
    }

    private LayeredPosterior changed(Drawing kind, double value) {
        LayeredPosterior other = new LayeredPosterior(kinds, encoders, parameters, kind, value, null);
        return fit == null ? other : other.fittedBy(fit);
    }

    /** What draws are, as files have it. */
    String drawing() {
        return drawing.toString();
    }

    double temperature() {
        return temperature;
    }

    /** With draws as a file has them. */
    LayeredPosterior drawing(String text, double value) {
        return switch (Drawing.valueOf(text)) {
            case HARD -> hard();
            case RELAXED -> relaxed(value);
            case STRAIGHT_THROUGH -> straightThrough();
        };
    }

    private boolean isSmooth() {
        return kinds.stream().allMatch(Layer::hasSmoothDraws);
    }

    @Override
    public boolean hasExactDraws() {
        return drawing != Drawing.RELAXED || isSmooth();
    }

    @Override
    public boolean hasSmoothDraws() {
        return drawing != Drawing.HARD || isSmooth();
    }

    @Override
    public boolean hasPartlySmoothDraws() {
        return !hasSmoothDraws() && kinds.stream().anyMatch(Layer::hasSmoothDraws);
    }

    // ---------------------------------------------------------------- the distribution

    @Override
    public Particle sampleAndLogProb(Expr v) {
        return draws(v, 1);
    }

    @Override
    public Particle draws(Expr v, int number) {
        return chain().drawn(Stack.repeated(encoders.get(0).apply(v), number), this::drawn);
    }

    private Chain chain() {
        return new Chain(
                kinds,
                encoders.stream()
                        .skip(1)
                        .<Function<Expr, Expr>>map(each -> each::apply)
                        .toList());
    }

    private Expr drawn(Layer layer, Expr code) {
        if (layer.hasSmoothDraws()) {
            return layer.draw(code);
        }
        return switch (drawing) {
            case HARD -> layer.draw(code).held();
            case RELAXED -> layer.relaxed(code, temperature);
            case STRAIGHT_THROUGH -> layer.straightThrough(code);
        };
    }

    @Override
    public Expr logProb(Expr v, Expr h) {
        return logProbOfDraws(v, h);
    }

    @Override
    public Expr logProbOfDraws(Expr v, Expr h) {
        Expr first = Stack.repeated(encoders.get(0).apply(v), h.shape(0) / v.shape(0));
        return chain().logProb(first, h);
    }

    /** Units of each layer, the one next to v first. */
    public List<Integer> layers() {
        return kinds.stream().map(Layer::units).toList();
    }

    List<Layer> kinds() {
        return kinds;
    }

    List<Network> encoders() {
        return encoders;
    }

    @Override
    public String name() {
        boolean bits = kinds.stream().allMatch(each -> each.kind() == Latents.BINARY);
        String layers = "layered " + (bits ? "Bernoulli " + layers() : kinds.toString()).replaceAll("[\\[\\]]", "");
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
        return kinds.stream().mapToInt(Layer::units).sum();
    }

    @Override
    public Optional<PosteriorFit> fit() {
        return Optional.ofNullable(fit);
    }

    @Override
    public LayeredPosterior fittedBy(PosteriorFit how) {
        how.check(this);
        return new LayeredPosterior(kinds, encoders, parameters, drawing, temperature, how);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public LayeredPosterior with(Parameters values) {
        return new LayeredPosterior(kinds, encoders, values, drawing, temperature, fit);
    }

    @Override
    public String toString() {
        return name() + ", " + parameters.size() + " parameters" + (fit == null ? "" : ", fitted by " + fit);
    }
}
