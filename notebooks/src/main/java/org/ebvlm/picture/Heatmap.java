package org.ebvlm.picture;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import org.ebvlm.errors.Interruption;
import org.ebvlm.scoring.GramMatrix;

/**
 * A function on a rectangle as colours, dark for low and bright for high, with a scale beside it; points and arrows may
 * lie on top.
 *
 * <pre>{@code
 * Heatmap.of((x, y) -> -0.5 * (x * x + y * y)).over(-3, 3, -3, 3)
 *         .valued("log density").points(samples).arrows((x, y) -> new double[] {-x, -y}).picture();
 * }</pre>
 *
 * <p>The function is taken at the middle of every cell. Values that are not finite show in pink. One unit of x is as long
 * as one unit of y, unless one side is over three times the other; then the panel is square.
 *
 * <p>A value: each adjective returns a new heat map and leaves this one as it is.
 */
public final class Heatmap implements Drawing {
    private static final int CELLS = 200;
    private static final double MOST_ASPECT = 3;

    private final Field field;
    private Range x;
    private Range y;
    private Integer cells;
    private Range values;
    private String valueName;
    private Cloud points;
    private Field arrows;
    private Captions captions = Captions.NONE;

    private Heatmap(Field field) {
        this.field = field;
    }

    /** A function of one point at a time, called for 40 000 points unless {@linkplain #cells told otherwise}. */
    public static Heatmap of(DoubleBinaryOperator function) {
        return new Heatmap(Field.of(Checks.given("Heatmap.of", function)));
    }

    /** A Gram matrix, a cell for each pair of rows; row and column 0 are at the lower left. */
    public static Heatmap of(GramMatrix matrix) {
        int n = Checks.given("Heatmap.of", matrix).size();
        return of((x, y) -> matrix.at((int) y, (int) x))
                .over(0, n, 0, n)
                .cells(Math.max(2, n))
                .labelled("row", "row")
                .valued(matrix.name());
    }

    /**
     * A function of many points at a time, such as a model's free energy; called once for every line of cells.
     *
     * @param function takes points [n, 2], row-major, and returns their n values
     */
    public static Heatmap ofRows(UnaryOperator<float[]> function) {
        return new Heatmap(Field.ofRows("Heatmap.ofRows", 1, Checks.given("Heatmap.ofRows", function)));
    }

    /**
     * The rectangle. This one adjective is required.
     *
     * @throws org.ebvlm.errors.SettingException unless low ends are below high ends and all are finite
     */
    public Heatmap over(double xLow, double xHigh, double yLow, double yHigh) {
        return with(next -> {
            next.x = Checks.once("Heatmap.over", x, Range.of("Heatmap.over, x", xLow, xHigh));
            next.y = Checks.once("Heatmap.over", y, Range.of("Heatmap.over, y", yLow, yHigh));
        });
    }

    /** Cells along the longer side, 2 or more; 200 without it. */
    public Heatmap cells(int alongLongerSide) {
        return with(next ->
                next.cells = Checks.once("Heatmap.cells", cells, Checks.atLeast("Heatmap.cells", 2, alongLongerSide)));
    }

    /**
     * The values of the darkest and the brightest colour; values beyond take the nearer of the two. Without it, the
     * smallest and the largest finite value.
     *
     * @throws org.ebvlm.errors.SettingException unless low is below high and both are finite
     */
    public Heatmap range(double low, double high) {
        return with(next -> next.values = Checks.once("Heatmap.range", values, Range.of("Heatmap.range", low, high)));
    }

    /** What the values are, with their unit, written beside the scale. */
    public Heatmap valued(String name) {
        return with(next -> next.valueName = Checks.once("Heatmap.valued", valueName, name));
    }

    /**
     * Draws points on top, as white discs.
     *
     * @param rowMajor shape [n, 2] in one array; points outside the rectangle do not show
     * @throws org.ebvlm.errors.ShapeException if the array is empty or of odd length
     * @throws org.ebvlm.errors.DataException if no point is finite
     */
    public Heatmap points(float[] rowMajor) {
        return with(next ->
                next.points = Checks.once("Heatmap.points", points, new Cloud("Heatmap.points", "points", rowMajor)));
    }

