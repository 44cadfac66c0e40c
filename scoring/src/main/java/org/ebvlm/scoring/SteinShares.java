package org.ebvlm.scoring;

import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;

/** What the rows of a block have by themselves, compiled. */
final class SteinShares implements AutoCloseable {
    private final Expr points;
    private final Expr scores;
    private final List<Expr> shares;
    private final Program program;

    /** Of blocks of a size. */
    SteinShares(SteinForm form, int width, int size) {
        points = Expr.input("points", width, size);
        scores = Expr.input("scores", width, size);
        shares = form.shares(points, scores);
        program = Program.of(shares);
    }

    /** Of a block's rows, column by column; both [width, size]. */
    List<float[]> of(float[] x, float[] s) {
        program.set(points, x);
        program.set(scores, s);
        program.run();
        return IntStream.range(0, shares.size())
                .mapToObj(k -> program.value(k).clone())
                .toList();
    }

    @Override
    public void close() {
        program.close();
    }
}
