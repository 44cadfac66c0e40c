package org.ebvlm.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Clouds of points of the plane, one panel for each named set, or all in one panel. All panels share their ranges, and
 * one unit of x is as long as one unit of y, so that shapes may be compared by eye. Made for about a thousand to twenty
 * thousand points a set: the more there are, the smaller and fainter they are drawn.
 *
 * <pre>{@code
 * Scatter.of("data", moons).and("samples", drawn).titled("Moons").picture();
 * }</pre>
 *
 * <p>A value: each adjective returns a new scatter and leaves this one as it is.
 */
public final class Scatter implements Drawing {
    private static final double LEAST_ASPECT = 0.35;

    private final List<Cloud> clouds;
    private Captions captions = Captions.NONE;
    private Boolean overlaid;
    private Range x;
    private Range y;

    private Scatter(List<Cloud> clouds) {
        this.clouds = clouds;
    }

    private Scatter(Scatter other, List<Cloud> clouds) {
        this(clouds);
        captions = other.captions;
        overlaid = other.overlaid;
        x = other.x;
        y = other.y;
    }

    /**
     * A first set of points.
     *
     * @param name what the panel or the legend calls it
     * @param rowMajor shape [n, 2] in one array: x and y of the first point, of the second, ...; points with a
     *     coordinate that is not finite are left out and counted beside the name
     * @throws org.ebvlm.errors.ShapeException if the array is empty or of odd length
     * @throws org.ebvlm.errors.DataException if no point is finite
     */
    public static Scatter of(String name, float[] rowMajor) {
        return new Scatter(List.of(new Cloud("Scatter.of", name, rowMajor)));
    }

    /** Adds a set of points; see {@link #of}. */
    public Scatter and(String name, float[] rowMajor) {
        List<Cloud> more = new ArrayList<>(clouds);
        more.add(new Cloud("Scatter.and", name, rowMajor));
        return new Scatter(this, List.copyOf(more));
    }

    /** Draws all sets into one panel, later ones on top, with a legend; without it each set has its own panel. */
    public Scatter overlaid() {
        Scatter next = copy();
        next.overlaid = Checks.once("Scatter.overlaid", overlaid, true);
        return next;
    }

    /**
     * Shows this rectangle and cuts off what lies outside; without it, all finite points are inside. A side shorter than
     * about a third of the other is lengthened about its middle.
     *
     * @throws org.ebvlm.errors.SettingException unless low ends are below high ends and all are finite
     */
    public Scatter over(double xLow, double xHigh, double yLow, double yHigh) {
        Scatter next = copy();
        next.x = Checks.once("Scatter.over", x, Range.of("Scatter.over, x", xLow, xHigh));
        next.y = Checks.once("Scatter.over", y, Range.of("Scatter.over, y", yLow, yHigh));
        return next;
    }

    /** Writes names at the axes; without it there are numbers only. */
    public Scatter labelled(String xLabel, String yLabel) {
        Scatter next = copy();
        next.captions = captions.labelled("Scatter.labelled", xLabel, yLabel);
        return next;
    }

    /** A title over everything; without it there is none. */
    public Scatter titled(String title) {
        Scatter next = copy();
        next.captions = captions.titled("Scatter.titled", title);
        return next;
    }

    @Override
    public Picture picture() {
        Axes axes = axes();
        return captions.over(Boolean.TRUE.equals(overlaid) ? onePanel(axes) : panels(axes));
    }

    @Override
    public String toString() {
        return "Scatter of " + clouds.stream().map(Cloud::toString).collect(Collectors.joining(", "));
    }

    private Picture panels(Axes axes) {
        List<Picture> panels = IntStream.range(0, clouds.size())
                .mapToObj(i -> axes.picture(pen -> clouds.get(i).draw(pen, axes, Style.series(i)))
                        .titled(clouds.get(i).caption()))
                .toList();
        return panels.size() == 1 ? panels.get(0) : Picture.inRow(Style.GAP, panels);
    }

    private Picture onePanel(Axes axes) {
        Picture panel = axes.picture(pen -> {
            for (int i = 0; i < clouds.size(); i++) {
                clouds.get(i).draw(pen, axes, Style.series(i));
            }
        });
        return Legend.over(panel, clouds.stream().map(Cloud::caption).toList());
    }

    private Axes axes() {
        Range across = x == null ? around(0) : x;
        Range up = y == null ? around(1) : y;
        return Axes.equal(
                across.atLeast(LEAST_ASPECT * up.width()), up.atLeast(LEAST_ASPECT * across.width()), captions);
    }

    private Range around(int coordinate) {
        double[] values = clouds.stream()
                .flatMapToDouble(cloud -> DoubleStream.of(cloud.coordinates(coordinate)))
                .toArray();
        return Range.around("Scatter", values).padded(0.05);
    }

    private Scatter copy() {
        return new Scatter(this, clouds);
    }
}
