package org.ebvlm.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ebvlm.errors.EbvlmException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The plan of a {@link GraphFunction}: its inputs, its parameters with how they start, and its expression. */
final class Blueprint {
    private final String owner;
    private final List<Argument> arguments = new ArrayList<>();
    private final List<Weight> weights = new ArrayList<>();
    private Function<SameDiff, SDVariable> body;

    /** An input and its width. */
    private record Argument(String name, int width) {}

    /** A parameter and how it starts. */
    private record Weight(String name, Start start, int[] shape) {}

    /** Adds a parameter with its first values. */
    @FunctionalInterface
    private interface Start {
        void add(Parameters.Builder values, String name, Noise noise, int[] shape);
    }

    Blueprint(String owner) {
        this.owner = owner;
    }

    Blueprint argument(String name, int width) {
        arguments.add(new Argument(name, width));
        return this;
    }

    /** A parameter that starts uniform from -bound to bound. */
    Blueprint weight(String name, double bound, int... shape) {
        return bound == 0
                ? filled(name, 0, shape)
                : starting(name, (values, its, noise, size) -> values.uniform(its, bound, noise, size), shape);
    }

    /** A parameter that starts at one value throughout. */
    Blueprint filled(String name, double value, int... shape) {
        return starting(name, (values, its, noise, size) -> values.filled(its, value, size), shape);
    }

    /** A parameter that starts normal. */
    Blueprint normal(String name, double std, int... shape) {
        return starting(name, (values, its, noise, size) -> values.normal(its, std, noise, size), shape);
    }

    private Blueprint starting(String name, Start start, int... shape) {
        weights.add(new Weight(name, start, shape.clone()));
        return this;
    }

    /** Weights [in, out] and bias [out] of a layer, both uniform within 1 / sqrt(in): PyTorch's rule. */
    Blueprint layer(String name, int in, int out) {
        double bound = 1 / Math.sqrt(in);
        return weight(name + ".W", bound, in, out).weight(name + ".b", bound, out);
    }

    /** Weights [size, size, in, out] of a convolution, and its bias [out]: uniform within 1 / sqrt(in size^2). */
    Blueprint convolution(String name, int size, int in, int out) {
        return filter(name, size, in, out).weight(name + ".b", 1 / Math.sqrt(in * size * size), out);
    }

    /** A convolution without a bias. */
    Blueprint filter(String name, int size, int in, int out) {
        return weight(name + ".W", 1 / Math.sqrt(in * size * size), size, size, in, out);
    }

    /** A number of units or channels, if it is one. */
    static int width(String what, int width) {
        if (width < 1) {
            throw new SettingException(
                    Facts.that(what + ": not a width").expected("1 or more").butWas(width));
        }
        return width;
    }

    /**
     * Refuses an energy sum of elu(A h + ...)^2 with too few outputs: elu is bounded below, so each output holds h back on one
     * side only, and random outputs hold it back on all sides if they are more than twice its units (Cover, 1965).
     */
    static void requireIntegrable(String model, int hidden, int outputs, String hint) {
        if (2 * hidden > outputs) {
            throw new SettingException(Facts.that(model + ": exp(-E) has no finite integral over h")
                    .expected("at most " + outputs / 2 + " hidden units for a last layer of " + outputs + " outputs")
                    .butWas(hidden)
                    .hint(hint));
        }
    }

    /** Applies a layer to [n, in]. */
    static SDVariable linear(SameDiff g, String name, SDVariable x) {
        return x.mmul(g.getVariable(name + ".W")).add(g.getVariable(name + ".b"));
    }

    Blueprint body(Function<SameDiff, SDVariable> expression) {
        body = expression;
        return this;
    }

    /** The function, with first values drawn from a source; each parameter's from a stream of its own. */
    GraphFunction init(Noise noise) {
        Parameters.Builder values = Parameters.named(owner);
        for (Weight weight : weights) {
            weight.start().add(values, weight.name(), noise.split(weight.name()), weight.shape());
        }
        Parameters parameters = values.build();
        SameDiff graph = SameDiff.create();
        for (Argument argument : arguments) {
            graph.placeHolder(argument.name(), DataType.FLOAT, -1, argument.width());
        }
        for (String name : parameters.names()) {
            graph.var(
                    name,
                    Nd4j.createFromArray(parameters.values(name)).reshape(GraphFunction.longs(parameters.shape(name))));
        }
        return new GraphFunction(graph, written(graph).name(), parameters);
    }

    /** The expression as it stands in the graph; what goes wrong in the writing of it is its author's to mend. */
    private SDVariable written(SameDiff graph) {
        SDVariable result;
        try {
            result = body.apply(graph);
        } catch (EbvlmException ours) {
            throw ours;
        } catch (RuntimeException theirs) {
            throw new GraphException(Facts.that("the expression of the " + owner + " could not be written")
                    .raisedBy(theirs)
                    .hint("SameDiff knows these variables: "
                            + String.join(", ", graph.variableMap().keySet())));
        }
        if (result == null) {
            throw new GraphException(Facts.that("the expression of the " + owner + " gave nothing back")
                    .expected("a variable of the graph")
                    .butWas("null"));
        }
        return result;
    }
}
