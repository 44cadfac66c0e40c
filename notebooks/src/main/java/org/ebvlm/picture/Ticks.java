package org.ebvlm.picture;

import java.util.stream.IntStream;

/** Round numbers to write beside an axis. */
final class Ticks {
    private Ticks() {}

    /** The multiples of 1, 2 or 5 times a power of ten inside the range, about so many of them. */
    static double[] over(Range range, int about) {
        double step = step(range.width() / Math.max(1, about));
        double origin = Math.ceil(range.low() / step - 1e-9);
        int count = (int) (Math.floor(range.high() / step + 1e-9) - origin) + 1;
        return IntStream.range(0, count).mapToDouble(i -> (origin + i) * step).toArray();
    }

    /** The smallest round number that is not below the wish. */
    private static double step(double wish) {
        double decade = Math.pow(10, Math.floor(Math.log10(wish)));
        for (double digit : new double[] {1, 2, 5}) {
            if (digit * decade >= wish * (1 - 1e-9)) {
                return digit * decade;
            }
        }
        return 10 * decade;
    }
}
