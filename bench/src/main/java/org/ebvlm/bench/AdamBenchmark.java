package org.ebvlm.bench;

import java.util.concurrent.TimeUnit;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Updater;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Updates of a parameter vector. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AdamBenchmark {
    /** Parameters: those of Gaussian RBMs 2/4 and 560/400, and of a convolutional energy. */
    @Param({"16", "225520", "1000000"})
    public int size;

    private Updater.State state;
    private float[] values;
    private float[] gradient;
    private long updates;

    /** Draws parameters and a gradient. */
    @Setup
    public void start() {
        values = new float[size];
        gradient = new float[size];
        Noise.seed(1).normal(values, 0, size);
        Noise.seed(2).normal(gradient, 0, size);
        state = Adam.rate(1e-3).betas(0.9, 0.95).start(size);
    }

    /** One update. */
    @Benchmark
    public float[] update() {
        state.update(values, gradient, updates++);
        return values;
    }
}
