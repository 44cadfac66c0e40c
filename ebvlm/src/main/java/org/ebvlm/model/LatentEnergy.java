package org.ebvlm.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * An energy that anyone can write down: a SameDiff expression of v and h, and that is all a fit by variational estimates
 * needs.
 *
 * <pre>{@code
 * var model = LatentEnergy.visible(2).binary(3)
 *     .weight("W", 2, 3).zeros("c", 3)
 *     .energy((g, v, h) -> v.mul(v).sum(1).mul(0.5)
 *         .sub(v.mmul(g.getVariable("W")).add(g.getVariable("c")).mul(h).sum(1)))
 *     .init(seed(7));
 * }</pre>
 *
 * <p>The graph must be free of random operations. exp(-E) must have a finite integral, which nothing checks: an energy
 * that falls somewhere without bound has no distribution, and samplers will find out.
 */
public final class LatentEnergy extends GraphModel {
    private static final String V = "v";
    private static final String H = "h";

    private final String name;
    private final int visible;
    private final int hidden;
    private final Latents latents;
    private final GraphFunction function;
    private final Traits traits;

    /** What the author says of the energy, which nothing can check. */
    record Traits(boolean normalised, boolean binaryVisible) {
        static final Traits NONE = new Traits(false, false);
    }

    private LatentEnergy(String name, int visible, int hidden, Latents latents, GraphFunction function, Traits traits) {
        this.name = name;
        this.visible = visible;
        this.hidden = hidden;
        this.latents = latents;
        this.function = function;
        this.traits = traits;
    }

    // ---------------------------------------------------------------- building

    /** Starts an energy of v of this width. */
    public static Builder visible(int width) {
        return new Builder(width);
    }

    /** What an energy is made of; {@link #init} ends it. */
    public static final class Builder {
        private final int visible;
        private String name = "LatentEnergy";
        private int hidden;
        private Latents latents;
        private EnergyExpression expression;
        private Traits traits = Traits.NONE;
        private final Blueprint plan = new Blueprint("model");

        private Builder(int visible) {
            this.visible = Blueprint.width("LatentEnergy.visible", visible);
        }

        /** What reports call the model. */
        public Builder named(String text) {
            name = text;
            return this;
        }

        /** Binary h of this width. */
        public Builder binary(int width) {
            return latents(Latents.BINARY, width);
        }

        /** Real h of this width. */
        public Builder continuous(int width) {
            return latents(Latents.CONTINUOUS, width);
        }

        /**
         * h of units of several kinds, or of groups of which one unit is 1: whatever the {@link Layer}s of its posterior draw.
         */
        public Builder mixed(int width) {
            return latents(Latents.MIXED, width);
        }

        Builder latents(Latents kind, int width) {
            if (latents != null) {
                throw new SettingException(Facts.that("LatentEnergy: h is given twice")
                        .expected("binary(n), continuous(n) or mixed(n), once")
                        .butWas(hidden + " " + latents + ", then " + width + " " + kind));
            }
            latents = kind;
            hidden = Blueprint.width("LatentEnergy." + kind.toString().toLowerCase(Locale.ROOT), width);
            return this;
        }

        /**
         * Says that exp(-E(v, h)) is a density as it stands: E = -log p(v, h) of a directed model, written out whole, so that
         * log Z = 0. Then the objectives of directed models, such as {@code Vimco}, take it.
         */
        public Builder normalised() {
            traits = new Traits(true, traits.binaryVisible());
            return this;
        }

        /** Says that v is 0 or 1 in each unit. */
        public Builder binaryVisible() {
            traits = new Traits(traits.normalised(), true);
            return this;
        }

        /** A parameter that starts normal, with mean zero. */
        public Builder normal(String weight, double std, int... shape) {
            requireName(weight);
            plan.normal(weight, std, shape);
            return this;
        }

        /** A parameter that starts uniform within 1 / sqrt(first size), the usual rule for a layer's weights. */
        public Builder weight(String weight, int... shape) {
            return uniform(weight, 1 / Math.sqrt(shape[0]), shape);
        }

        /** A parameter that starts uniform from -bound to bound. */
        public Builder uniform(String weight, double bound, int... shape) {
            requireName(weight);
            plan.weight(weight, bound, shape);
            return this;
        }

        private static void requireName(String weight) {
            if (weight.equals(V) || weight.equals(H)) {
                throw new SettingException(Facts.that("LatentEnergy: a parameter cannot be called " + weight)
                        .expected("another name than v and h, the energy's arguments")
                        .butWas(weight));
            }
        }

