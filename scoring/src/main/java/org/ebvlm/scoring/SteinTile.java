package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;

/**
 * The Stein kernel of each row of one block with the later rows of another, compiled, and what is wanted of it:
 *
 * <pre>
 * row i of the one block:     sum over j of u_ij
 * row j of the other block:   sum over i of u_ij
 * bootstrap b:                sum over i, j of a_bi u_ij a_bj
 * </pre>
 *
 * <p>Only pairs with number i below number j count: a block with itself gives each of its pairs once, and a row that has
 * no number none. Of two full blocks that differ, all pairs count; they have a program without numbers.
 */
final class SteinTile implements AutoCloseable {
    private final Side one;
    private final Side other;
    private final Program some;
    private final Program all;
    private SteinBlock first;
    /** The one that ran last. */
    private Program ran;

    /** The inputs that a block is given to. */
    private record Side(List<Expr> shares, Expr numbers, Expr weights) {

        static Side of(SteinForm form, int width, int size, int bootstraps) {
            List<Expr> shares = form.shares(Expr.input("points", width, size), Expr.input("scores", width, size));
            return new Side(
                    shares.stream()
                            .map(share -> Expr.input("share", share.shape()))
                            .toList(),
                    Expr.input("numbers", 1, size),
                    Expr.input("weights", size, bootstraps));
        }

        void bind(Program program, SteinBlock block) {
            for (int k = 0; k < shares.size(); k++) {
                program.bind(shares.get(k), block.shares().get(k));
            }
            program.bind(numbers, block.numbers());
            program.bind(weights, block.weights());
        }
    }

    /** For blocks of a size. */
    SteinTile(SteinForm form, int width, int size, int bootstraps) {
        one = Side.of(form, width, size, bootstraps);
        other = Side.of(form, width, size, bootstraps);
        Expr u = form.pairs(one.shares, other.shares);
        all = Program.of(sums(u, bootstraps));
        some = Program.of(sums(u.times(other.numbers.greater(one.numbers.transpose())), bootstraps));
    }

    private List<Expr> sums(Expr u, int bootstraps) {
        List<Expr> sums = new ArrayList<>(List.of(u.sum(1), u.sum(0)));
        if (bootstraps > 0) {
            sums.add(u.matmul(other.weights).times(one.weights).sum(0));
        }
        return sums;
    }

    /** Takes the block whose rows come first. */
    void one(SteinBlock block) {
        first = block;
    }

    /** Works out all sums with the block whose rows come second. */
    void with(SteinBlock block) {
        ran = first.isBefore(block) ? all : some;
        one.bind(ran, first);
        other.bind(ran, block);
        ran.run();
    }

    /** Of each row of the first block, [size]. */
    float[] rowSums() {
        return ran.value(0);
    }

    /** Of each row of the second block, [size]. */
    float[] columnSums() {
        return ran.value(1);
    }

    /** Of each bootstrap, if there are any. */
    float[] imitations() {
        return ran.value(2);
    }

    @Override
    public void close() {
        some.close();
        all.close();
    }
}
