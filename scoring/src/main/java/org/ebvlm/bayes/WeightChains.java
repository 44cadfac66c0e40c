package org.ebvlm.bayes;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * The sentence that samples the weights of a {@link BayesianNetwork} given data: chains from the prior, moved by a {@link
 * WeightSampler} along the scores of few rows at a time. Where the chains end are the particles.
 *
 * <pre>{@code
 * Data particles = WeightChains.of(network).on(train).by(Sgld.step(1e-4))
 *     .particles(500).steps(2_000).every(100, (step, now) -> show(network.predict(now, test)))
 *     .sample(Noise.seed(7));
 * }</pre>
 *
 * <p>All chains see the same rows in a step. Defaults: 100 particles, 2000 steps, batches of 32 or of all rows if there are
 * fewer. Nothing is allocated from step to step; interrupting the thread ends it with an error.
 */
public final class WeightChains {
    private final BayesianNetwork network;
    private final List<Every> watchers = new ArrayList<>();
    private Labelled data;
    private WeightSampler sampler;
    private Data start;
    private Integer particles;
    private Integer batch;
    private Integer steps;

    /** Is shown the particles as they are. */
    public interface Watcher {
        /**
         * Looks.
         *
         * @param step how many were made
         * @param particles [K, weights]; a copy
         */
        void see(int step, Data particles);
    }

    private record Every(int steps, Watcher watcher) {}

    private WeightChains(BayesianNetwork network) {
        this.network = network;
    }

    /** Starts the sentence with the network. */
    public static WeightChains of(BayesianNetwork network) {
        return new WeightChains(network);
    }

    /** What the network is to predict. */
    public WeightChains on(Labelled rows) {
        network.requireData(rows);
        data = once("on", data, rows);
        return this;
    }

    /** How particles move. */
    public WeightChains by(WeightSampler how) {
        sampler = once("by", sampler, how);
        return this;
    }

    /** How many chains; 100 unless said otherwise. */
    public WeightChains particles(int number) {
        particles = once("particles", particles, Settings.atLeast(1, "WeightChains.particles", number));
        return this;
    }

    /** Rows in a step; 32 unless said otherwise. */
    public WeightChains batches(int rows) {
        batch = once("batches", batch, Settings.atLeast(1, "WeightChains.batches", rows));
        return this;
    }

    /** Steps of each chain; 2000 unless said otherwise. */
    public WeightChains steps(int number) {
        steps = once("steps", steps, Settings.atLeast(1, "WeightChains.steps", number));
        return this;
    }

    /** Starts the chains at these particles, [K, weights], and not at draws from the prior. */
    public WeightChains from(Data rows) {
        if (rows.width() != network.weights()) {
            throw wrong("from", "[K, " + network.weights() + "], particles of " + network, rows);
        }
        start = once("from", start, rows);
        return this;
    }

    /** Looks at the particles every so many steps. */
    public WeightChains every(int number, Watcher watcher) {
        watchers.add(new Every(Settings.atLeast(1, "WeightChains.every", number), watcher));
        return this;
    }

    /**
     * Runs the chains.
     *
     * @param noise for starts, moves and the order of rows; the same source gives the same particles
     * @return where the chains end, [particles, weights]
     * @throws DivergenceException if a weight stops being finite
     */
    public Data sample(Noise noise) {
        require("on", data, "labelled rows");
        require("by", sampler, "a sampler, for example Sgld.step(1e-4)");
        if (start != null && particles != null && particles != start.rows()) {
            throw wrong("particles", start.rows() + ", as many as from(...) has", particles);
        }
        int rows = batch == null ? Math.min(32, data.size()) : batch;
        if (rows > data.size()) {
            throw wrong("batches", "at most " + data.size() + ", the number of rows", rows);
        }
        float[] first = starts(noise.split("start"));
        try (Running running = new Running(rows, first)) {
            return run(running, noise);
        }
    }

    private float[] starts(Noise noise) {
        if (start != null) {
            return start.values();
        }
        float[] values = new float[(particles == null ? 100 : particles) * network.weights()];
        network.fill(values, noise);
        return values;
    }