        /** Weights {@code name.W} [in, out] and bias {@code name.b} [out], uniform within 1 / sqrt(in). */
        public Builder layer(String name, int in, int out) {
            plan.layer(name, in, out);
            return this;
        }

        /** Where layers of other kinds are added. */
        Blueprint plan() {
            return plan;
        }

        /** A parameter that starts at zero. */
        public Builder zeros(String weight, int... shape) {
            return uniform(weight, 0, shape);
        }

        /** The energy itself. */
        public Builder energy(EnergyExpression energy) {
            expression = energy;
            return this;
        }

        /** The model, with first values of its parameters drawn from a source. */
        public LatentEnergy init(Noise noise) {
            if (latents == null || expression == null) {
                throw new SettingException(Facts.that("LatentEnergy.init: the energy is not complete")
                        .expected("binary(n), continuous(n) or mixed(n), and energy(...)")
                        .butWas(latents == null ? "no h" : "no energy"));
            }
            GraphFunction function = plan.argument(V, visible)
                    .argument(H, hidden)
                    .body(g -> expression.energy(g, g.getVariable(V), g.getVariable(H)))
                    .init(noise);
            return checked(new LatentEnergy(name, visible, hidden, latents, function, traits));
        }
    }

    /**
     * A model from a SameDiff graph that is already there, one loaded from a file for example. The graph's variables
     * become the parameters.
     *
     * @param graph with placeholders {@code v} and {@code h} of shapes [-1, width]
     * @param energy name of the variable that holds the energy, [n]
     * @param latents what h is
     */
    public static LatentEnergy of(SameDiff graph, String energy, Latents latents) {
        return of("LatentEnergy", graph, energy, latents);
    }

    static LatentEnergy of(String name, SameDiff graph, String energy, Latents latents) {
        return of(name, graph, energy, latents, Traits.NONE);
    }

    static LatentEnergy of(String name, SameDiff graph, String energy, Latents latents, Traits traits) {
        if (latents == Latents.NONE) {
            throw new SettingException(Facts.that("LatentEnergy.of: there is no h")
                    .expected("binary or continuous h")
                    .butWas(latents)
                    .hint("Energy.of(graph, energy) takes an energy of v alone"));
        }
        GraphFunction function = GraphFunction.of("model", graph, energy);
        return checked(new LatentEnergy(name, function.width(V), function.width(H), latents, function, traits));
    }

    private static LatentEnergy checked(LatentEnergy model) {
        // More rows than any width, so that a sum over the wrong axis shows.
        int rows = model.visible + model.hidden + 1;
        int[] shape = model.energy(Expr.input(V, rows, model.visible), Expr.input(H, rows, model.hidden))
                .shape();
        if (!Arrays.equals(shape, new int[] {rows})) {
            throw new GraphException(Facts.that(model.name + ": the energy is not one number a row")
                    .expected("[n], here [" + rows + "]")
                    .butWas(Shapes.text(shape))
                    .hint("sum over the last axis: .sum(1)"));
        }
        return model;
    }

    // ---------------------------------------------------------------- the model

    @Override
    public String name() {
        return name;
    }

    @Override
    public int visible() {
        return visible;
    }

    @Override
    public int hidden() {
        return hidden;
    }

    @Override
    public Latents latents() {
        return latents;
    }

    @Override
    public Parameters parameters() {
        return function.parameters();
    }

    @Override
    public LatentEnergy with(Parameters values) {
        return new LatentEnergy(name, visible, hidden, latents, function.with(values), traits);
    }

    /** As its author said. */
    @Override
    public boolean isNormalised() {
        return traits.normalised();
    }

    /** As its author said. */
    @Override
    public boolean hasBinaryVisible() {
        return traits.binaryVisible();
    }

    @Override
    public Expr energy(Expr v, Expr h) {
        return function.apply(Map.of(V, v, H, h));
    }

    @Override
    void describe(Description folder) {
        folder.graph(function).add("binaryVisible", traits.binaryVisible());
    }

    static LatentEnergy described(Description folder) {
        return of(
                folder.text("name"),
                folder.graph(),
                folder.output(),
                Latents.valueOf(folder.text("latents")),
                new Traits(folder.isTrue("normalised"), folder.isTrue("binaryVisible")));
    }

    /** The energy as a function of its placeholders {@code v} and {@code h}. */
    public GraphFunction function() {
        return function;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: v %d, h %d %s, %,d parameters",
                name,
                visible,
                hidden,
                latents.toString().toLowerCase(Locale.ROOT),
                parameters().size());
    }
}
