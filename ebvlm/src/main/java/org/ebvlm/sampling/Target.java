package org.ebvlm.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Parameters;
import org.ebvlm.program.Program;

/**
 * What is sampled: the logarithm of a density of real rows, known up to a constant.
 *
 * <pre>{@code
 * Target.visible(model)        // log p(v) = -F(v), by the free energy
 * Target.visible(model, h)     // log p(v | h), row i of h for chain i
 * Target.hidden(model, v)      // log p(h | v), row i of v for chain i; real h
 * Target.joint(model)          // log p(v, h) on rows [v, h]; real h
 * Target.missing(model, v, which)  // what is missing in row i of v for chain i
 * Target.density("banana", 2, x -> ...)
 * Target.density("banana", 2, x -> ...).along(x -> ...)   // moves that follow another field than the gradient
 * Target.field("flow", 2, x -> ...)                       // a score alone, for Langevin
 * }</pre>
 *
 * <p>The density must have a finite integral, which nothing checks, and a gradient almost everywhere. Values are computed
 * in single precision: where a log density reaches millions, differences between neighbours drown in rounding, and
 * samplers that compare them move in very small steps.
 */
public final class Target {
    private final String name;
    private final int width;
    private final int visible;
    private final Data given;
    private final LogDensity logDensity;
    private final Parameters parameters;
    /** What moves follow; null: the gradient of the log density. */
    private final UnaryOperator<Expr> field;

    /** log density of rows x where rows of a second argument are given, or none are: null. */
    private interface LogDensity {
        Expr at(Expr x, Expr given);
    }

    private Target(String name, int width, int visible, Data given, LogDensity logDensity, Parameters parameters) {
        this(name, width, visible, given, logDensity, parameters, null);
    }

    private Target(
            String name,
            int width,
            int visible,
            Data given,
            LogDensity logDensity,
            Parameters parameters,
            UnaryOperator<Expr> field) {
        this.name = name;
        this.width = width;
        this.visible = visible;
        this.given = given;
        this.logDensity = logDensity;
        this.parameters = parameters;
        this.field = field;
    }

    // ---------------------------------------------------------------- making

    /**
     * The model's distribution as gradients can reach it: of (v, h) for real h, of v alone where the sum over binary h is
     * known.
     *
     * @throws SettingException if h is binary and the free energy is not known
     */
    public static Target of(EnergyModel model) {
        return model.latents() == Latents.CONTINUOUS ? joint(model) : visible(model);
    }

    /**
     * The marginal of v: log p(v) = -F(v). Rows are [n, visible].
     *
     * @throws SettingException if v is binary or the free energy is not known
     */
    public static Target visible(EnergyModel model) {
        requireRealVisible("Target.visible", model);
        if (!model.hasFreeEnergy()) {
            throw new SettingException(
                    Facts.that("Target.visible: the free energy of " + model.name() + " is not known")
                            .expected("a free energy in closed form, or few binary units")
                            .butWas(model.hidden() + " " + model.latents() + " units")
                            .hint(
                                    model.latents() == Latents.CONTINUOUS
                                            ? "Target.joint(model) moves v and h together"
                                            : "sample with BlockGibbs, or hold h: Target.visible(model, h)"));
        }
        return new Target(
                model.name(),
                model.visible(),
                model.visible(),
                null,
                (v, none) -> model.freeEnergy(v).neg(),
                model.parameters());
    }

    /**
     * v given h: log p(v | h) = -E(v, h) up to a constant. Chain i has row i of h, beginning anew after the last, so the
     * number of chains must be a multiple of the rows.
     *
     * @param h [n, hidden]: binary or real, posterior means for example
     */
    public static Target visible(EnergyModel model, Data h) {
        requireRealVisible("Target.visible", model);
        requireWidth("Target.visible: h", model.hidden(), h);
        return new Target(
                "v given h of " + model.name(),
                model.visible(),
                model.visible(),
                h,
                model::logUnnormalised,
                model.parameters());
    }

    /**
     * Real h given v: log p(h | v) = -E(v, h) up to a constant. Chain i has row i of v, beginning anew after the last, so
     * the number of chains must be a multiple of the rows.
     *
     * @param v [n, visible]
     * @throws SettingException if h is binary
     */
    public static Target hidden(EnergyModel model, Data v) {
        requireReal("Target.hidden", model);
        requireWidth("Target.hidden: v", model.visible(), v);
        return new Target(
                "h given v of " + model.name(),
                model.hidden(),
                0,
                v,
                (h, rows) -> model.logUnnormalised(rows, h),
                model.parameters());
    }

