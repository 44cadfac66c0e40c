package org.ebvlm.linear;

import java.util.Optional;
import org.ebvlm.program.MatrixProduct;

/**
 * A matrix outside the heap, row-major, in double or single precision. Rows go in and come out in double precision either way.
 * For one thread; free after {@link #close}.
 */
public final class Matrix implements AutoCloseable {
    /** Multiplications from which on ND4J's operation is quicker than OpenBLAS, which has less to set up. */
    private static final long LARGE = 2_000_000;

    private final int rows;
    private final int columns;
    private final Memory memory;

    private Matrix(int rows, int columns, Precision precision) {
        this.rows = rows;
        this.columns = columns;
        memory = Memory.of((long) rows * columns, precision);
    }

    /** With whatever is in the memory that it gets. */
    public static Matrix of(int rows, int columns, Precision precision) {
        return new Matrix(rows, columns, precision);
    }

    /** A copy of all values, [rows, columns]. */
    public static Matrix of(double[] values, int rows, int columns, Precision precision) {
        Matrix matrix = of(rows, columns, precision);
        matrix.memory.put(0, values, 0, Math.multiplyExact(rows, columns));
        return matrix;
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Numbers a row. */
    public int columns() {
        return columns;
    }

    /** In which numbers it is. */
    public Precision precision() {
        return memory.precision();
    }

    Memory memory() {
        return memory;
    }

    /** Copies the first so many values to the beginning of a row. */
    public void put(int row, double[] values, int many) {
        put(row, values, 0, many);
    }

    /** Copies so many values, from one on, to the beginning of a row. */
    public void put(int row, double[] values, int from, int many) {
        memory.put((long) row * columns, values, from, many);
    }

    /** Copies values to the beginning of a row of a matrix in single precision. */
    public void put(int row, float[] values, int many) {
        memory.put((long) row * columns, values, many);
    }

    /** Copies out the first so many numbers of a row of a matrix in single precision. */
    void get(int row, float[] out, int many) {
        memory.get((long) row * columns, out, many);
    }

    /** Copies out the first so many numbers of a row. */
    public void get(int row, double[] out, int many) {
        get(row, out, 0, many);
    }

    /** Copies out the first so many numbers of a row, to where they begin in the array. */
    public void get(int row, double[] out, int from, int many) {
        memory.get((long) row * columns, out, from, many);
    }

    /** All numbers, [rows, columns]. */
    public double[] values() {
        double[] values = new double[Math.multiplyExact(rows, columns)];
        memory.get(values);
        return values;
    }

    /** All numbers of a matrix in single precision, [rows, columns]. */
    public float[] singleValues() {
        float[] values = new float[Math.multiplyExact(rows, columns)];
        memory.get(0, values, values.length);
        return values;
    }

    /** The product with another of the same precision. */
    public Matrix times(Matrix other) {
        Matrix product = of(rows, other.columns, precision());
        product(0, rows, other, other.rows, false, product);
        return product;
    }

    /**
     * Products of some of its rows with its first rows, X[from:to] X[:to]'.
     *
     * @return [to - from, to]
     */
    public Matrix products(int from, int to) {
        Matrix products = of(to - from, to, precision());
        product(from, to, this, to, true, products);
        return products;
    }

    /**
     * A^-1 of a symmetric positive definite matrix, of which only what is on and below the diagonal is read; may overwrite it.
     *
     * @return empty if it is not positive definite
     */
    public Optional<Matrix> definiteInverse() {
        if (precision() == Precision.SINGLE && Cholesky.isSmall(rows)) {
            return Sweeps.inverse(this);
        }
        try (Cholesky factor = Cholesky.of(this)) {
            return factor.isDefinite() ? Optional.of(factor.inverse()) : Optional.empty();
        }
    }

    /**
     * Turns a square A into A diag(f) - less I.
     *
     * @param f [columns]
     * @return about the sum of the squares of its numbers; infinite if that is too large for its precision
     */
    public double scaleColumns(double[] f, double less) {
        return precision() == Precision.SINGLE ? scaleSingle(f, (float) less) : scaleDouble(f, less);
    }

    private double scaleSingle(double[] f, float less) {
        float[] factors = new float[columns];
        for (int j = 0; j < columns; j++) {
            factors[j] = (float) f[j];
        }
        float[] row = new float[columns];
        float[] squares = new float[columns];
        for (int i = 0; i < rows; i++) {
            get(i, row, columns);
            timesEach(row, factors);
            row[i] -= less;
            addSquares(row, squares);
            put(i, row, columns);
        }
        double sum = 0;
        for (float square : squares) {
            sum += square;
        }
        return sum;
    }

    private static void timesEach(float[] row, float[] factors) {
        for (int j = 0; j < row.length; j++) {
            row[j] *= factors[j];
        }
    }

    private static void addSquares(float[] row, float[] sums) {
        for (int j = 0; j < row.length; j++) {
            sums[j] += row[j] * row[j];
        }
    }

    private double scaleDouble(double[] f, double less) {
        double[] row = new double[columns];
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            get(i, row, columns);
            for (int j = 0; j < columns; j++) {
                row[j] *= f[j];
            }
            row[i] -= less;
            sum += Dense.dot(row, 0, row, 0, columns);
            put(i, row, columns);
        }
        return sum;
    }

    private void product(int from, int to, Matrix other, int many, boolean transposed, Matrix out) {
        int m = to - from;
        int n = out.columns;
        long at = (long) from * columns;
        if ((long) m * n * columns < LARGE) {
            int stride = other.columns;
            Dense.gemm(
                    false,
                    transposed,
                    m,
                    n,
                    columns,
                    1,
                    memory,
                    at,
                    columns,
                    other.memory,
                    0,
                    stride,
                    0,
                    out.memory,
                    0,
                    n);
        } else {
            MatrixProduct.run(
                    memory.array(new Memory.Part(at, m, columns)),
                    other.memory.array(new Memory.Part(0, many, other.columns)),
                    transposed,
                    out.memory.array(new Memory.Part(0, m, n)));
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
