package org.ebvlm.scoring;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ebvlm.datasets.Data;
import org.ebvlm.linear.Matrix;
import org.ebvlm.linear.Precision;
import org.ebvlm.linear.Squares;

/**
 * The squared distances between rows, each pair once, worked out when first asked for and then kept: what a rule takes a
 * bandwidth from serves the kernel matrix as well.
 *
 * <p>Rows of many coordinates are compared by products of the rows about an origin amid them, in a precision of choice; with few
 * coordinates by differences in double precision.
 *
 * <p>Cost: n^2 d / 2 multiplications; memory 4 n^2 bytes, and that of the rows, outside the heap until closed.
 */
public final class Distances implements AutoCloseable {
    private static final int TILE = 128;
    /** Rows of a tile where a whole one would be most of the matrix, of which only half is needed. */
    private static final int SMALL_TILE = 64;
    /** Squares of lengths beyond these lose digits in single precision, or have none. */
    private static final double LARGEST = 1e30;

    private final Supplier<Data> data;
    private final Function<Precision, Matrix> source;
    private final int rows;
    private final int width;
    /** Where there are few. */
    private final double[][] columns;

    private Precision precision;
    private Matrix centred;
    private final double[] norms;
    private double[] squares = new double[0];
    private int known;

    private Distances(
            Supplier<Data> data,
            Function<Precision, Matrix> source,
            int rows,
            int width,
            double[][] columns,
            Precision precision) {
        this.data = data;
        this.source = source;
        this.rows = rows;
        this.width = width;
        this.columns = columns;
        this.precision = precision;
        norms = new double[columns == null ? rows : 0];
    }

    /** Of data; where there are many coordinates, in single precision. */
    public static Distances of(Data data) {
        int n = data.rows();
        int d = data.width();
        double[][] columns = null;
        if (Squares.byDifferences(d)) {
            columns = new double[d][n];
            float[] row = new float[d];
            for (int i = 0; i < n; i++) {
                data.copyRow(i, row, 0);
                for (int k = 0; k < d; k++) {
                    columns[k][i] = row[k];
                }
            }
        }
        return new Distances(() -> data, precision -> Centred.of(data, precision), n, d, columns, Precision.SINGLE);
    }

    /**
     * Of points in double precision.
     *
     * @param values [n, width], row-major, not to be changed while these are in use
     * @param precision in which many coordinates are multiplied
     * @param data the same as data, for rules that want them
     */
    public static Distances of(double[] values, int width, Precision precision, Supplier<Data> data) {
        double[][] columns = Squares.byDifferences(width) ? Squares.columns(values, width) : null;
        return new Distances(
                data, chosen -> Centred.of(values, width, chosen), values.length / width, width, columns, precision);
    }

    /** The rows as data. */
    public Data data() {
        return data.get();
    }

    /** How many rows there are. */
    public int rows() {
        return rows;
    }

    /** Coordinates of a row. */
    public int width() {
        return width;
    }

    /** In which rows of many coordinates are multiplied. */
    public Precision precision() {
        return precision;
    }

    /** The rows about an origin amid them, in the precision of these distances; closed with them. */
    public Matrix centred() {
        if (centred == null) {
            centred = source.apply(precision);
        }
        return centred;
    }

    /**
     * The squares of distances between the first so many rows: row 1 to row 0, row 2 to rows 0 and 1, and so on.
     *
     * @return many (many - 1) / 2 numbers, and perhaps more after them; not to be changed
     */
    public double[] squares(int many) {
        if (known < many) {
            int before = known;
            squares = Arrays.copyOf(squares, Math.toIntExact(many * (many - 1L) / 2));
            known = many;
            if (columns != null) {
                byDifferences(before, many);
            } else if (!byProducts(before, many)) {
                toDouble();
                known = many;
                byProducts(0, many);
            }
        }
        return squares;
    }

    /** Goes over to double precision. Squares that were found by differences stay: they are in it already. */
    public void toDouble() {
        if (precision == Precision.SINGLE) {
            close();
            precision = Precision.DOUBLE;
            known = columns != null ? known : 0;
        }
    }

    private void byDifferences(int from, int to) {
        for (int i = Math.max(1, from); i < to; i++) {
            for (double[] column : columns) {
                Squares.add(column[i], column, i, squares, at(i));
            }
        }
    }

    /** A tile of rows with all before them at a time. False if squares are too large or too small for their precision. */
    private boolean byProducts(int before, int many) {
        Matrix x = centred();
        double[] row = new double[many];
        int height = many > 2 * TILE ? TILE : SMALL_TILE;
        for (int from = before; from < many; from += height) {
            int to = Math.min(many, from + height);
            try (Matrix tile = x.products(from, to)) {
                for (int i = from; i < to; i++) {
                    tile.get(i - from, row, i + 1);
                    norms[i] = row[i];
                    if (precision == Precision.SINGLE && !(row[i] < LARGEST && (row[i] > 1 / LARGEST || row[i] == 0))) {
                        return false;
                    }
                    int one = i;
                    Squares.ofProducts(row, i, norms[i], norms, precision, other -> difference(one, other));
                    System.arraycopy(row, 0, squares, at(i), i);
                }
            }
        }
        return true;
    }

    private static int at(int row) {
        return (int) (row * (row - 1L) / 2);
    }

    private double difference(int i, int j) {
        double[] one = new double[width];
        double[] other = new double[width];
        centred.get(i, one, width);
        centred.get(j, other, width);
        return Squares.difference(one, 0, other, 0, width);
    }

    /** The largest squared distance from the origin, of rows whose squares are known; infinite if it is not known. */
    public double squaredRadius() {
        if (columns != null) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (double norm : norms) {
            largest = Math.max(largest, norm);
        }
        return largest;
    }

    /** About how far off the squares known so far may be, from rounding; zero where they are found by differences. */
    public double rounding() {
        return columns != null ? 0 : squaredRadius() * (precision == Precision.SINGLE ? 0x1p-22 : 0x1p-51);
    }

    @Override
    public void close() {
        if (centred != null) {
            centred.close();
            centred = null;
        }
    }
}
