package org.ebvlm.bench;

import java.util.concurrent.TimeUnit;
import org.ebvlm.noise.Noise;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Fills of an array with noise. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class NoiseBenchmark {
    /** Numbers in the array. */
    @Param({"400", "4096", "400000"})
    public int size;

    private final Noise noise = Noise.seed(1);
    private float[] values;

    /** Makes the array. */
    @Setup
    public void allocate() {
        values = new float[size];
    }

    /** Uniform on (0, 1). */
    @Benchmark
    public float[] uniform() {
        noise.uniform(values, 0, size);
        return values;
    }

    /** Standard normal. */
    @Benchmark
    public float[] normal() {
        noise.normal(values, 0, size);
        return values;
    }

    /** Plus or minus one. */
    @Benchmark
    public float[] rademacher() {
        noise.rademacher(values, 0, size);
        return values;
    }
}
