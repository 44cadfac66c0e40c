package org.ebvlm.picture;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/**
 * Named curves over a common x, such as a quantity over training steps, with standard errors and heights to compare
 * with.
 *
 * <pre>{@code
 * Curves.of("train", steps, train).and("test", steps, test, standardErrors)
 *         .reference("best possible", -1.42).labelled("step", "log-likelihood (nats)").picture();
 * }</pre>
 *
 * <p>A y that is not finite leaves a gap. A curve of at most 25 points shows them as dots; so does a point between two
 * gaps. A single curve has no legend: its name stands at the y axis unless that is labelled.
 *
 * <p>A value: each adjective returns a new drawing and leaves this one as it is.
 */
public final class Curves implements Drawing {
    private final List<Curve> curves;
    private List<Level> levels = List.of();
    private Boolean bars;
    private Boolean logX;
    private Boolean logY;
    private Range y;
    private Captions captions = Captions.NONE;

    private Curves(List<Curve> curves) {
        this.curves = curves;
    }

    /**
     * A first curve.
     *
     * @param name what the legend calls it
     * @param x n finite numbers, joined in the order given
     * @param y n numbers, at least one of them finite
     * @throws org.ebvlm.errors.ShapeException if there are no points, or the lengths differ
     * @throws org.ebvlm.errors.DataException if an x is not finite, or no y is
     */
    public static Curves of(String name, double[] x, double[] y) {
        return new Curves(List.of(new Curve("Curves.of", name, x, y, null)));
    }

    /**
     * A first curve with standard errors: the band around it, or the bars, reach from one below to one above.
     *
     * @param standardErrors n numbers in the unit of y, zero or more; NaN where unknown
     * @throws org.ebvlm.errors.DataException also if a standard error is negative
     */
    public static Curves of(String name, double[] x, double[] y, double[] standardErrors) {
        return new Curves(List.of(
                new Curve("Curves.of", name, x, y, Checks.given("Curves.of, standard errors", standardErrors))));
    }

    /** Adds a curve; see {@link #of(String, double[], double[])}. */
    public Curves and(String name, double[] x, double[] y) {
        return plus(new Curve("Curves.and", name, x, y, null));
    }

    /** Adds a curve with standard errors; see {@link #of(String, double[], double[], double[])}. */
    public Curves and(String name, double[] x, double[] y, double[] standardErrors) {
        return plus(new Curve("Curves.and", name, x, y, Checks.given("Curves.and, standard errors", standardErrors)));
    }

    /** Shows standard errors as bars, for few points far apart; without it, as a band. */
    public Curves bars() {
        return with(curves, next -> next.bars = Checks.once("Curves.bars", bars, true));
    }

    /** Makes the x axis logarithmic; drawing then refuses x of zero or less. */
    public Curves logX() {
        return with(curves, next -> next.logX = Checks.once("Curves.logX", logX, true));
    }

    /** Makes the y axis logarithmic; drawing then refuses y of zero or less. A band that reaches zero is cut off. */
    public Curves logY() {
        return with(curves, next -> next.logY = Checks.once("Curves.logY", logY, true));
    }

    /**
     * Shows these y and cuts off what lies beyond; without it, everything shows.
     *
     * @throws org.ebvlm.errors.SettingException unless low is below high and both are finite
     */
    public Curves range(double low, double high) {
        return with(curves, next -> next.y = Checks.once("Curves.range", y, Range.of("Curves.range", low, high)));
    }

    /** Adds a dashed horizontal line with its name above it; there may be several. */
    public Curves reference(String name, double value) {
        Checks.given("Curves.reference", name);
        List<Level> more = new ArrayList<>(levels);
        more.add(new Level(name, Checks.finite("Curves.reference, \"" + name + "\"", value)));
        return with(curves, next -> next.levels = List.copyOf(more));
    }

    /** Writes names at the axes, with their units. */
    public Curves labelled(String xLabel, String yLabel) {
        return with(curves, next -> next.captions = captions.labelled("Curves.labelled", xLabel, yLabel));
    }

    /** A title; without it there is none. */
    public Curves titled(String title) {
        return with(curves, next -> next.captions = captions.titled("Curves.titled", title));
    }