    /**
     * Draws a vector field on top, as white arrows whose length grows as the square root of the vector's; vectors much
     * smaller than the largest, and vectors that are not finite, do not show.
     */
    public Heatmap arrows(VectorField function) {
        return with(next -> next.arrows =
                Checks.once("Heatmap.arrows", arrows, Field.of(Checks.given("Heatmap.arrows", function))));
    }

    /**
     * The same for a function of many points at a time, such as a model's score.
     *
     * @param function takes points [n, 2], row-major, and returns vectors [n, 2], row-major
     */
    public Heatmap arrowsOfRows(UnaryOperator<float[]> function) {
        Checks.given("Heatmap.arrowsOfRows", function);
        return with(next -> next.arrows =
                Checks.once("Heatmap.arrowsOfRows", arrows, Field.ofRows("Heatmap.arrowsOfRows", 2, function)));
    }

    /** Writes names at the axes; without it there are numbers only. */
    public Heatmap labelled(String xLabel, String yLabel) {
        return with(next -> next.captions = captions.labelled("Heatmap.labelled", xLabel, yLabel));
    }

    /** A title; without it there is none. */
    public Heatmap titled(String title) {
        return with(next -> next.captions = captions.titled("Heatmap.titled", title));
    }

    /**
     * {@inheritDoc}
     *
     * @throws org.ebvlm.errors.SettingException if the rectangle is not set
     * @throws org.ebvlm.errors.ShapeException if a function of rows returns another number of values
     * @throws org.ebvlm.errors.DataException if no value is finite
     */
    @Override
    public Picture picture() {
        Checks.set("Heatmap", x, "the rectangle", ".over(-3, 3, -3, 3)");
        Axes axes = axes();
        int columns = along(axes.box().width);
        int lines = along(axes.box().height);
        double[] levels = levels(columns, lines);
        Range range = values == null ? Range.around("Heatmap", levels) : values;
        BufferedImage colours = colours(levels, columns, range);
        Picture panel = axes.picture(pen -> content(pen, axes, colours));
        Picture bar = ColourBar.of(range, axes, valueName);
        return captions.over(Picture.inRow(0, List.of(panel, bar)).centredOn(axes.middle().x));
    }

    @Override
    public String toString() {
        return x == null
                ? "Heatmap, rectangle not set"
                : "Heatmap over [" + x.low() + ", " + x.high() + "] x [" + y.low() + ", " + y.high() + "]";
    }

    private Axes axes() {
        double aspect = x.width() / y.width();
        return aspect > MOST_ASPECT || aspect < 1 / MOST_ASPECT
                ? new Axes(x, y, Style.PANEL, Style.PANEL, captions)
                : Axes.equal(x, y, captions);
    }

    /** Cells along a side of so many pixels. */
    private int along(int pixels) {
        int most = cells == null ? CELLS : cells;
        return Math.max(1, (int) Math.round((double) most * pixels / Style.PANEL));
    }

    /** One line of cells at a time, so that a costly function never holds the whole lattice in memory. */
    private double[] levels(int columns, int lines) {
        double[] levels = new double[columns * lines];
        for (int line = 0; line < lines; line++) {
            Interruption.check("the drawing of a heat map");
            double[] some = field.at(Lattice.line(x, y, columns, lines, line));
            System.arraycopy(some, 0, levels, columns * line, columns);
        }
        return levels;
    }

    private static BufferedImage colours(double[] levels, int columns, Range range) {
        BufferedImage image = Style.blank(columns, levels.length / columns);
        for (int i = 0; i < levels.length; i++) {
            int rgb = !Double.isFinite(levels[i]) ? Style.MISSING.getRGB() : Viridis.rgb(range.fraction(levels[i]));
            image.setRGB(i % columns, i / columns, rgb);
        }
        return image;
    }

    private void content(Graphics2D pen, Axes axes, BufferedImage colours) {
        pen.drawImage(colours, axes.box().x, axes.box().y, axes.box().width, axes.box().height, null);
        if (arrows != null) {
            Arrows.draw(pen, axes, x, y, arrows);
        }
        if (points != null) {
            points.drawOnColours(pen, axes);
        }
    }

    private Heatmap with(Consumer<Heatmap> change) {
        Heatmap next = new Heatmap(field);
        next.x = x;
        next.y = y;
        next.cells = cells;
        next.values = values;
        next.valueName = valueName;
        next.points = points;
        next.arrows = arrows;
        next.captions = captions;
        change.accept(next);
        return next;
    }
}
