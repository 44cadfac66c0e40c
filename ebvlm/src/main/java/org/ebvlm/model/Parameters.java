package org.ebvlm.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * The parameters of a model, posterior or critic: one flat vector with named views. Expressions are built on the views;
 * updates, clipping, averaging and checkpoints work on the vector.
 *
 * <p>Immutable. {@link #with(float[])} gives other values to the same views, so expressions and compiled programs serve
 * both.
 */
public final class Parameters {
    private final Map<String, int[]> shapes;
    private final Map<String, Integer> offsets;
    private final Expr leaf;
    private final float[] values;

    private Parameters(Map<String, int[]> shapes, Map<String, Integer> offsets, Expr leaf, float[] values) {
        this.shapes = shapes;
        this.offsets = offsets;
        this.leaf = leaf;
        this.values = values;
    }

    /** No parameters at all. */
    public static Parameters none() {
        return named("none").build();
    }

    /** Starts a list of parameters; the owner's name appears in errors. */
    public static Builder named(String owner) {
        return new Builder(owner);
    }

    /** Collects named parameters with their first values. */
    public static final class Builder {
        private final String owner;
        private final Map<String, int[]> shapes = new LinkedHashMap<>();
        private final List<float[]> parts = new ArrayList<>();

        private Builder(String owner) {
            this.owner = owner;
        }

        /** Adds a parameter with given values, row-major. */
        public Builder add(String name, float[] values, int... shape) {
            if (values.length != Shapes.size(shape)) {
                throw new ShapeException(Facts.that(owner + ": parameter " + name + " has the wrong number of values")
                        .expected(Shapes.size(shape) + ", shape " + Shapes.text(shape))
                        .butWas(values.length));
            }
            if (shapes.put(name, shape.clone()) != null) {
                throw new ShapeException(Facts.that(owner + ": there are two parameters named " + name)
                        .expected("each name once")
                        .butWas(shapes.keySet()));
            }
            parts.add(values.clone());
            return this;
        }

        /** Adds a parameter of one value throughout. */
        public Builder filled(String name, double value, int... shape) {
            float[] values = new float[Shapes.size(shape)];
            Arrays.fill(values, (float) value);
            return add(name, values, shape);
        }

        /** Adds a parameter drawn uniformly from -bound to bound. */
        public Builder uniform(String name, double bound, Noise noise, int... shape) {
            float[] values = new float[Shapes.size(shape)];
            noise.uniform(values, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (bound * (2 * values[i] - 1));
            }
            return add(name, values, shape);
        }

        /** Adds a parameter drawn from a normal distribution of mean zero. */
        public Builder normal(String name, double std, Noise noise, int... shape) {
            float[] values = new float[Shapes.size(shape)];
            noise.normal(values, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (std * values[i]);
            }
            return add(name, values, shape);
        }

        /** Adds all parameters of something else, their names after a prefix: {@link Parameters#part} is the way back. */
        public Builder all(String prefix, Parameters others) {
            others.names().forEach(each -> add(prefix + each, others.values(each), others.shape(each)));
            return this;
        }

        /** The parameters added so far. */
        public Parameters build() {
            Map<String, Integer> offsets = new LinkedHashMap<>();
            int size = 0;
            for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
                offsets.put(entry.getKey(), size);
                size += Shapes.size(entry.getValue());
            }
            float[] all = new float[size];
            int at = 0;
            for (float[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return new Parameters(shapes, offsets, Expr.input(owner + " parameters", size), all);
        }
    }

    /** The input of programs that takes the vector's values. Build on {@link #get} or {@link #vector}, not on this. */
    public Expr leaf() {
        return leaf;
    }

    /** The whole vector as an expression: for a penalty on all parameters. */
    public Expr vector() {
        return Expr.concat(
                0, names().stream().map(this::get).map(p -> p.reshape(p.size())).toList());
    }

    /** A parameter as an expression of its shape. */
    public Expr get(String name) {
        requireName(name);
        int size = Shapes.size(shapes.get(name));
        return leaf.slice(0, offsets.get(name), size).reshape(shapes.get(name)).point();
    }

    /** A parameter's values, row-major; a copy. */
    public float[] values(String name) {
        requireName(name);
        int offset = offsets.get(name);
        return Arrays.copyOfRange(values, offset, offset + Shapes.size(shapes.get(name)));
    }

    private void requireName(String name) {
        if (!shapes.containsKey(name)) {
            throw new ShapeException(Facts.that("there is no parameter named " + name)
                    .expected(names())
                    .butWas(name));
        }
    }

    /**
     * The views whose names begin so, under their names without the prefix: to build the expressions of a part on, as in
     * {@code network.with(all.part("encoder."))}. Values are taken, moved and saved as a whole, not by part.
     */
    public Parameters part(String prefix) {
        Map<String, String> some = new LinkedHashMap<>();
        names().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> some.put(name.substring(prefix.length()), name));
        return views(some);
    }

    /**
     * Views under other names, of which two parts may share some: a decoder that uses the encoder's weights. As with {@link #part},
     * values are taken, moved and saved as a whole.
     *
     * @param names of the views here, by what they are called there
     */
    public Parameters views(Map<String, String> names) {
        Map<String, int[]> some = new LinkedHashMap<>();
        Map<String, Integer> places = new LinkedHashMap<>();
        names.forEach((there, here) -> {
            requireName(here);
            some.put(there, shapes.get(here));
            places.put(there, offsets.get(here));
        });
        return new Parameters(some, places, leaf, values);
    }

    /** All values as one vector; a copy. */
    public float[] values() {
        return values.clone();
    }

    /** Names in the order of the vector. */
    public List<String> names() {
        return List.copyOf(shapes.keySet());
    }

    /** A parameter's shape. */
    public int[] shape(String name) {
        requireName(name);
        return shapes.get(name).clone();
    }

    /** Number of values in all. */
    public int size() {
        return values.length;
    }

    /** The same parameters with other values, as one vector. */
    public Parameters with(float[] other) {
        if (other.length != values.length) {
            throw new ShapeException(Facts.that("parameters: wrong number of values")
                    .expected(values.length)
                    .butWas(other.length));
        }
        return new Parameters(shapes, offsets, leaf, other.clone());
    }

    /** The same parameters with other values for one of them. */
    public Parameters with(String name, float[] other) {
        requireName(name);
        float[] all = values.clone();
        if (other.length != Shapes.size(shapes.get(name))) {
            throw new ShapeException(Facts.that("parameter " + name + ": wrong number of values")
                    .expected(Shapes.size(shapes.get(name)) + ", shape " + Shapes.text(shapes.get(name)))
                    .butWas(other.length));
        }
        System.arraycopy(other, 0, all, offsets.get(name), other.length);
        return with(all);
    }

    /** The gradient of a scalar, which is built on the views, with respect to the whole vector. */
    public Expr gradient(Expr loss) {
        List<Expr> views = names().stream().map(this::get).toList();
        requireViews(loss, views);
        List<Expr> parts = Differentiation.gradient(loss, views);
        return Expr.concat(0, parts.stream().map(g -> g.reshape(g.size())).toList());
    }

    /** Refuses a loss that reads the vector past its views: their gradients would be missing. */
    private void requireViews(Expr loss, List<Expr> views) {
        Set<Expr> known = new HashSet<>(Expr.sorted(views));
        for (Expr node : Expr.sorted(List.of(loss))) {
            if (!known.contains(node)
                    && node.inputs().stream().anyMatch(known::contains)
                    && !views.containsAll(
                            node.inputs().stream().filter(known::contains).toList())) {
                throw new GraphException(Facts.that("a loss reads the vector of " + leaf + " past its views")
                        .expected("expressions of get(name) or vector()")
                        .butWas(node + " of leaf()"));
            }
        }
    }

    /** Gives these values to a program. */
    public void give(Program program) {
        program.set(leaf, values);
    }

    /** The parameter that a place in the vector belongs to, for error messages. */
    public String nameAt(int position) {
        String last = "none";
        for (Map.Entry<String, Integer> entry : offsets.entrySet()) {
            last = entry.getValue() <= position ? entry.getKey() : last;
        }
        return last;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Parameters[" + size());
        shapes.forEach(
                (name, shape) -> text.append(", ").append(name).append(' ').append(Shapes.text(shape)));
        return text.append(']').toString();
    }
}
