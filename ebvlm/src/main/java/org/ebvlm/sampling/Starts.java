package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.noise.Noise;

/** Rows for chains to start at. */
final class Starts {
    private Starts() {}

    /** A random row number for each chain. */
    static int[] rows(Data data, int chains, Noise noise) {
        int[] rows = new int[chains];
        for (int i = 0; i < chains; i++) {
            rows[i] = noise.nextInt(data.rows());
        }
        return rows;
    }
}
