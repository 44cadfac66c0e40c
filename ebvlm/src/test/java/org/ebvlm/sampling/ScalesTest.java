package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class ScalesTest {

    @Test
    void scalesAreTheStandardDeviationsOfAllRowsSeen() {
        // First column 1, 2, 3, 6: mean 3, variance 14 / 4. The second never changes, the third is not finite.
        Scales scales = new Scales(3);
        scales.see(new float[] {1, 5, 0, 2, 5, Float.POSITIVE_INFINITY});
        scales.see(new float[] {3, 5, 0, 6, 5, 1});
        float[] out = new float[3];
        scales.copyTo(out);
        assertArrayEquals(new float[] {(float) Math.sqrt(3.5), 1, 1}, out, 1e-6f);
    }

    @Test
    void smallDeviationsAboutALargeMeanAreNotLost() {
        Scales scales = new Scales(1);
        scales.see(new float[] {4095.75f, 4096.25f, 4095.75f, 4096.25f});
        float[] out = new float[1];
        scales.copyTo(out);
        assertArrayEquals(new float[] {0.25f}, out, 1e-7f);
    }
}
