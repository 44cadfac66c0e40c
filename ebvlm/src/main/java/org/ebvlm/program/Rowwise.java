package org.ebvlm.program;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Interruption;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;

/**
 * An expression of a row, worked out for all rows of a data set, a hundred at a time: memory does not grow with the
 * rows, and one program serves all but the last few.
 */
public final class Rowwise {
    /** As many rows as batches usually have: then loops are shared with training. */
    private static final int CHUNK = 100;

    private Rowwise() {}

    /** Takes what has been worked out for some rows. */
    public interface Reader {
        /**
         * Values of rows {@code from} up to, not including, {@code to}.
         *
         * @param values the expression's elements, row-major; good until the call returns
         */
        void read(int from, int to, float[] values);
    }

    /**
     * Works an expression out.
     *
     * @param rows the data
     * @param expression of an input [n, width]
     * @param given sets the other inputs of a program
     * @param noise for noise inputs, drawn anew for each chunk
     * @param reader of the values
     */
    public static void evaluate(
            Data rows, UnaryOperator<Expr> expression, Consumer<Program> given, Noise noise, Reader reader) {
        int whole = rows.rows() - rows.rows() % CHUNK;
        evaluate(rows, 0, whole, CHUNK, expression, given, noise, reader);
        evaluate(rows, whole, rows.rows(), rows.rows() - whole, expression, given, noise, reader);
    }

    private static void evaluate(
            Data rows,
            int begin,
            int end,
            int chunk,
            UnaryOperator<Expr> expression,
            Consumer<Program> given,
            Noise noise,
            Reader reader) {
        if (begin == end) {
            return;
        }
        Expr v = Expr.input("rows", chunk, rows.width());
        try (Program program = Program.of(expression.apply(v))) {
            given.accept(program);
            for (int from = begin; from < end; from += chunk) {
                Interruption.check("the evaluation of " + rows.name());
                program.set(v, rows.rows(from, from + chunk).values());
                program.draw(noise);
                program.run();
                reader.read(from, from + chunk, program.value(0));
            }
        }
    }
}
