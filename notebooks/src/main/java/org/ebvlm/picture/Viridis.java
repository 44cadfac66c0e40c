package org.ebvlm.picture;

/**
 * The colour map "viridis" (Smith and van der Walt, 2015): dark violet for low, yellow for high, lightness rising evenly,
 * readable in grey and to the colour-blind. Ten published anchors, joined by straight lines in sRGB.
 */
final class Viridis {
    private static final int[] ANCHORS = {
        0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725
    };

    private Viridis() {}

    /** Packed RGB of a fraction; fractions outside [0, 1] take the colour of the nearer end. */
    static int rgb(double fraction) {
        double place = Math.min(1, Math.max(0, fraction)) * (ANCHORS.length - 1);
        int below = Math.min((int) place, ANCHORS.length - 2);
        return mixed(ANCHORS[below], ANCHORS[below + 1], place - below);
    }

    private static int mixed(int from, int to, double share) {
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int start = from >> shift & 0xFF;
            int end = to >> shift & 0xFF;
            rgb |= (int) Math.round(start + share * (end - start)) << shift;
        }
        return rgb;
    }
}
