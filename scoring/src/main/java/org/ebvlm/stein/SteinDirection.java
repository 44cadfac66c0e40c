package org.ebvlm.stein;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.scoring.Bandwidth;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;

/**
 * Where points x_1 ... x_n should move so that they come to look like draws of a density with score s (Liu and Wang, 2016,
 * algorithm 1):
 *
 * <pre>phi(x_i) = 1/n sum over j of  k(x_j, x_i) s(x_j) + grad_{x_j} k(x_j, x_i)</pre>
 *
 * <p>The first term pulls them up the log density, each by the scores of its neighbours; the second pushes neighbours
 * apart. For a radial kernel f(r^2), with K the matrix of f and P of f',
 *
 * <pre>phi = ( K S + 2 (P X - diag(P 1) X) ) / n</pre>
 *
 * <p>One point alone has phi = s. It is an expression, so it serves whoever moves points: {@link Svgd} moves them
 * themselves, {@link AmortizedSvgd} the sampler that makes them.
 *
 * <pre>{@code
 * Expr phi = SteinDirection.standard().at(x, model.score(x));
 * Expr loss = phi.times(x).sum().neg();         // phi is held: the gradient is -phi dx/dparameters
 * }</pre>
 *
 * <p>Bandwidth: that of the kernel. With a rule, {@code Rbf.bandwidth(Bandwidth.asInSvgd())} for example, it is taken from
 * the points anew each time, within the expression; the medians of {@link Bandwidth} are there. A rule of one's own that is
 * not an expression serves {@link Svgd} alone. If nearly all points coincide, the length is a thousandth of their root mean
 * squared distance at least.
 *
 * <p>Cost: n^2 times a few widths, and n^2 numbers of memory. Single precision is enough; points of more than eight columns
 * are taken about their mean first, where the kernel allows.
 */
public final class SteinDirection {
    private final Closeness closeness;
    private final Features features;
    private final Form form;
    private final double repulsion;

    /** What distances are between. */
    private record Features(String name, UnaryOperator<Expr> of, List<Parameters> parameters) {}

    /** How the terms are added up. */
    private enum Form {
        MEAN,
        WEIGHTED_MEAN,
        NEAREST
    }

    private SteinDirection(Closeness closeness, Features features, Form form, double repulsion) {
        this.closeness = closeness;
        this.features = features;
        this.form = form;
        this.repulsion = repulsion;
    }

    /** As in the programs of the method's authors: {@link Rbf} with the bandwidth {@link Bandwidth#asInSvgd}. */
    public static SteinDirection standard() {
        return kernel(Rbf.bandwidth(Bandwidth.asInSvgd()));
    }

    /**
     * With a kernel of the distance.
     *
     * @throws SettingException if it is a sum of kernels of which one waits for data
     */
    public static SteinDirection kernel(Kernel kernel) {
        return new SteinDirection(RadialCloseness.of(kernel), null, Form.MEAN, 1);
    }

    /**
     * With the kernel x . y + 1. It sees means and covariances alone: of a Gaussian target, n points, more than there are
     * columns, come to rest where their mean and their covariance (over n) are exactly the target's.
     */
    public static SteinDirection linearKernel() {
        return new SteinDirection(new LinearCloseness(), null, Form.MEAN, 1);
    }

    // ---------------------------------------------------------------- adjectives

    /**
     * Measures distances between features g(x), k(g(x), g(y)); what pushes x_i away from x_j is then J(x_j)' grad k, J the
     * derivative of g. For pictures, whose pixels say little about how alike they are.
     *
     * <p>Cost: n times that of the network's gradient, at n^2 rows: small networks and few points. {@link #nearestNeighbour}
     * needs one.
     */
    public SteinDirection features(Network network) {
        network.requireRowwise("SteinDirection.features");
        return features(network.toString(), network::apply, List.of(network.parameters()));
    }

    /**
     * Measures distances between features of which the parameters belong to somebody else: a model's own encoder, say.
     *
     * @param of from rows [n, d] to rows [n, q], each row by itself
     */
    public SteinDirection features(String name, UnaryOperator<Expr> of) {
        return features(name, of, List.of());
    }

    private SteinDirection features(String name, UnaryOperator<Expr> of, List<Parameters> parameters) {
        requireDistance("features");
        return new SteinDirection(closeness, new Features(name, of, parameters), form, repulsion);
    }

