package org.ebvlm.program;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The text of loops that make a few sums of a few vectors, with given factors: y[i] = sum over k of m[i, k] x[k]. Each x[k] and
 * y[i] is a run of numbers.
 */
final class Combinations {
    /** Sums that are made in one loop; in a longer one the JVM keeps vectors on the heap. */
    private static final int SUMS = 6;

    private final Text text;
    private final int lanes;

    /**
     * Runs of numbers in an array.
     *
     * @param array name
     * @param first name of the place where the first begins
     * @param stride from one to the next: a number or a name
     */
    record Runs(String array, String first, String stride) {
        Runs(String array, String first, int stride) {
            this(array, first, "" + stride);
        }

        /** Where one of them begins. */
        private String begin(int k) {
            return first + " + " + k + " * " + stride;
        }
    }

    Combinations(Text text, int lanes) {
        this.text = text;
        this.lanes = lanes;
    }

    /** Writes the loops, for runs of a length that is a multiple of the lanes. */
    void write(double[][] m, int length, Runs x, Runs y) {
        for (int begin = 0; begin < m.length; begin += SUMS) {
            write(m, IntStream.range(begin, Math.min(begin + SUMS, m.length)).toArray(), length, x, y);
        }
    }

    private void write(double[][] m, int[] sums, int length, Runs x, Runs y) {
        int[] used = IntStream.range(0, m[0].length)
                .filter(k -> IntStream.of(sums).anyMatch(i -> m[i][k] != 0))
                .toArray();
        List<Double> factors = new ArrayList<>();
        text.open("{");
        // Sums that do not change in the loop are made before it, or the JVM leaves the checks of indices in.
        for (int k : used) {
            text.line("int x%d = %s;".formatted(k, x.begin(k)));
        }
        for (int i : sums) {
            text.line("int y%d = %s;".formatted(i, y.begin(i)));
        }
        List<String> lines =
                IntStream.of(sums).mapToObj(i -> sum(m[i], factors)).toList();
        for (int f = 0; f < factors.size(); f++) {
            text.line("FloatVector f%d = FloatVector.broadcast(F, %sf);".formatted(f, factors.get(f)));
        }
        text.open("for (int i = 0; i < %d; i += %d) {".formatted(length, lanes));
        for (int k : used) {
            text.line("FloatVector v%1$d = FloatVector.fromArray(F, %2$s, x%1$d + i);".formatted(k, x.array));
        }
        for (int i = 0; i < sums.length; i++) {
            text.line("%s.intoArray(%s, y%d + i);".formatted(lines.get(i), y.array, sums[i]));
        }
        text.close(2);
    }

    /** One sum; what is added as it is comes first. */
    private static String sum(double[] row, List<Double> factors) {
        int[] order = IntStream.range(0, row.length)
                .filter(k -> row[k] != 0)
                .boxed()
                .sorted((a, b) -> rank(row[a]) - rank(row[b]))
                .mapToInt(k -> k)
                .toArray();
        String sum = "";
        for (int k : order) {
            sum = plus(sum, row[k], "v" + k, factors);
        }
        return sum.isEmpty() ? "FloatVector.zero(F)" : sum;
    }

    private static int rank(double factor) {
        return factor == 1 ? 0 : factor == -1 ? 2 : 1;
    }

    private static String plus(String sum, double factor, String vector, List<Double> factors) {
        if (factor == 1) {
            return sum.isEmpty() ? vector : sum + ".add(" + vector + ")";
        }
        if (factor == -1) {
            return sum.isEmpty() ? vector + ".neg()" : sum + ".sub(" + vector + ")";
        }
        if (!factors.contains(factor)) {
            factors.add(factor);
        }
        String name = "f" + factors.indexOf(factor);
        return sum.isEmpty() ? vector + ".mul(" + name + ")" : vector + ".fma(" + name + ", " + sum + ")";
    }
}
