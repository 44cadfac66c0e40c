package org.ebvlm.bench;

import java.util.concurrent.TimeUnit;
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

/** Matrix products, small ones that run as loops and large ones that native code does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProductBenchmark {
    /** Rows of A, columns of A, columns of B. */
    @Param({"100x2x4", "100x16x16", "100x64x64", "100x560x400", "512x512x512"})
    public String sizes;

    /** Which of the two is stored transposed: none (n) or one (t). */
    @Param({"nn", "nt", "tn"})
    public String stored;

    private Program program;

    /** Compiles, and draws both matrices. */
    @Setup
    public void compile() {
        String[] numbers = sizes.split("x", -1);
        int m = Integer.parseInt(numbers[0]);
        int k = Integer.parseInt(numbers[1]);
        int n = Integer.parseInt(numbers[2]);
        boolean left = stored.charAt(0) == 't';
        boolean right = stored.charAt(1) == 't';
        Expr a = left ? Expr.input("a", k, m) : Expr.input("a", m, k);
        Expr b = right ? Expr.input("b", n, k) : Expr.input("b", k, n);
        program = Program.of(a.matmul(b, left, right));
        program.set(a, normal(m * k));
        program.set(b, normal(k * n));
    }

    private static float[] normal(int size) {
        float[] values = new float[size];
        Noise.seed(size).normal(values, 0, size);
        return values;
    }

    /** One product. */
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
