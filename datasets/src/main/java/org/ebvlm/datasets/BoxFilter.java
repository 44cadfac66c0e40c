package org.ebvlm.datasets;

/**
 * Values along an axis, made fewer or more: each new one is the mean of the old ones over the stretch that it covers, of old
 * ones at the stretch's ends only the part inside,
 *
 * <pre>y_i = 1/s sum over j of |[i s, (i + 1) s) and [j, j + 1)| x_j,   s = old length / new length</pre>
 *
 * <p>so that means are kept, and nothing is aliased.
 */
final class BoxFilter {
    private final int[] first;
    private final float[][] weights;

    BoxFilter(int from, int to) {
        first = new int[to];
        weights = new float[to][];
        for (int i = 0; i < to; i++) {
            // In units of 1 / to, in which all ends are whole numbers: new ones lie at i from, old ones at j to.
            long begin = (long) i * from;
            long end = begin + from;
            first[i] = (int) (begin / to);
            int last = (int) ((end - 1) / to);
            weights[i] = new float[last - first[i] + 1];
            for (int j = first[i]; j <= last; j++) {
                long covered = Math.min(end, (j + 1L) * to) - Math.max(begin, (long) j * to);
                weights[i][j - first[i]] = (float) covered / from;
            }
        }
    }

    /** The new value at a place, of old ones that lie at an offset and by a stride apart. */
    float at(int place, float[] old, int offset, int stride) {
        float sum = 0;
        float[] w = weights[place];
        for (int j = 0; j < w.length; j++) {
            sum += w[j] * old[offset + (first[place] + j) * stride];
        }
        return sum;
    }
}
