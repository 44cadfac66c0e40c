package org.ebvlm.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Grid;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Drawing;
import org.ebvlm.picture.Heatmap;
import org.ebvlm.picture.HistoryCurves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.picture.Scatter;
import org.ebvlm.program.Program;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Sampler;
import org.ebvlm.training.History;
import org.ebvlm.variational.ImportanceEstimate;
import org.ebvlm.variational.Posterior;

/** The pictures of a run: data beside samples, the density where it can be seen, and the curves. */
final class Album {
    private static final int POINTS = 2000;
    private static final int IMAGES = 64;
    private static final int PARTICLES = 50;

    private final Source source;
    private final EnergyModel model;
    private final Optional<Posterior> posterior;
    private final Noise noise;

    Album(Source source, EnergyModel model, Optional<Posterior> posterior, Noise noise) {
        this.source = source;
        this.model = model;
        this.posterior = posterior;
        this.noise = noise;
    }

    /** Draws and saves all pictures that make sense; file name to caption, in order. */
    Map<String, String> save(History history, Path folder) {
        Map<String, String> captions = new LinkedHashMap<>();
        Sampler sampler = sampler();
        save(samples(sampler), folder, "samples.png", "Data beside samples (" + sampler + ")", captions);
        if (model.visible() == 2) {
            try (LogDensity log = new LogDensity()) {
                save(density(log), folder, "density.png", densityCaption(), captions);
            }
        }
        curve(history, "objective", "objective", folder, captions);
        for (String name : new String[] {"exactFisherDivergence", "fisherDivergence"}) {
            curve(history, name, "Fisher divergence", folder, captions);
        }
        return captions;
    }

    private static void save(Drawing drawing, Path folder, String file, String caption, Map<String, String> captions) {
        drawing.save(folder.resolve(file));
        captions.put(file, caption);
    }

    // ---------------------------------------------------------------- samples

    private Sampler sampler() {
        if (model instanceof Grbm) {
            return source.kind() == Source.Kind.IMAGES
                    ? BlockGibbs.sweeps(200).startingAt(source.train()).showingMeans()
                    : BlockGibbs.sweeps(1000);
        }
        return source.kind() == Source.Kind.TOY
                ? Langevin.steps(2000).stepSize(0.05)
                : Langevin.steps(500).stepSize(0.02).startingAt(source.train());
    }

    private Drawing samples(Sampler sampler) {
        int number = source.kind() == Source.Kind.IMAGES ? IMAGES : POINTS;
        Data drawn = sampler.sample(model, number, noise.split("samples"));
        Data shown = source.test().take(Math.min(number, source.test().rows()));
        if (source.kind() == Source.Kind.IMAGES) {
            return images(shown, "data").picture().beside(images(drawn, "samples"));
        }
        return Scatter.of("data", plane(shown)).and("samples", plane(drawn)).labelled(axis(0), axis(1));
    }

    private ImageGrid images(Data data, String title) {
        Grid grid = source.train().grid().orElseGet(() -> square(data.width()));
        return ImageGrid.of(data.values(), grid.height(), grid.width(), grid.channels())
                .columns(8)
                .titled(title);
    }

    private static Grid square(int width) {
        int side = (int) Math.round(Math.sqrt(width));
        return side * side == width ? Grid.grey(side, side) : Grid.grey(1, width);
    }

    /** The first two columns, or one column against itself. */
    private static float[] plane(Data data) {
        float[] xy = new float[2 * data.rows()];
        for (int i = 0; i < data.rows(); i++) {
            xy[2 * i] = data.at(i, 0);
            xy[2 * i + 1] = data.at(i, data.width() > 1 ? 1 : 0);
        }
        return xy;
    }

    private String axis(int column) {
        var names = source.train().columns();
        return column < names.size() ? names.get(column) : "v" + (column + 1);
    }

    // ---------------------------------------------------------------- density

    private String densityCaption() {
        return model.hasFreeEnergy()
                ? "Model density, relative to its highest value"
                : "Model density, relative to its highest value (importance estimate)";
    }

    private Heatmap density(LogDensity log) {
        double[] box = box(source.train());
        Data shown = source.test().take(Math.min(POINTS, source.test().rows()));
        double top = Arrays.stream(toDoubles(log.at(shown.values()))).max().orElse(0);
        return Heatmap.ofRows(rows -> {
                    float[] density = log.at(rows);
                    for (int i = 0; i < density.length; i++) {
                        density[i] = (float) Math.exp(Math.min(0, density[i] - top));
                    }
                    return density;
                })
                .over(box[0], box[1], box[2], box[3])
                .titled("model density");
    }

    /** log p up to a constant, by one program as long as the number of rows stays the same, as it does from line to line. */
    private final class LogDensity implements AutoCloseable {
        private Expr v;
        private Program program;
        private long lines;

        float[] at(float[] rows) {
            if (program == null || v.size() != rows.length) {
                compile(rows.length / 2);
            }
            program.set(v, rows);
            // Fresh draws for each line of the picture, or one line's noise would show as stripes.
            program.draw(noise.split("density").split(lines++));
            program.run();
            return program.value(0).clone();
        }

        private void compile(int rows) {
            close();
            v = Expr.input("v", rows, 2);
            program = Program.of(
                    model.hasFreeEnergy()
                            ? model.freeEnergy(v).neg()
                            : ImportanceEstimate.logMarginal(model, posterior.orElseThrow(), v, PARTICLES));
            model.parameters().give(program);
            posterior.ifPresent(q -> q.parameters().give(program));
        }

        @Override
        public void close() {
            if (program != null) {
                program.close();
            }
        }
    }

    private static double[] toDoubles(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    /** The data's range with a margin: x low, x high, y low, y high. */
    private static double[] box(Data data) {
        double[] box = {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE};
        for (int i = 0; i < data.rows(); i++) {
            for (int j = 0; j < 2; j++) {
                box[2 * j] = Math.min(box[2 * j], data.at(i, j));
                box[2 * j + 1] = Math.max(box[2 * j + 1], data.at(i, j));
            }
        }
        for (int j = 0; j < 2; j++) {
            double margin = 0.15 * (box[2 * j + 1] - box[2 * j]);
            box[2 * j] -= margin;
            box[2 * j + 1] += margin;
        }
        return box;
    }

    // ---------------------------------------------------------------- curves

    private static void curve(History history, String name, String label, Path folder, Map<String, String> captions) {
        if (history.values(name).length < 2) {
            return;
        }
        String file = name + ".png";
        save(HistoryCurves.of(history, name), folder, file, label + " while training", captions);
    }
}
