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
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * An energy-based model without hidden variables, p(v) = exp(-E(v)) / Z over real v: a SameDiff expression of v.
 *
 * <pre>{@code
 * var model = Energy.visible(2)
 *     .layer("in", 2, 64).weight("out", 64, 1)
 *     .energy((g, v) -> g.nn.softplus(v.mmul(g.getVariable("in.W")).add(g.getVariable("in.b")))
 *         .mmul(g.getVariable("out")).sum(1).add(g.math.square(v).sum(1).mul(0.5)))
 *     .init(seed(7));
 * }</pre>
 *
 * <p>The free energy is the energy and the score is exact, so whatever takes {@code ExactScore} takes this model; there is
 * no h, so no posterior and no variational estimate. exp(-E) must have a finite integral, which nothing checks.
 */
public final class Energy extends GraphModel {
    private static final String V = "v";

    private final String name;
    private final int visible;
    private final GraphFunction function;

    private Energy(String name, int visible, GraphFunction function) {
        this.name = name;
        this.visible = visible;
        this.function = function;
    }

    /** An energy as its author writes it: a SameDiff expression in v and the graph's variables. */
    @FunctionalInterface
    public interface Expression {
        /**
         * The energy of each row.
         *
         * @param graph holds the parameters: {@code graph.getVariable("W")}
         * @param v [n, visible]
         * @return [n]
         */
        SDVariable energy(SameDiff graph, SDVariable v);
    }

    // ---------------------------------------------------------------- building

    /** Starts an energy of v of this width. */
    public static Builder visible(int width) {
        return new Builder(width);
    }

    /** What an energy is made of; {@link #init} ends it. */
    public static final class Builder {
        private final int visible;
        private String name = "Energy";
        private Expression expression;
        private final Blueprint plan = new Blueprint("model");

        private Builder(int visible) {
            this.visible = Blueprint.width("Energy.visible", visible);
        }

        /** What reports call the model. */
        public Builder named(String text) {
            name = text;
            return this;
        }

        /** A parameter that starts uniform within 1 / sqrt(first size), the usual rule for a layer's weights. */
        public Builder weight(String weight, int... shape) {
            return uniform(weight, 1 / Math.sqrt(shape[0]), shape);
        }

        /** A parameter that starts uniform from -bound to bound. */
        public Builder uniform(String weight, double bound, int... shape) {
            if (weight.equals(V)) {
                throw new SettingException(Facts.that("Energy: a parameter cannot be called v")
                        .expected("another name than v, the energy's argument")
                        .butWas(weight));
            }
            plan.weight(weight, bound, shape);
            return this;
        }

        /** Weights {@code name.W} [in, out] and bias {@code name.b} [out], uniform within 1 / sqrt(in). */
        public Builder layer(String name, int in, int out) {
            plan.layer(name, in, out);
            return this;
        }

        /** A parameter that starts at zero. */
        public Builder zeros(String weight, int... shape) {
            return uniform(weight, 0, shape);
        }

        /** The energy itself. */
        public Builder energy(Expression energy) {
            expression = energy;
            return this;
        }

        /** The model, with first values of its parameters drawn from a source. */
        public Energy init(Noise noise) {
            if (expression == null) {
                throw new SettingException(Facts.that("Energy.init: the energy is not complete")
                        .expected("energy((g, v) -> ...)")
                        .butWas("no energy"));
            }
            GraphFunction function = plan.argument(V, visible)
                    .body(g -> expression.energy(g, g.getVariable(V)))
                    .init(noise);
            return checked(new Energy(name, visible, function));
        }
    }

    /**
     * A model from a SameDiff graph that is already there, one loaded from a file for example. The graph's variables
     * become the parameters.
     *
     * @param graph with a placeholder {@code v} of shape [-1, width]
     * @param energy name of the variable that holds the energy, [n]
     */
    public static Energy of(SameDiff graph, String energy) {
        return of("Energy", graph, energy);
    }

    static Energy of(String name, SameDiff graph, String energy) {
        GraphFunction function = GraphFunction.of("model", graph, energy);
        return checked(new Energy(name, function.width(V), function));
    }

    private static Energy checked(Energy model) {
        // More rows than columns, so that a sum over the wrong axis shows.
        int rows = model.visible + 1;
        int[] shape = model.freeEnergy(Expr.input(V, rows, model.visible)).shape();
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

    /** None. */
    @Override
    public int hidden() {
        return 0;
    }

    @Override
    public Latents latents() {
        return Latents.NONE;
    }

    @Override
    public Parameters parameters() {
        return function.parameters();
    }

    @Override
    public Energy with(Parameters values) {
        return new Energy(name, visible, function.with(values));
    }

    /** E(v); there is no h to look at. */
    @Override
    public Expr energy(Expr v, Expr h) {
        return freeEnergy(v);
    }

    @Override
    public boolean hasFreeEnergy() {
        return true;
    }

    /** E(v); [n]. */
    @Override
    public Expr freeEnergy(Expr v) {
        return function.apply(Map.of(V, v));
    }

    @Override
    void describe(Description folder) {
        folder.graph(function);
    }

    static Energy described(Description folder) {
        return of(folder.text("name"), folder.graph(), folder.output());
    }

    /** The energy as a function of its placeholder {@code v}. */
    public GraphFunction function() {
        return function;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: v %d, no h, %,d parameters",
                name,
                visible,
                parameters().size());
    }
}
