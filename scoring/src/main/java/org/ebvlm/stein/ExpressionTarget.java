package org.ebvlm.stein;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** A target whose scores are an expression of rows: compiled once for as many rows as a tile has, and once for the rest. */
record ExpressionTarget(String name, int width, UnaryOperator<Expr> score, Consumer<Program> give)
        implements ScoredTarget {

    @Override
    public Scores open(int rows) {
        return new Compiled(rows);
    }

    /** Scores of some rows. */
    private final class Part implements AutoCloseable {
        private final float[] points;
        private final Program program;

        Part(int rows) {
            points = new float[rows * width];
            Expr x = Expr.input("x", rows, width);
            program = Program.of(score.apply(x));
            give.accept(program);
            program.bind(x, points);
        }

        void at(float[] all, int from, Noise noise, float[] out) {
            System.arraycopy(all, from, points, 0, points.length);
            program.draw(noise);
            program.run();
            System.arraycopy(program.value(0), 0, out, from, points.length);
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private final class Compiled implements Scores {
        private final Part[] parts;

        Compiled(int rows) {
            int tile = Math.min(rows, ParticleField.TILE);
            Part whole = new Part(tile);
            parts = new Part[(rows + tile - 1) / tile];
            Arrays.fill(parts, whole);
            int rest = rows % tile;
            if (rest > 0) {
                parts[parts.length - 1] = new Part(rest);
            }
        }

        @Override
        public void at(float[] rows, Noise noise, float[] out) {
            int from = 0;
            for (Part part : parts) {
                part.at(rows, from, noise, out);
                from += part.points.length;
            }
        }

        @Override
        public void close() {
            parts[0].close();
            if (parts.length > 1 && parts[parts.length - 1] != parts[0]) {
                parts[parts.length - 1].close();
            }
        }
    }

    @Override
    public String toString() {
        return name + ", width " + width;
    }
}