    private Data run(Running running, Noise noise) {
        Noise moves = noise.split("moves");
        Batches batches = data.rows().batches(running.rows, noise.split("data order"));
        int last = steps == null ? 2000 : steps;
        for (int step = 1; step <= last; step++) {
            Interruption.check("the sampling of weights");
            running.step(batches.next(), moves, step);
            for (Every each : watchers) {
                if (step % each.steps() == 0) {
                    each.watcher().see(step, running.particles());
                }
            }
        }
        return running.particles();
    }

    // ---------------------------------------------------------------- running

    /** The chains in blocks, each moved by a program that blocks of one size share. */
    private final class Running implements AutoCloseable {
        final int rows;
        private final float[] x;
        private final float[] y;
        private final List<Block> blocks = new ArrayList<>();
        private final List<Moves> programs = new ArrayList<>();

        Running(int rows, float[] first) {
            this.rows = rows;
            x = new float[rows * data.width()];
            y = new float[rows];
            int width = network.weights();
            for (int from = 0; from < first.length; from += ByBlocks.SIZE * width) {
                float[] values = new float[Math.min(ByBlocks.SIZE * width, first.length - from)];
                System.arraycopy(first, from, values, 0, values.length);
                blocks.add(new Block(values, moves(values.length / width)));
            }
        }

        private Moves moves(int many) {
            for (Moves each : programs) {
                if (each.particles.shape(0) == many) {
                    return each;
                }
            }
            Moves moves = new Moves(many, x, y);
            programs.add(moves);
            return moves;
        }

        void step(int[] batch, Noise noise, int step) {
            data.rows().gather(batch, x);
            data.labels().gather(batch, y);
            for (Block block : blocks) {
                block.moves.run(block.values, noise, step);
            }
        }

        Data particles() {
            int width = network.weights();
            float[] all =
                    new float[blocks.stream().mapToInt(b -> b.values.length).sum()];
            int at = 0;
            for (Block block : blocks) {
                System.arraycopy(block.values, 0, all, at, block.values.length);
                at += block.values.length;
            }
            return Data.of("particles of " + network, all, width);
        }

        @Override
        public void close() {
            programs.forEach(Moves::close);
        }
    }

    private record Block(float[] values, Moves moves) {}

    /** One step of some particles, compiled. */
    private final class Moves {
        final Expr particles;
        private final Program program;

        Moves(int many, float[] x, float[] y) {
            Expr rows = Expr.input("rows", y.length, data.width());
            Expr labels = Expr.input("labels", y.length);
            particles = Expr.input("particles", many, network.weights());
            Expr normal = Expr.noise(Leaf.Source.NORMAL, "moves", particles.shape());
            Expr score = network.score(particles, rows, labels, data.size());
            Expr moved = sampler.move(particles, score, normal);
            program = Program.of(moved, moved.square().sum());
            program.bind(rows, x);
            program.bind(labels, y);
            sampler.give(program);
        }

        void run(float[] values, Noise noise, int step) {
            program.bind(particles, values);
            program.draw(noise);
            program.run();
            if (!Float.isFinite(program.scalar(1))) {
                throw new DivergenceException(Facts.that(
                                "the weights left the finite numbers at step " + step + " of " + sampler.name())
                        .expected("finite weights of " + network)
                        .butWas("squares that sum to " + program.scalar(1))
                        .hint("take a smaller step; a learned sampler may not suit these data, or want more training"));
            }
            System.arraycopy(program.value(0), 0, values, 0, values.length);
        }

        void close() {
            program.close();
        }
    }

    // ---------------------------------------------------------------- checks

    private static <T> T once(String adjective, T before, T now) {
        if (before != null) {
            throw wrong(adjective, "to be said once", before + " and then " + now);
        }
        return now;
    }

    private static void require(String adjective, Object value, String example) {
        if (value == null) {
            throw new SettingException(Facts.that("WeightChains.sample: " + adjective + "(...) is missing")
                    .expected(example)
                    .butWas("nothing"));
        }
    }

    private static SettingException wrong(String adjective, String expected, Object was) {
        return new SettingException(Facts.that("WeightChains." + adjective + ": not possible")
                .expected(expected)
                .butWas(was));
    }

    @Override
    public String toString() {
        return "WeightChains of " + network + (data == null ? "" : " on " + data.name())
                + (sampler == null ? "" : " by " + sampler.name());
    }
}
