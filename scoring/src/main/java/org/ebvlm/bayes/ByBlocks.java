package org.ebvlm.bayes;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Interruption;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;

/** What is worked out for each particle, some tens of them at a time, so that memory does not grow with their number. */
final class ByBlocks {
    /** Particles that are worked out together. */
    static final int SIZE = 50;

    private ByBlocks() {}

    /**
     * An expression whose rows belong to particles.
     *
     * @param given values of its other inputs
     * @return its rows for all particles
     */
    static float[] of(Data particles, UnaryOperator<Expr> expression, Map<Expr, float[]> given) {
        int whole = particles.rows() - particles.rows() % SIZE;
        float[] first = of(particles, 0, whole, Math.min(SIZE, whole), expression, given);
        float[] last = of(particles, whole, particles.rows(), particles.rows() - whole, expression, given);
        float[] all = new float[first.length + last.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(last, 0, all, first.length, last.length);
        return all;
    }

    private static float[] of(
            Data particles, int begin, int end, int block, UnaryOperator<Expr> expression, Map<Expr, float[]> given) {
        if (begin == end) {
            return new float[0];
        }
        Expr theta = Expr.input("particles", block, particles.width());
        Expr result = expression.apply(theta);
        float[] out = new float[(end - begin) / block * result.size()];
        try (Program program = Program.of(result)) {
            given.forEach(program::bind);
            for (int from = begin; from < end; from += block) {
                Interruption.check("the evaluation of " + particles.name());
                program.set(theta, particles.rows(from, from + block).values());
                program.run();
                System.arraycopy(program.value(0), 0, out, (from - begin) / block * result.size(), result.size());
            }
        }
        return out;
    }
}
