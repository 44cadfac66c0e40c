package org.ebvlm.scoring;

import java.util.Arrays;

/**
 * Finds the k-th smallest of many numbers without sorting them. A few of them, sorted, tell between which two it is almost
 * surely to be found; those between are picked out in one pass without branches, and searched by Hoare's FIND. (The idea is
 * Floyd and Rivest's.)
 */
final class Select {
    /** Numbers from which on it pays to look at a few first. */
    private static final int MANY = 2000;

    private Select() {}

    /**
     * The k-th smallest, from 0.
     *
     * @param values without NaN, left as they are
     * @param size how many of them count, from the first on
     */
    static double smallest(double[] values, int size, int k) {
        return size < MANY ? find(Arrays.copyOf(values, size), size, k) : narrowed(values, size, k);
    }

    private static double narrowed(double[] values, int size, int k) {
        double[] few = few(values, size);
        // The rank of the k-th among the few has a standard deviation of at most sqrt(few) / 2; this is three of them.
        int place = (int) ((long) k * few.length / size);
        int margin = (int) (1.5 * Math.sqrt(few.length));
        if (place < margin || place + margin >= few.length || few[place + margin] == Double.POSITIVE_INFINITY) {
            return find(Arrays.copyOf(values, size), size, k);
        }
        double low = few[place - margin];
        double high = few[place + margin];
        double[] between = new double[size];
        int below = 0;
        int found = 0;
        for (int i = 0; i < size; i++) {
            double value = values[i];
            between[found] = value;
            int isBelow = isNegative(value - low);
            below += isBelow;
            found += 1 - isBelow - isNegative(high - value);
        }
        boolean inside = k >= below && k < below + found;
        return inside ? find(between, found, k - below) : find(Arrays.copyOf(values, size), size, k);
    }

    /** 1 or 0, without a branch that could not be foretold. */
    private static int isNegative(double value) {
        return (int) (Double.doubleToRawLongBits(value) >>> 63);
    }

    /** About size^(2/3) of them, evenly spaced, sorted. */
    private static double[] few(double[] values, int size) {
        double[] few = new double[(int) Math.cbrt((double) size * size)];
        double step = (double) size / few.length;
        for (int i = 0; i < few.length; i++) {
            few[i] = values[(int) (i * step)];
        }
        Arrays.sort(few);
        return few;
    }

    /** Hoare's FIND; reorders. */
    private static double find(double[] values, int size, int k) {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            double pivot = median(values[low], values[(low + high) >>> 1], values[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (pivot < values[j]) {
                    j--;
                }
                if (i <= j) {
                    double swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                return values[k];
            }
        }
        return values[k];
    }

    private static double median(double a, double b, double c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
