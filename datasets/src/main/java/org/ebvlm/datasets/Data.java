package org.ebvlm.datasets;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/**
 * A matrix of finite numbers, one observation a row, that never changes: every adjective gives new data and notes the
 * step in their {@linkplain #provenance() provenance}.
 *
 * <pre>{@code
 * var faces = Datasets.freyFaces(path).standardized().split(0.9, Noise.seed(7));
 * }</pre>
 *
 * <p>Values are 32-bit floats, row-major. Besides them, data may know the {@linkplain #grid() image shape} of a row, the
 * {@linkplain #columns() names} of its columns, the {@linkplain #density() density} the rows were drawn from, and the
 * {@linkplain #scaling() scaling} from the values they began with. Rows are counted from 0. Instances may be shared
 * between threads.
 */
public final class Data {
    private final float[] values;
    private final About about;
    private volatile String sha256;

    /** Takes the array over: the caller must not keep it. */
    Data(float[] values, About about) {
        this.values = values;
        this.about = about;
        DataChecks.finiteMatrix(values, about);
    }

    /**
     * Data of these rows, copied.
     *
     * @param rows [n, width]
     * @throws DataException if there are none, they differ in length, or a value is infinite or not a number
     */
    public static Data of(float[][] rows) {
        DataChecks.rectangular(rows);
        int width = rows[0].length;
        float[] values = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * width, width);
        }
        return new Data(values, About.of("array", width));
    }

    /**
     * Data of these rows, copied.
     *
     * @param array [n, width], of any numeric type
     * @throws ShapeException if the array is not of rank 2
     * @throws DataException if it is empty, or a value is infinite or not a number
     */
    public static Data of(INDArray array) {
        if (array.rank() != 2 || array.isEmpty()) {
            throw new ShapeException(Facts.that("Data.of: the array is not a matrix")
                    .expected("rank 2, [n, width], not empty")
                    .butWas("rank " + array.rank() + ", " + Arrays.toString(array.shape()))
                    .hint("array.reshape(n, -1) lays each example in one row"));
        }
        float[] values = array.castTo(DataType.FLOAT).dup('c').data().asFloat();
        return new Data(values, About.of("array", Math.toIntExact(array.size(1))));
    }

    /**
     * Data of a table whose columns are all numeric, named after it and its columns.
     *
     * @throws DataException if a column is not numeric, or a value is missing
     */
    public static Data of(Table table) {
        DataChecks.numeric(table);
        int width = table.columnCount();
        float[] values = new float[Math.multiplyExact(table.rowCount(), width)];
        for (int j = 0; j < width; j++) {
            NumericColumn<?> column = (NumericColumn<?>) table.column(j);
            for (int i = 0; i < table.rowCount(); i++) {
                values[i * width + j] = (float) column.getDouble(i);
            }
        }
        String name = table.name() == null ? "table" : table.name();
        return new Data(values, About.of(name, width).columns(table.columnNames()));
    }

    /**
     * Data of values laid row after row, copied.
     *
     * @param name what to call them
     * @param values n x width numbers
     * @throws DataException if there are none, they do not fill whole rows, or one is infinite or not a number
     */
    public static Data of(String name, float[] values, int width) {
        return new Data(values.clone(), About.of(name, width));
    }

    /** The number of observations. */
    public int rows() {
        return values.length / width();
    }

    /** The number of values an observation. */
    public int width() {
        return about.width();
    }

    /** What these data are called. */
    public String name() {
        return about.name();
    }

    /** The value at a row and a column. */
    public float at(int row, int column) {
        return values[Objects.checkIndex(row, rows()) * width() + Objects.checkIndex(column, width())];
    }

    /** A copy of a row. */
    public float[] row(int row) {
        float[] out = new float[width()];
        copyRow(row, out, 0);
        return out;
    }

    /** Copies a row to {@code out}, from {@code offset} on. */
    public void copyRow(int row, float[] out, int offset) {
        System.arraycopy(values, Objects.checkIndex(row, rows()) * width(), out, offset, width());
    }

    /**
     * Copies rows, one after the other, to the beginning of {@code out}.
     *
     * @param rows which rows, in which order; a row may come twice
     * @param out at least {@code rows.length * width()} long
     */
    public void gather(int[] rows, float[] out) {
        for (int i = 0; i < rows.length; i++) {
            copyRow(rows[i], out, i * width());
        }
    }

    /** A copy of all values, row after row. */
    public float[] values() {
        return values.clone();
    }

    /** A copy as an ND4J matrix, [rows, width], of floats. */
    public INDArray toArray() {
        return Nd4j.create(values, new long[] {rows(), width()}, 'c');
    }

    /** A copy as a table, one column of floats for each of ours. */
    public Table toTable() {
        Table table = Table.create(name());
        for (int j = 0; j < width(); j++) {
            float[] column = new float[rows()];
            for (int i = 0; i < rows(); i++) {
                column[i] = at(i, j);
            }
            table.addColumns(FloatColumn.create(columnName(j), column));
        }
        return table;
    }

    /** Where these data came from. Hashes all values on the first call: about a second a gigabyte. */
    public Provenance provenance() {
        if (sha256 == null) {
            sha256 = Sha256.of(values, width());
        }
        return new Provenance(name(), sha256, about.steps());
    }

    /** The image shape of a row, where rows are images. */
    public Optional<Grid> grid() {
        return about.grid();
    }

    /** The names of the columns; empty if they have none. */
    public List<String> columns() {
        return about.columns();
    }

    /** The density that the rows were drawn from, where it is known exactly. */
    public Optional<Density> density() {
        return about.density();
    }

    /**
     * The scaling from the values that these data began with to the present ones, where they were scaled. It begins anew
     * after a step that is not affine.
     */
    public Optional<Scaling> scaling() {
        return about.scaling();
    }

    /** The same data under another name. */
    public Data named(String name) {
        return new Data(values, about.named(name));
    }

    /**
     * The same data, rows being images of this shape.
     *
     * @throws ShapeException if an image has another size than a row
     */
    public Data onGrid(Grid grid) {
        Require.width("Data.onGrid: a grid of " + grid, width(), grid.size());
        return new Data(values, about.on(grid));
    }

    /**
     * The same data with names for all columns.
     *
     * @throws ShapeException if there are more or fewer names than columns
     */
    public Data withColumns(List<String> names) {
        Require.width("Data.withColumns: the list of names", width(), names.size());
        return new Data(values, about.columns(names));
    }

    /**
     * The same data, known to be drawn from this density.
     *
     * @throws ShapeException if the density has another width
     */
    public Data drawnFrom(Density density) {
        Require.width("Data.drawnFrom: density " + density.name(), width(), density.width());
        return new Data(values, about.drawnFrom(density));
    }

    /**
     * The first n rows.
     *
     * @throws SettingException if there are fewer, or n is below 1
     */
    public Data take(int n) {
        checkRange("Data.take", 0, n);
        return range(0, n, "first " + n + " rows");
    }

    /**
     * Rows {@code from} to {@code to}, the latter not included.
     *
     * @throws SettingException if the range is empty or reaches beyond the data
     */
    public Data rows(int from, int to) {
        checkRange("Data.rows", from, to);
        return range(from, to, "rows " + from + " to " + (to - 1));
    }

    /**
     * These rows in this order; a row may come twice.
     *
     * @throws SettingException if a row does not exist, or none is asked for
     */
    public Data select(int[] rows) {
        for (int row : rows) {
            checkRange("Data.select", row, row + 1);
        }
        Require.atLeast(1, "Data.select: the number of rows", rows.length);
        return picked(rows, rows.length + " rows selected");
    }

    /** All rows in random order. */
    public Data shuffled(Noise noise) {
        String step = "shuffled, " + label(noise);
        return picked(noise.permutation(rows()), step);
    }

    /**
     * Every column shifted and scaled to mean 0 and standard deviation 1. {@link #scaling()} undoes it.
     *
     * @throws DataException if a column is constant
     */
    public Data standardized() {
        return rescaled(Scaling.standardizing(this), "standardized");
    }

    /**
     * All values shifted and scaled alike, so that the least becomes {@code low} and the greatest {@code high}. One scale for
     * all columns: images keep their contrasts.
     *
     * @throws DataException if all values are equal
     * @throws SettingException unless low is below high
     */
    public Data scaled(double low, double high) {
        Require.positive("Data.scaled: high - low", high - low);
        float least = Values.least(values);
        float greatest = Values.greatest(values);
        if (least == greatest) {
            throw new DataException(Facts.that("Data.scaled: all values of " + name() + " are equal")
                    .expected("at least two different values")
                    .butWas(least));
        }
        return rescaled(
                Scaling.ofRange(width(), least, greatest, low, high),
                String.format(Locale.ROOT, "scaled to [%s, %s]", low, high));
    }

    /** All values scaled alike to [0, 1]: {@code scaled(0, 1)}. */
    public Data normalized() {
        return scaled(0, 1);
    }

    Data rescaled(Scaling scaling, String step) {
        Require.width("Scaling.apply: data " + name(), scaling.width(), width());
        return new Data(Values.rescaled(values, scaling), about.rescaled(scaling, step));
    }

    /**
     * The columns that hold at least two different values. Image shape and density are lost where a column is left out.
     *
     * @throws DataException if all columns are constant
     */
    public Data withoutConstantColumns() {
        int[] kept = IntStream.range(0, width()).filter(j -> !constant(j)).toArray();
        if (kept.length == width()) {
            return this;
        }
        return new Data(
                Values.columns(values, width(), kept),
                about.keeping(kept, (width() - kept.length) + " constant columns left out"));
    }

    /** One where a value is above the threshold, zero elsewhere. */
    public Data binarized(double threshold) {
        return new Data(Values.above(threshold, values), about.revalued("binarized above " + threshold));
    }

    /**
     * Each value replaced by one with the probability that it states, else by zero.
     *
     * @throws DataException if a value is outside [0, 1]
     */
    public Data binarized(Noise noise) {
        DataChecks.within("Data.binarized", values, 0, 1, about);
        String step = "binarized at random, " + label(noise);
        return new Data(Values.coins(values, noise), about.revalued(step));
    }

    /**
     * Discrete values spread evenly over their steps, so that a density can be fitted: {@code (x (levels - 1) + u) /
     * levels}, with u uniform on (0, 1) (Uria, Murray and Larochelle, 2013).
     *
     * @param levels how many different values there can be in [0, 1], for example 256
     * @throws DataException if a value is not one of 0, 1/(levels - 1), ..., 1
     */
    public Data dequantized(int levels, Noise noise) {
        Require.atLeast(2, "Data.dequantized: levels", levels);
        DataChecks.levels(values, levels, about);
        String step = "dequantized from " + levels + " levels, " + label(noise);
        return new Data(Values.dequantized(values, levels, noise), about.revalued(step));
    }

    /**
     * Independent Gaussian noise added to every value. A known density is replaced by its convolution with the noise, where
     * that has a closed form.
     *
     * @param std standard deviation of the noise, in the units of the values
     * @throws SettingException if it is not positive
     */
    public Data noised(double std, Noise noise) {
        Require.positive("Data.noised: std", std);
        String step = "noised with std " + std + ", " + label(noise);
        return new Data(Values.noised(values, std, noise), about.noised(std, step));
    }

    /**
     * Two parts, rows dealt to them at random.
     *
     * @param train the first part's share of the rows, between 0 and 1
     * @throws SettingException if a part would be empty
     */
    public Split split(double train, Noise noise) {
        return shuffled(noise).splitInOrder(train);
    }

    /**
     * Three parts, rows dealt to them at random; what train and validation leave over is for the test.
     *
     * @param train the first part's share of the rows, between 0 and 1
     * @param validation the second part's share of the rows
     * @throws SettingException if a part would be empty
     */
    public SplitWithValidation split(double train, double validation, Noise noise) {
        int first = share(train);
        return shuffled(noise).splitInOrder(first, share(train + validation) - first);
    }

    /**
     * Two parts, the rows in the order they have.
     *
     * @param train the first part's share of the rows, between 0 and 1
     * @throws SettingException if a part would be empty
     */
    public Split splitInOrder(double train) {
        int cut = share(train);
        return new Split(part("train", 0, cut), part("test", cut, rows()));
    }

    /**
     * Three parts, the rows in the order they have; the rest is for the test.
     *
     * @param train rows for training
     * @param validation rows for validation, after those
     * @throws SettingException if a part would be empty
     */
    public SplitWithValidation splitInOrder(int train, int validation) {
        int cut = train + validation;
        return new SplitWithValidation(
                part("train", 0, train), part("validation", train, cut), part("test", cut, rows()));
    }

    /** Endless batches of row numbers, every row once an epoch, in an order driven by the noise: see {@link Batches}. */
    public Batches batches(int size, Noise noise) {
        return Batches.of(rows(), size, noise);
    }

    /** One line: name, size and range, the density if known, and the content hash; {@link #provenance} says more. */
    @Override
    public String toString() {
        String shape = grid().map(g -> rows() + " images of " + g).orElse(rows() + " rows x " + width());
        String drawn = density().map(d -> ", drawn from " + d.name()).orElse("");
        return String.format(
                Locale.ROOT,
                "%s: %s, values from %.4g to %.4g%s, sha-256 %s",
                name(),
                shape,
                Values.least(values),
                Values.greatest(values),
                drawn,
                provenance().sha256().substring(0, 12));
    }

    /** The same data, with one more step in their provenance. */
    Data noting(String step) {
        return new Data(values, about.step(step));
    }

    String columnName(int column) {
        return about.column(column);
    }

    boolean constant(int column) {
        for (int i = 1; i < rows(); i++) {
            if (at(i, column) != at(0, column)) {
                return false;
            }
        }
        return true;
    }

    /** How a provenance names the numbers about to be drawn. */
    static String label(Noise noise) {
        return "stream " + Long.toHexString(noise.state().key()) + " from word "
                + noise.state().position();
    }

    private Data picked(int[] rows, String step) {
        float[] out = new float[Math.multiplyExact(rows.length, width())];
        gather(rows, out);
        return new Data(out, about.step(step));
    }

    private Data range(int from, int to, String step) {
        return new Data(Arrays.copyOfRange(values, from * width(), to * width()), about.step(step));
    }

    private Data part(String what, int from, int to) {
        checkRange("Data.split, " + what + " part", from, to);
        return range(from, to, what + " part, rows " + from + " to " + (to - 1));
    }

    private int share(double fraction) {
        return (int) Math.round(rows() * fraction);
    }

    private void checkRange(String what, int from, int to) {
        if (from < 0 || to > rows() || from >= to) {
            throw new SettingException(Facts.that(what + ": no such rows in " + name() + ", or none at all")
                    .expected("at least one of the rows 0 to " + (rows() - 1))
                    .butWas(from + " to " + (to - 1)));
        }
    }
}
