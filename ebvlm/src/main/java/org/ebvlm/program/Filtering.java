package org.ebvlm.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Minimal filtering along one axis: a convolution with three weights g as few products of a sum of pixels and a sum of weights,
 *
 * <pre>y = A' [ (G g) * (B' d) ],       * element by element</pre>
 *
 * for a tile d of pixels and a tile y of results. What the three matrices say is a sum of products of three factors,
 *
 * <pre>T(d, g, y) = sum over places p of (B' d)[p] (G g)[p] (A y)[p],</pre>
 *
 * so that each adjoint of the convolution follows by giving two factors another order. F(m, r), which makes m results of r
 * weights with m + r - 1 products, comes from polynomials: its places are the points at which they are known.
 *
 * <p>Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (CVPR 2016), section 4; Winograd, Arithmetic Complexity of
 * Computations (1980), chapter 4.
 *
 * @param from B', [places, pixels of a tile]
 * @param weights G, a row for each class of places: those with equal rows lie side by side
 * @param uses how many places each class has
 * @param to A, [places, results of a tile]
 * @param first pixel of the first tile; less than zero if it begins outside of the image
 * @param stepFrom pixels from one tile to the next
 * @param stepTo results from one tile to the next
 * @param tiles how many
 */
record Filtering(
        double[][] from,
        double[][] weights,
        int[] uses,
        double[][] to,
        int first,
        int stepFrom,
        int stepTo,
        int tiles) {
    /** Results of a tile at most; with more of them too many digits are lost. */
    private static final int LARGEST_TILE = 4;
    /** Pixels that one tile may take as a whole. */
    private static final int LARGEST_WHOLE = 16;
    /** Results of a tile of every other pixel. */
    private static final int OTHERS = 3;
    /** Points of polynomials, in an order that loses few digits. */
    private static final double[] POINTS = {0, 1, -1, 0.5, -2};

    /** Whether there is one for windows of three elements on such an axis. */
    static boolean exists(int length, int padding, int stride) {
        return padding <= 2 && (stride == 1 || (stride == 2 && length <= LARGEST_WHOLE));
    }

    /**
     * The one with fewest products.
     *
     * @param length pixels
     * @param padding zeros before the first
     * @param stride pixels from one window to the next, 1 or 2
     * @param results how many
     */
    static Filtering of(int length, int padding, int stride, int results) {
        return stride == 1 ? tiled(padding, results) : whole(length, padding, results);
    }

    /** The one that makes the image's slope of the result's, on the same axis. */
    static Filtering turned(int length, int padding, int stride, int results) {
        if (stride == 2) {
            Filtering it = whole(length, padding, results);
            return new Filtering(it.to, it.weights, it.uses, it.from, 0, length, length, 1);
        }
        // x[i] = sum over k of w[k] y[i + p - k]: a convolution with weights the other way round.
        Filtering it = tiled(2 - padding, length);
        double[][] weights = Arrays.stream(it.weights)
                .map(row -> new double[] {row[2], row[1], row[0]})
                .toArray(double[][]::new);
        return new Filtering(it.from, weights, it.uses, it.to, it.first, it.stepFrom, it.stepTo, it.tiles);
    }

    int places() {
        return from.length;
    }

    int classes() {
        return weights.length;
    }

    /** The number of a class's first place. */
    int firstPlace(int ofClass) {
        return Arrays.stream(uses, 0, ofClass).sum();
    }

    static double[][] transposed(double[][] matrix) {
        double[][] out = new double[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < out.length; j++) {
                out[j][i] = matrix[i][j];
            }
        }
        return out;
    }

    // ---------------------------------------------------------------- kinds

    /** Tiles one after the other, for windows that move by one pixel. */
    private static Filtering tiled(int padding, int results) {
        int best = LARGEST_TILE;
        for (int m = LARGEST_TILE - 1; m > 1; m--) {
            best = products(m, results) < products(best, results) ? m : best;
        }
        Filtering f = points(best, 3);
        return new Filtering(f.from, f.weights, f.uses, f.to, -padding, best, best, tiles(best, results));
    }

    private static int products(int m, int results) {
        return tiles(m, results) * (m + 2);
    }

    private static int tiles(int m, int results) {
        return (results + m - 1) / m;
    }

    /**
     * A tile that is a whole image, for windows that move by two pixels. The outer two weights meet every other pixel, where
     * they are a filter that moves by one; the middle one meets the pixels between.
     */
    private static Filtering whole(int length, int padding, int results) {
        Places all = new Places(length, results);
        int j = 0;
        if (padding > 0) {
            // The first window begins outside.
            all.add(Places.unit(length, 2 - padding), new double[] {0, 0, 1}, Places.unit(results, 0));
            j = 1;
        }
        while (j < results) {
            int m = Math.min(OTHERS, results - j);
            all.addOthers(points(m, 2), 2 * j - padding, j);
            j += m;
        }
        for (j = 0; j < results; j++) {
            all.add(Places.unit(length, 2 * j - padding + 1), new double[] {0, 1, 0}, Places.unit(results, j));
        }
        return all.filtering();
    }

    /** F(m, r), by the values of polynomials at m + r - 2 points and at infinity. */
    static Filtering points(int m, int r) {
        int n = m + r - 1;
        double[][] from = new double[n][];
        double[][] weights = new double[n][r];
        double[][] to = new double[n][m];
        for (int i = 0; i < n - 1; i++) {
            double a = POINTS[i];
            double scale = 1;
            double[] polynomial = {1};
            for (int l = 0; l < n - 1; l++) {
                if (l != i) {
                    polynomial = times(polynomial, POINTS[l]);
                    scale *= a - POINTS[l];
                }
            }
            // B'[i, .] = coefficients of prod over l != i of (x - a_l)
            // G[i, k]  = a_i^k / prod over l != i of (a_i - a_l),   A[i, j] = a_i^j
            from[i] = Arrays.copyOf(polynomial, n);
            double norm = scale;
            Arrays.setAll(weights[i], k -> Math.pow(a, k) / norm);
            Arrays.setAll(to[i], k -> Math.pow(a, k));
        }
        double[] all = {1};
        for (int l = 0; l < n - 1; l++) {
            all = times(all, POINTS[l]);
        }
        from[n - 1] = all;
        weights[n - 1][r - 1] = 1;
        to[n - 1][m - 1] = 1;
        int[] uses = new int[n];
        Arrays.fill(uses, 1);
        return new Filtering(from, weights, uses, to, 0, m, m, 1);
    }

    /** A polynomial, constant first, times (x - a). */
    private static double[] times(double[] polynomial, double a) {
        double[] out = new double[polynomial.length + 1];
        for (int i = 0; i < polynomial.length; i++) {
            out[i] -= a * polynomial[i];
            out[i + 1] += polynomial[i];
        }
        return out;
    }

    /** Places of an axis, gathered by class. */
    private static final class Places {
        private final int length;
        private final int results;
        private final List<double[]> classes = new ArrayList<>();
        private final List<List<double[]>> from = new ArrayList<>();
        private final List<List<double[]>> to = new ArrayList<>();

        Places(int length, int results) {
            this.length = length;
            this.results = results;
        }

        /** One pixel or result; none if there is no such. */
        static double[] unit(int size, int at) {
            double[] out = new double[size];
            if (at >= 0 && at < size) {
                out[at] = 1;
            }
            return out;
        }

        /** A filter with the outer two weights, from a pixel and a result on. */
        void addOthers(Filtering f, int pixel, int result) {
            for (int p = 0; p < f.places(); p++) {
                double[] d = new double[length];
                for (int l = 0; l < f.from[p].length; l++) {
                    int at = pixel + 2 * l;
                    if (at >= 0 && at < length) {
                        d[at] = f.from[p][l];
                    }
                }
                double[] y = new double[results];
                System.arraycopy(f.to[p], 0, y, result, f.to[p].length);
                add(d, new double[] {f.weights[p][0], 0, f.weights[p][1]}, y);
            }
        }

        /** A place, scaled so that weights which differ by sign or by a power of two are one class. */
        void add(double[] pixels, double[] weights, double[] toResults) {
            if (Arrays.stream(pixels).allMatch(x -> x == 0)) {
                return;
            }
            double largest = Arrays.stream(weights).map(Math::abs).max().orElseThrow();
            double sign = Arrays.stream(weights).filter(x -> x != 0).findFirst().orElseThrow();
            double scale = Math.copySign(Math.scalb(1.0, Math.getExponent(largest)), sign);
            double[] scaled =
                    Arrays.stream(weights).map(x -> x == 0 ? 0 : x / scale).toArray();
            int at = 0;
            while (at < classes.size() && !Arrays.equals(classes.get(at), scaled)) {
                at++;
            }
            if (at == classes.size()) {
                classes.add(scaled);
                from.add(new ArrayList<>());
                to.add(new ArrayList<>());
            }
            from.get(at).add(Arrays.stream(pixels).map(x -> x * scale).toArray());
            to.get(at).add(toResults);
        }

        Filtering filtering() {
            return new Filtering(
                    from.stream().flatMap(List::stream).toArray(double[][]::new),
                    classes.toArray(double[][]::new),
                    from.stream().mapToInt(List::size).toArray(),
                    to.stream().flatMap(List::stream).toArray(double[][]::new),
                    0,
                    length,
                    results,
                    1);
        }
    }
}
