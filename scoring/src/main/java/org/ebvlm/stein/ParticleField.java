package org.ebvlm.stein;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;

/**
 * The Stein direction of particles in numbers: one program where they are few, else a tile of particles by particles at a
 * time, so that memory grows with their number and not with their pairs.
 */
final class ParticleField implements AutoCloseable {
    /** Particles that are taken at once. */
    static final int TILE = 512;
    /** The same where features are pulled back, which takes as many rows as there are pairs. */
    private static final int FEATURE_TILE = 64;

    private final SteinDirection direction;
    private final int n;
    private final int width;
    private final Map<List<Integer>, Tile> tiles = new HashMap<>();
    private final int tile;
    /** Whether the length is given to programs from outside. */
    private final boolean lengthFromOutside;

    private final float[] square = new float[1];
    private final float[] centred;
    private final Program features;

    ParticleField(SteinDirection direction, int n, int width) {
        this.direction = direction;
        this.n = n;
        this.width = width;
        int most = direction.features().isPresent() ? FEATURE_TILE : TILE;
        if (direction.needsAllAtOnce() && n > 4 * TILE) {
            throw new SettingException(
                    Facts.that("Svgd: the nearest neighbour is looked for among all particles at once")
                            .expected("at most " + 4 * TILE + " particles")
                            .butWas(n));
        }
        tile = direction.needsAllAtOnce() ? n : Math.min(n, most);
        boolean whole = tile == n;
        lengthFromOutside = !(whole && direction.hasExpression(n, width));
        centred = new float[n * width];
        features = lengthFromOutside && direction.rule().isPresent() && n > 1 ? features() : null;
    }

    /** What distances are between, of all particles; null where it is the particles themselves. */
    private Program features() {
        Expr x = Expr.input("x", n, width);
        Program program =
                direction.features().map(of -> Program.of(of.apply(x))).orElse(null);
        if (program != null) {
            direction.parameters().forEach(each -> each.give(program));
            program.bind(x, centred);
        }
        return program;
    }

    /** One set of particles on another, compiled. */
    private final class Tile {
        final float[] at;
        final float[] from;
        final float[] scores;
        final Program program;

        /** All on all, divided as it should be. */
        Tile() {
            at = new float[n * width];
            from = at;
            scores = new float[n * width];
            Expr x = Expr.input("points", n, width);
            Expr s = Expr.input("scores", n, width);
            Expr h2 = Expr.input("squared length");
            program = ready(Program.of(lengthFromOutside ? direction.at(x, s, h2) : direction.at(x, s)), h2);
            program.bind(x, at);
            program.bind(s, scores);
        }

        /** Some on some, undivided. */
        Tile(int to, int of) {
            at = new float[to * width];
            from = new float[of * width];
            scores = new float[of * width];
            Expr x = Expr.input("points", to, width);
            Expr y = Expr.input("others", of, width);
            Expr s = Expr.input("scores", of, width);
            Expr h2 = Expr.input("squared length");
            Expr sum = direction.sum(x, y, s, h2);
            program =
                    ready(direction.isWeighted() ? Program.of(sum, direction.weights(x, y, h2)) : Program.of(sum), h2);
            program.bind(x, at);
            program.bind(y, from);
            program.bind(s, scores);
        }

        private Program ready(Program compiled, Expr h2) {
            direction.parameters().forEach(each -> each.give(compiled));
            compiled.bind(h2, square);
            return compiled;
        }
    }

    /**
     * The direction of each particle.
     *
     * @param x [n, width]
     * @param s their scores, [n, width]
     * @param phi [n, width], receives it
     */
    void direction(float[] x, float[] s, float[] phi) {
        centre(x);
        square[0] = lengthFromOutside ? (float) Math.pow(length(), 2) : 1;
        if (tile == n) {
            Tile all = tiles.computeIfAbsent(List.of(), none -> new Tile());
            System.arraycopy(centred, 0, all.at, 0, centred.length);
            System.arraycopy(s, 0, all.scores, 0, s.length);
            all.program.run();
            System.arraycopy(all.program.value(0), 0, phi, 0, phi.length);
            return;
        }
        for (int to = 0; to < n; to += tile) {
            row(to, Math.min(tile, n - to), s, phi);
        }
    }

    /** Some particles, moved by all. */
    private void row(int to, int number, float[] s, float[] phi) {
        double[] sums = new double[number * width];
        double[] weights = new double[number];
        for (int of = 0; of < n; of += tile) {
            Interruption.check("the Stein direction of " + n + " particles");
            int others = Math.min(tile, n - of);
            Tile one = tiles.computeIfAbsent(List.of(number, others), sizes -> new Tile(sizes.get(0), sizes.get(1)));
            System.arraycopy(centred, to * width, one.at, 0, one.at.length);
            System.arraycopy(centred, of * width, one.from, 0, one.from.length);
            System.arraycopy(s, of * width, one.scores, 0, one.scores.length);
            one.program.run();
            add(one.program.value(0), sums);
            if (direction.isWeighted()) {
                add(one.program.value(1), weights);
            }
        }
        for (int i = 0; i < sums.length; i++) {
            phi[to * width + i] = (float) (sums[i] / (direction.isWeighted() ? weights[i / width] : n));
        }
    }

    private static void add(float[] values, double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values[i];
        }
    }

    private double length() {
        if (direction.rule().isEmpty()) {
            return direction.length();
        }
        if (n == 1) {
            return 1;
        }
        float[] rows = centred;
        if (features != null) {
            features.run();
            rows = features.value(0);
        }
        return direction.rule().get().of(Data.of("the particles", rows.clone(), rows.length / n));
    }

    /** About the mean where the kernel allows, so that tiles far from the origin keep their digits. */
    private void centre(float[] x) {
        double[] means = new double[width];
        if (direction.seesDifferencesOnly()) {
            for (int i = 0; i < x.length; i++) {
                means[i % width] += x[i] / (double) n;
            }
        }
        for (int i = 0; i < x.length; i++) {
            centred[i] = (float) (x[i] - means[i % width]);
        }
    }

    /** Size of all programs' arrays, in bytes. */
    long bytes() {
        return tiles.values().stream().mapToLong(each -> each.program.bytes()).sum();
    }

    @Override
    public void close() {
        tiles.values().forEach(each -> each.program.close());
        if (features != null) {
            features.close();
        }
    }

    @Override
    public String toString() {
        return "field of " + n + " particles, tiles of " + Arrays.toString(new int[] {tile, tile});
    }
}
