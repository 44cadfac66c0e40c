package org.ebvlm.datasets;

import java.util.List;

/**
 * Where data came from.
 *
 * @param name the file or distribution they began as
 * @param sha256 SHA-256 of the present content, in hexadecimal: of rows and width as two 32-bit integers, then all
 *     values as 32-bit floats, row by row, all little-endian
 * @param steps what was done to them since, first step first
 */
public record Provenance(String name, String sha256, List<String> steps) {
    /** Copies the steps. */
    public Provenance {
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        return name + ", sha-256 " + sha256.substring(0, 12) + (steps.isEmpty() ? "" : ": " + String.join("; ", steps));
    }
}
