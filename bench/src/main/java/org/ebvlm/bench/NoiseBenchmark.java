package org.ebvlm.bench;

import java.util.concurrent.TimeUnit;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Fills of a program's noise input, as every training step makes them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class NoiseBenchmark {
    /** Numbers in the array. */
    @Param({"400", "4096", "400000"})
    public int size;

    /** Which numbers. */
    @Param({"UNIFORM", "NORMAL", "RADEMACHER"})
    public Leaf.Source source;

    private final Noise noise = Noise.seed(1);
    private Program program;

    /** Compiles a program that reads noise. */
    @Setup
    public void compile() {
        program = Program.of(Expr.noise(source, "noise", size).sum());
    }

    /** One fill. */
    @Benchmark
    public Program draw() {
        program.draw(noise);
        return program;
    }
}