    /**
     * v and real h together: log p(v, h) = -E(v, h). Rows are [n, visible + hidden], v first.
     *
     * @throws SettingException if h is binary
     */
    public static Target joint(EnergyModel model) {
        requireRealVisible("Target.joint", model);
        requireReal("Target.joint", model);
        int visible = model.visible();
        int hidden = model.hidden();
        return new Target(
                "(v, h) of " + model.name(),
                visible + hidden,
                visible,
                null,
                (x, none) -> model.logUnnormalised(x.slice(1, 0, visible), x.slice(1, visible, hidden)),
                model.parameters());
    }

    /**
     * The missing values of rows given the known ones: for real h log p(missing v, h | known v) on rows [missing, h], else
     * log p(missing v | known v) by the free energy. Chain i has row i, beginning anew after the last.
     *
     * @param v [n, visible]; what stands at missing values is not looked at
     * @param missing [visible], true where a value is missing
     * @throws SettingException if nothing is missing, v is binary, or binary h cannot be summed out
     */
    public static Target missing(EnergyModel model, Data v, boolean[] missing) {
        requireRealVisible("Target.missing", model);
        requireWidth("Target.missing: v", model.visible(), v);
        int[] places = places(missing, model.visible());
        boolean real = model.latents() == Latents.CONTINUOUS;
        if (!real) {
            visible(model);
        }
        int free = places.length;
        Expr spread = spread(places, model.visible());
        return new Target(
                "missing values of " + v.name(),
                free + (real ? model.hidden() : 0),
                free,
                known(v, missing),
                (x, known) -> {
                    Expr whole = known.plus(x.slice(1, 0, free).matmul(spread));
                    return real
                            ? model.logUnnormalised(whole, x.slice(1, free, model.hidden()))
                            : model.freeEnergy(whole).neg();
                },
                model.parameters());
    }

    private static int[] places(boolean[] missing, int width) {
        if (missing.length != width) {
            throw new ShapeException(Facts.that("Target.missing: not one truth value for each value of a row")
                    .expected(width)
                    .butWas(missing.length));
        }
        int[] places = IntStream.range(0, width).filter(j -> missing[j]).toArray();
        if (places.length == 0) {
            throw new SettingException(Facts.that("Target.missing: nothing is missing")
                    .expected("at least one true")
                    .butWas("none"));
        }
        return places;
    }

    /** [places, width]: row k puts the k-th missing value in its place. */
    private static Expr spread(int[] places, int width) {
        double[] spread = new double[places.length * width];
        for (int k = 0; k < places.length; k++) {
            spread[k * width + places[k]] = 1;
        }
        return Expr.constant(spread, places.length, width);
    }

    /** The rows with zeros at missing values. */
    private static Data known(Data v, boolean[] missing) {
        float[] known = v.values();
        for (int i = 0; i < known.length; i++) {
            known[i] = missing[i % missing.length] ? 0 : known[i];
        }
        return Data.of(v.name(), known, v.width());
    }

    /**
     * A density of one's own.
     *
     * @param name what reports call it
     * @param width of a row
     * @param logDensity from rows [n, width] to [n], in nats, up to a constant
     * @throws ShapeException if that is not its result's shape
     */
    public static Target density(String name, int width, UnaryOperator<Expr> logDensity) {
        // More rows than columns, so that a sum over the wrong axis shows.
        int[] shape = logDensity.apply(Expr.input("x", width + 1, width)).shape();
        if (!Arrays.equals(shape, new int[] {width + 1})) {
            throw new ShapeException(Facts.that("Target.density: " + name + " is not one number a row")
                    .expected("[n], here [" + (width + 1) + "]")
                    .butWas(Shapes.text(shape))
                    .hint("sum over the last axis: .sum(1)"));
        }
        return new Target(name, width, width, null, (x, none) -> logDensity.apply(x), Parameters.none());
    }

    /**
     * A score alone, of a density that nobody knows: enough for {@link Langevin}, which makes no test. {@link Mala} and {@link
     * Hmc} refuse it.
     *
     * @param name what reports call it
     * @param width of a row
     * @param score from rows [n, width] to [n, width], in nats a unit of the rows
     * @throws ShapeException if that is not its result's shape
     */
    public static Target field(String name, int width, UnaryOperator<Expr> score) {
        return new Target(name, width, width, null, null, Parameters.none(), checked("Target.field", width, score));
    }

    /**
     * The same density, with moves that follow another field than the gradient of its logarithm: one that was estimated, or
     * that costs less. {@link Mala} and {@link Hmc} accept by the density all the same, and so draw from it exactly, whatever
     * the field, since leaps along any function of the position conserve volume and can be reversed (Neal, 2011, section 5.2;
     * Strathmann et al., 2015); only the acceptance suffers where the field is wrong. {@link Langevin} makes no test and draws
     * from what belongs to the field.
     *
     * @param other from rows [n, width] to [n, width], in nats a unit of the rows
     * @throws ShapeException if that is not its result's shape
     */
    public Target along(UnaryOperator<Expr> other) {
        UnaryOperator<Expr> checked = checked("Target.along", width, other);
        return new Target(name, width, visible, given, logDensity, parameters, checked);
    }

