package org.ebvlm.bench;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.ebvlm.graph.Expr;
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
import org.openjdk.jmh.annotations.TearDown;

/** Functions and chains of them on one array, as a compiled program runs them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PointwiseBenchmark {
    private static final Map<String, UnaryOperator<Expr>> FUNCTIONS = Map.of(
            "exp", Expr::exp,
            "log", x -> x.square().plus(1).log(),
            "sigmoid", Expr::sigmoid,
            "softplus", Expr::softplus,
            "tanh", Expr::tanh,
            "elu", Expr::elu,
            "arithmetic", x -> x.times(x).plus(3).times(x).plus(2),
            "chain", x -> x.times(1.5).plus(0.5).elu().times(x).sigmoid());

    /** What is computed. */
    @Param({"exp", "log", "sigmoid", "softplus", "tanh", "elu", "arithmetic", "chain"})
    public String function;

    /** Numbers in the array. */
    @Param({"400", "40000", "1000000"})
    public int size;

    private Program program;

    /** Compiles, and draws the array. */
    @Setup
    public void compile() {
        Expr x = Expr.input("x", size);
        float[] values = new float[size];
        Noise.seed(1).normal(values, 0, size);
        program = Program.of(FUNCTIONS.get(function).apply(x));
        program.set(x, values);
    }

    /** One pass. */
    @Benchmark
    public float run() {
        program.run();
        return program.value(0)[0];
    }

    /** Frees the program. */
    @TearDown
    public void close() {
        program.close();
    }
}
