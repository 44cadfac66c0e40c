package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseFillTest {
    private static final int[] LENGTHS = {
        0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 513, 1000, 1023, 1024, 1025, 2048, 3001, 4096, 10_007
    };

    private static NoiseKernels kernels() {
        assumeTrue(Vectors.available(), Vectors.description());
        return WarmNoise.compiled();
    }

    private static void plain(Leaf.Source source, Noise noise, float[] out) {
        switch (source) {
            case NORMAL -> noise.normal(out, 0, out.length);
            case UNIFORM -> noise.uniform(out, 0, out.length);
            default -> noise.rademacher(out, 0, out.length);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NORMAL", "UNIFORM", "RADEMACHER"})
    void vectorCodeGivesTheNumbersOfTheSourceToTheBit(Leaf.Source source) {
        NoiseFill fill = new NoiseFill(kernels());
        for (int length : LENGTHS) {
            // Often enough for interpreted, partly and fully compiled code to be compared.
            for (int repeat = 0; repeat < 60; repeat++) {
                Noise expectedNoise = Noise.seed(31 * length + repeat);
                Noise noise = Noise.restore(expectedNoise.state());
                float[] expected = new float[length];
                float[] actual = new float[length];
                plain(source, expectedNoise, expected);
                fill.fill(source, noise, actual);
                assertSameBits(expected, actual);
                assertEquals(expectedNoise.state(), noise.state());
            }
        }
    }

    private static void assertSameBits(float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            int at = i;
            assertEquals(
                    Float.floatToRawIntBits(expected[i]),
                    Float.floatToRawIntBits(actual[i]),
                    () -> at + " of " + expected.length + ": " + expected[at] + " and " + actual[at]);
        }
    }

    @Test
    void theKernelsAllocateNothing() {
        NoiseKernels kernels = kernels();
        float[] u = new float[256];
        float[] s = new float[256];
        assertEquals(0, Allocations.ofCompiled(() -> kernels.uniform(5, u, 0, 256)), "uniform");
        assertEquals(0, Allocations.ofCompiled(() -> kernels.squaredRadius(u, 0, s, 0, 256)), "squaredRadius");
        assertEquals(0, Allocations.ofCompiled(() -> kernels.turn(s, 0, u, 0, 256)), "turn");
        assertEquals(0, Allocations.ofCompiled(() -> kernels.rademacher(5, u, 0, 256)), "rademacher");
    }

    @Test
    void drawingMuchBringsUpTheVectorCodeAndDoesNotChangeTheNumbers() throws InterruptedException {
        NoiseKernels kernels = kernels();
        NoiseFill fill = new NoiseFill();
        Noise noise = Noise.seed(9);
        Noise expectedNoise = Noise.seed(9);
        float[] actual = new float[50_001];
        float[] expected = new float[50_001];
        // The first hundred reach what counts as much; then the other thread needs a second or so.
        for (int i = 0; i < 100 || (WarmNoise.kernels(0) == null && i < 3000); i++) {
            fill.fill(Leaf.Source.NORMAL, noise, actual);
            plain(Leaf.Source.NORMAL, expectedNoise, expected);
            assertSameBits(expected, actual);
            Thread.sleep(i < 100 ? 0 : 20);
        }
        assertNotNull(WarmNoise.kernels(0));
        assertSame(kernels, WarmNoise.kernels(0));
        fill.fill(Leaf.Source.NORMAL, noise, actual);
        plain(Leaf.Source.NORMAL, expectedNoise, expected);
        assertSameBits(expected, actual);
    }
}