    private static UnaryOperator<Expr> checked(String what, int width, UnaryOperator<Expr> field) {
        int[] expected = {width + 1, width};
        int[] shape = field.apply(Expr.input("x", expected)).shape();
        if (!Arrays.equals(shape, expected)) {
            throw new ShapeException(Facts.that(what + ": not one vector a row")
                    .expected("[n, " + width + "], here " + Shapes.text(expected))
                    .butWas(Shapes.text(shape)));
        }
        return field;
    }

    /** The same density, with values for the parameters that its expression reads. */
    public Target with(Parameters values) {
        return new Target(name, width, visible, given, logDensity, values, field);
    }

    private static void requireRealVisible(String what, EnergyModel model) {
        if (model.hasBinaryVisible()) {
            throw new SettingException(Facts.that(what + ": there is no gradient in binary v")
                    .expected("a model of real v")
                    .butWas(model)
                    .hint("sample with BlockGibbs"));
        }
    }

    private static void requireReal(String what, EnergyModel model) {
        if (model.latents() != Latents.CONTINUOUS) {
            throw new SettingException(Facts.that(what + ": there is no gradient in binary h")
                    .expected("a model with real h")
                    .butWas(model.hidden() + " binary units of " + model.name())
                    .hint("sample with BlockGibbs, or v alone by its free energy: Target.visible(model)"));
        }
    }

    private static void requireWidth(String what, int width, Data rows) {
        if (rows.width() != width) {
            throw new ShapeException(Facts.that(what + " has the wrong width")
                    .expected("[n, " + width + "]")
                    .butWas("[" + rows.rows() + ", " + rows.width() + "]"));
        }
    }

    // ---------------------------------------------------------------- looking

    /** What reports call it. */
    public String name() {
        return name;
    }

    /** Width of a row. */
    public int width() {
        return width;
    }

    /** How many columns, from the first, are v: all of them for a density of v, none for h given v. */
    public int visible() {
        return visible;
    }

    /**
     * The log density of rows, up to a constant.
     *
     * @param x [n, width]; where rows are given, n must be a multiple of their number
     * @return [n], in nats
     * @throws SettingException if only a score is known
     */
    public Expr logDensity(Expr x) {
        requireDensity();
        if (x.rank() != 2 || x.shape(1) != width) {
            throw new ShapeException(Facts.that("Target.logDensity: " + name + " is a density of other rows")
                    .expected("[n, " + width + "]")
                    .butWas(Shapes.text(x.shape())));
        }
        return logDensity.at(x, given == null ? null : givenTo(x.shape(0)));
    }

    private void requireDensity() {
        if (logDensity == null) {
            throw new SettingException(Facts.that("Target.logDensity: of " + name + " only a score is known")
                    .expected("a log density, by which to accept or reject")
                    .butWas("Target.field")
                    .hint("Langevin needs none; or Target.density(...).along(score)"));
        }
    }

    /** What moves follow: the gradient of the log density with respect to x, or the field given in its place; [n, width]. */
    public Expr score(Expr x) {
        Expr at = x.point();
        return field == null ? slope(at, logDensity(at)) : field.apply(at);
    }

    /** What moves follow at points whose log density is at hand. */
    Expr slope(Expr at, Expr logDensity) {
        return field == null ? Differentiation.gradient(logDensity, at) : field.apply(at);
    }

    /** Gives the parameters' values to a program. */
    public void give(Program program) {
        parameters.give(program);
    }

    /** A program of expressions in which the parameters' values never change, nor what depends on them alone. */
    Program program(List<Expr> outputs) {
        return new Fixed(outputs, parameters.leaf()).program(this);
    }

    /** How many different densities there are among the chains: one for each row that is given. */
    public int conditions() {
        return given == null ? 1 : given.rows();
    }

    private Expr givenTo(int chains) {
        requireMultiple(chains);
        double[] rows = new double[chains * given.width()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = given.at(i / given.width() % given.rows(), i % given.width());
        }
        return Expr.constant(rows, chains, given.width());
    }

    private void requireMultiple(int chains) {
        if (chains % given.rows() != 0) {
            throw new SettingException(Facts.that("Target: " + name + " has rows given that do not fit the chains")
                    .expected("a multiple of " + given.rows() + " chains, one or more for each row")
                    .butWas(chains)
                    .hint("take fewer rows: data.take(" + chains + ")"));
        }
    }

    @Override
    public String toString() {
        return name + ", width " + width + (given == null ? "" : ", " + given.rows() + " rows given");
    }
}
