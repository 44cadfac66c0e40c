package org.ebvlm.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;

/**
 * The vector code for noise, once it is fast. Until the just-in-time compiler has seen to it, an operation on vectors
 * takes microseconds, and the whole about a second: more than most programs spend on noise. So a process that draws
 * much has another thread run the code till it is compiled, and draws by plain loops meanwhile. The numbers are the
 * same either way.
 */
final class WarmNoise {
    /** Numbers drawn, a few milliseconds' worth, before vector code is prepared at all. */
    private static final long MANY = 4_000_000;

    /** Blocks after which the compiler has been called for every loop. */
    private static final int ROUNDS = 2_000;

    private static final AtomicLong DRAWN = new AtomicLong();

    private static volatile NoiseKernels warm;

    private WarmNoise() {}

    /** The vector code, or null if plain loops are better now. */
    static NoiseKernels kernels(int numbers) {
        long before = DRAWN.getAndAdd(numbers);
        if (before < MANY && before + numbers >= MANY && Vectors.available()) {
            Thread thread = new Thread(WarmNoise::prepare, "ebvlm noise");
            thread.setDaemon(true);
            thread.start();
        }
        return warm;
    }

    private static void prepare() {
        NoiseKernels kernels = compiled();
        NoiseFill fill = new NoiseFill(kernels);
        Noise noise = Noise.seed(0);
        float[] out = new float[Noise.BLOCK];
        for (int i = 0; i < ROUNDS; i++) {
            fill.fill(Leaf.Source.NORMAL, noise, out);
            fill.fill(Leaf.Source.RADEMACHER, noise, out);
        }
        warm = kernels;
    }

    /** The vector code as it is. */
    static NoiseKernels compiled() {
        return Code.KERNELS;
    }

    /** Compiled when first asked for. */
    private static final class Code {
        private static final NoiseKernels KERNELS = Compiler.compile(text(), NoiseKernels.class);

        private static String text() {
            try (InputStream text = WarmNoise.class.getResourceAsStream("NoiseKernels.java.txt")) {
                return new String(text.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