    /**
     * {@inheritDoc}
     *
     * @throws org.ebvlm.errors.DataException if a logarithmic axis meets zero or less
     */
    @Override
    public Picture picture() {
        refuseWhatLogarithmsCannotShow();
        XYChart chart = chart();
        BufferedImage page = Style.blank(chart.getWidth(), chart.getHeight());
        Graphics2D pen = Style.penOn(page);
        chart.paint(pen, chart.getWidth(), chart.getHeight());
        pen.dispose();
        Overlay overlay = new Overlay(chart, xRange(), yRange());
        overlay.draw(page, bars == null ? List.of() : curves, levels);
        Picture plot = new Picture(page, overlay.middle());
        return captions.over(curves.size() == 1 ? plot : Legend.over(plot, names()));
    }

    @Override
    public String toString() {
        return "Curves of " + names().stream().collect(Collectors.joining(", "));
    }

    private XYChart chart() {
        XYChart chart = ChartStyle.chart(xRange(), yRange(), logX != null, logY != null);
        chart.setXAxisTitle(captions.x() == null ? "" : captions.x());
        chart.setYAxisTitle(captions.y() == null ? nameOfOne() : captions.y());
        if (bars == null) {
            IntStream.range(0, curves.size()).forEach(i -> ChartStyle.addBand(chart, curves.get(i), i, yRange()));
        }
        IntStream.range(0, curves.size()).forEach(i -> ChartStyle.addLine(chart, curves.get(i), i));
        return chart;
    }

    private String nameOfOne() {
        return curves.size() == 1 ? curves.get(0).name : "";
    }

    private List<String> names() {
        return curves.stream().map(curve -> curve.name).toList();
    }

    private Range xRange() {
        double[] values = curves.stream()
                .flatMapToDouble(curve -> DoubleStream.of(curve.x))
                .toArray();
        return positive(logX, Range.around("Curves", values), values);
    }

    /** Around all that is to be seen: curves, their errors, and references. */
    private Range yRange() {
        if (y != null) {
            return y;
        }
        double[] values = DoubleStream.concat(
                        levels.stream().mapToDouble(Level::value),
                        curves.stream().flatMapToDouble(Curves::extent))
                .filter(value -> logY == null || value > 0)
                .toArray();
        return positive(logY, Range.around("Curves", values), values);
    }

    private static DoubleStream extent(Curve curve) {
        return IntStream.range(0, curve.y.length)
                .filter(curve::shows)
                .mapToDouble(i -> i)
                .flatMap(i -> DoubleStream.of(curve.below((int) i), curve.y[(int) i], curve.above((int) i)));
    }

    /** On a logarithmic axis a lone value sits between its half and its double. */
    private static Range positive(Boolean logarithmic, Range range, double[] values) {
        double largest = DoubleStream.of(values).filter(Double::isFinite).max().orElseThrow();
        return logarithmic == null || range.high() == largest ? range : new Range(largest / 2, largest * 2);
    }

    private void refuseWhatLogarithmsCannotShow() {
        for (Curve curve : curves) {
            if (logX != null) {
                Checks.allPositive("Curves.logX, x of \"" + curve.name + "\"", curve.x);
            }
            if (logY != null) {
                Checks.allPositive("Curves.logY, y of \"" + curve.name + "\"", curve.y);
            }
        }
        if (logY != null) {
            double[] heights = levels.stream().mapToDouble(Level::value).toArray();
            Checks.allPositive("Curves.logY, references", heights);
            Checks.allPositive("Curves.range", y == null ? new double[0] : new double[] {y.low()});
        }
    }

    private Curves plus(Curve curve) {
        List<Curve> more = new ArrayList<>(curves);
        more.add(curve);
        return with(List.copyOf(more), next -> {});
    }

    private Curves with(List<Curve> its, Consumer<Curves> change) {
        var next = new Curves(its);
        next.levels = levels;
        next.bars = bars;
        next.logX = logX;
        next.logY = logY;
        next.y = y;
        next.captions = captions;
        change.accept(next);
        return next;
    }
}