    /**
     * Weighs the push by a number, 1 unless said otherwise; 0 leaves it out. Then nothing keeps points apart, and they
     * gather where the density is highest: it shows what the push is for.
     */
    public SteinDirection repulsion(double weight) {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("SteinDirection.repulsion: not a weight")
                    .expected("zero or a positive number")
                    .butWas(weight));
        }
        return new SteinDirection(closeness, features, form, weight);
    }

    /**
     * Divides row i by the sum over j of k(x_j, x_i) in place of n, as the code for the Gaussian-Bernoulli machine of Wang
     * and Liu (2016) does: points far from all others then move as fast as those in the crowd. The points of rest are the
     * same.
     */
    public SteinDirection weightedMean() {
        return new SteinDirection(closeness, features, Form.WEIGHTED_MEAN, repulsion);
    }

    /**
     * As the code for pictures of Wang and Liu (2016) does: each point goes up its own score, and is pushed away from its
     * nearest neighbour alone, half as much:
     *
     * <pre>phi(x_i) = s(x_i) + 1/2 grad_{x_j} k(x_j, x_i),   j nearest to i</pre>
     *
     * <p>No Stein variational gradient: the score is not smoothed, and points of rest are others. It is cheap with {@link
     * #features}. Another weight than one half by {@link #repulsion} after this.
     */
    public SteinDirection nearestNeighbour() {
        requireDistance("nearestNeighbour");
        return new SteinDirection(closeness, features, Form.NEAREST, 0.5);
    }

    // ---------------------------------------------------------------- the expression

    /**
     * The direction of each point; held, so that nothing is differentiated through it.
     *
     * @param x the points, [n, d]
     * @param score of the target at each, [n, d]
     * @return [n, d]
     * @throws ShapeException if they do not fit each other
     * @throws SettingException if the kernel's rule for its bandwidth is not an expression
     */
    public Expr at(Expr x, Expr score) {
        requireRows(x, score);
        Expr points = x.held();
        Expr square = closeness.square(featuresOf(centred(points))).orElseThrow(this::noExpression);
        return at(x, score, square);
    }

    /**
     * The direction of points that each have a label, which stays: where they should move so that those of each label look like
     * draws of the density given that label. Points of unlike labels do not see each other,
     *
     * <pre>phi(x_i) = 1/n_i sum over j of label y_i of  k(x_j, x_i) s(x_j, y_j) + grad_{x_j} k(x_j, x_i)</pre>
     *
     * <p>n_i of them: the kernel is k(x, x') [y = y']. A kernel that did not look at labels would move all points at one place alike,
     * and so towards the density of x whatever its label. The kernel's length is taken from all points together; {@link
     * #weightedMean} divides by the row sum among the same label; the neighbour of {@link #nearestNeighbour} may have any label.
     *
     * @param x the points, [n, d]
     * @param score of the target at each, of x alone, [n, d]
     * @param labels one-hot, [n, labels]
     * @return [n, d], held
     * @throws ShapeException if they do not fit each other
     */
    public Expr withLabels(Expr x, Expr score, Expr labels) {
        requireRows(x, score);
        requireLabels(x, labels);
        Expr points = x.held();
        Expr square = closeness.square(featuresOf(centred(points))).orElseThrow(this::noExpression);
        if (form == Form.NEAREST) {
            return at(x, score, square);
        }
        Expr y = labels.held();
        return amongLike(centred(points), score, square, y.matmul(y, false, true))
                .held();
    }

    /** The same with a given squared length of the kernel, []. */
    Expr at(Expr x, Expr score, Expr square) {
        requireRows(x, score);
        Expr points = centred(x.held());
        return (form == Form.NEAREST ? nearest(points, score, square) : mean(points, score, square)).held();
    }

    private Expr mean(Expr x, Expr score, Expr square) {
        Expr sum = sum(x, x, score, square);
        if (form == Form.MEAN) {
            return sum.times(1.0 / x.shape(0));
        }
        return sum.over(weights(x, x, square));
    }

    /** The mean over those of the same label; alike is 1 where labels are the same, [n, n]. */
    private Expr amongLike(Expr x, Expr score, Expr square, Expr alike) {
        Closeness.Pairs pairs =
                closeness.pairs(featuresOf(x), featuresOf(x), square).times(alike);
        Expr count = form == Form.MEAN ? alike : pairs.kernel();
        return sum(pairs, x, score).over(count.sumKeep(1));
    }

    /** sum over j of k(x_j, x_i), [m, 1]; where they are what the sum is divided by. */
    Expr weights(Expr at, Expr from, Expr square) {
        return closeness
                .pairs(featuresOf(at), featuresOf(from), square)
                .kernel()
                .sumKeep(1);
    }

    /**
     * What one set of points does to another, not divided by anything: sums over parts of a set add up.
     *
     * @param at who is moved, [m, d]
     * @param from who moves them, [n, d]
     * @param score of those, [n, d]
     * @param square of the kernel's length, []
     */
    Expr sum(Expr at, Expr from, Expr score, Expr square) {
        return sum(closeness.pairs(featuresOf(at), featuresOf(from), square), from, score);
    }

    private Expr sum(Closeness.Pairs pairs, Expr from, Expr score) {
        if (features == null) {
            return pairs.sum(score, repulsion);
        }
        return pairs.kernel()
                .matmul(score)
                .plus(pulledBack(pairs.slopes(), from).times(repulsion));
    }

    /** sum over j of J(x_j)' c_ij: rows x_j once for each i, in one sweep. */
    private Expr pulledBack(Expr slopes, Expr from) {
        int m = slopes.shape(0);
        int n = slopes.shape(1);
        int d = from.shape(1);
        Expr rows = from.reshape(1, n, d).broadcastTo(m, n, d).reshape(m * n, d).point();
        Expr g = features.of.apply(rows);
        return Differentiation.vjp(g, slopes.reshape(m * n, slopes.shape(2)), List.of(rows))
                .get(0)
                .reshape(m, n, d)
                .sum(1);
    }

    /** s_i + weight J(x_j)' grad k(x_j, x_i), j nearest to i, the mean of them where several are. */
    private Expr nearest(Expr x, Expr score, Expr square) {
        if (x.shape(0) == 1) {
            return score;
        }
        Expr nearest = nearestOf(Distances.squares(featuresOf(x), featuresOf(x)));
        Expr rows = nearest.matmul(x).point();
        Expr u = featuresOf(x);
        Expr v = featuresOf(rows);
        Expr slope = ((RadialCloseness) closeness).slopeOf(u, v, square);
        Expr back = features == null
                ? slope
                : Differentiation.vjp(v, slope, List.of(rows)).get(0);
        return score.plus(back.times(repulsion));
    }

    /** 1 at the nearest other, [n, n]. */
    private static Expr nearestOf(Expr r2) {
        int n = r2.shape(0);
        double[] far = new double[n * n];
        for (int i = 0; i < n; i++) {
            far[i * n + i] = 1e30;
        }
        Expr others = r2.plus(Expr.constant(far, n, n)).neg();
        Expr marked = others.equalTo(others.maxOver(1).reshape(n, 1));
        return marked.over(marked.sumKeep(1));
    }

    private Expr featuresOf(Expr x) {
        return features == null ? x : features.of.apply(x);
    }

    /** About the mean where nothing depends on the origin, so that no digits are lost far from it. */
    private Expr centred(Expr x) {
        return seesDifferencesOnly() ? x.minus(x.mean(0)) : x;
    }

    // ---------------------------------------------------------------- for those who move points

    /** Whether moving all points by the same vector changes nothing but the scores. */
    boolean seesDifferencesOnly() {
        return features == null && closeness.seesDifferencesOnly();
    }

    /** Whether it needs all points at once. */
    boolean needsAllAtOnce() {
        return form == Form.NEAREST;
    }

    boolean isWeighted() {
        return form == Form.WEIGHTED_MEAN;
    }

    /** Whether the squared length is known to the expression. */
    boolean hasExpression(int points, int width) {
        return closeness.square(featuresOf(Expr.input("points", points, width))).isPresent();
    }

    /** The length's rule; empty if it is given. */
    Optional<Bandwidth> rule() {
        return closeness instanceof RadialCloseness radial ? radial.rule() : Optional.empty();
    }

    /** The length, where there is no rule for it. */
    double length() {
        return closeness instanceof RadialCloseness radial ? radial.length() : 1;
    }

    /** The features of points, if they are not the points themselves. */
    Optional<UnaryOperator<Expr>> features() {
        return Optional.ofNullable(features).map(Features::of);
    }

    /** Parameters that the features have. */
    List<Parameters> parameters() {
        return features == null ? List.of() : features.parameters;
    }

    // ---------------------------------------------------------------- checks

    private void requireDistance(String adjective) {
        if (!(closeness instanceof RadialCloseness)) {
            throw new SettingException(Facts.that("SteinDirection." + adjective + ": not with this kernel")
                    .expected("a kernel of the distance")
                    .butWas(closeness.name()));
        }
    }

    private static void requireRows(Expr x, Expr score) {
        if (x.rank() != 2 || !Shapes.text(x.shape()).equals(Shapes.text(score.shape()))) {
            throw new ShapeException(Facts.that("SteinDirection.at: points and scores do not fit")
                    .expected("both [n, d]")
                    .butWas("points " + Shapes.text(x.shape()) + ", scores " + Shapes.text(score.shape())));
        }
    }

    private static void requireLabels(Expr x, Expr labels) {
        if (labels.rank() != 2 || labels.shape(0) != x.shape(0)) {
            throw new ShapeException(Facts.that("SteinDirection.withLabels: points and labels do not fit")
                    .expected("[" + x.shape(0) + ", labels], one-hot")
                    .butWas(Shapes.text(labels.shape())));
        }
    }

    private SettingException noExpression() {
        return new SettingException(Facts.that("SteinDirection: the bandwidth "
                        + rule().orElseThrow().name() + " is not an expression for so many points")
                .expected("Bandwidth.asInSvgd(), median() of at most 500, medianOfAll(), or a length")
                .butWas(closeness.name()));
    }

    /** What reports call it. */
    public String name() {
        String text = closeness.name() + (features == null ? "" : " on features " + features.name);
        text += form == Form.NEAREST ? ", nearest neighbour" : form == Form.WEIGHTED_MEAN ? ", weighted mean" : "";
        return text + (repulsion == (form == Form.NEAREST ? 0.5 : 1) ? "" : ", repulsion x " + repulsion);
    }

    @Override
    public String toString() {
        return "Stein direction, " + name();
    }
}
