package org.ebvlm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Split;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.noise.Noise;

/**
 * Data to fit and to judge by, found by a name or a path.
 *
 * @param name as it was asked for
 * @param kind how they are treated
 * @param train rows to fit on
 * @param test rows to judge by
 */
record Source(String name, Kind kind, Data train, Data test) {
    private static final int TOY_TRAIN = 60_000;
    private static final int TOY_TEST = 50_000;
    private static final double TRAIN = 0.9;

    /** What the rows are, which decides defaults and pictures. */
    enum Kind {
        /** Points of a toy distribution in the plane. */
        TOY,
        /** Pictures, values from 0 to 1. */
        IMAGES,
        /** Columns of a table, standardised. */
        TABLE
    }

    private static final Map<String, BiFunction<Integer, Noise, Data>> TOYS = new TreeMap<>(Map.of(
            "checkerboard", Datasets::checkerboard,
            "pinwheel", Datasets::pinwheel,
            "two-moons", Datasets::twoMoons,
            "rings", Datasets::rings,
            "spirals", Datasets::spirals,
            "eight-gaussians", Datasets::eightGaussians,
            "swiss-roll", Datasets::swissRoll));

    /** The toy sets' names. */
    static List<String> toys() {
        return List.copyOf(TOYS.keySet());
    }

    /** Finds data: a toy set by name, {@code glyphs}, or a file. */
    static Source of(String name, List<String> columns, long seed) {
        Noise noise = Noise.seed(seed).split("data");
        if (TOYS.containsKey(name)) {
            BiFunction<Integer, Noise, Data> toy = TOYS.get(name);
            return new Source(
                    name,
                    Kind.TOY,
                    toy.apply(TOY_TRAIN, noise.split("train")),
                    toy.apply(TOY_TEST, noise.split("test")));
        }
        if (name.equals("glyphs")) {
            return split(name, Kind.IMAGES, Datasets.glyphs(16, 5000, noise), noise);
        }
        Path path = Path.of(name);
        if (!Files.exists(path)) {
            throw new DataException(Facts.that("--data " + name + ": there is no such data")
                    .expected("a file, or one of " + String.join(", ", toys()) + ", glyphs")
                    .butWas(name));
        }
        String file = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!columns.isEmpty()) {
            return table(name, Datasets.csv(path, columns.toArray(String[]::new)), noise);
        }
        if (file.endsWith(".mat") && file.contains("frey")) {
            return split(name, Kind.IMAGES, Datasets.freyFaces(path), noise);
        }
        Data data = Datasets.read(path);
        boolean images = data.grid().isPresent() || data.columns().isEmpty();
        return images ? split(name, Kind.IMAGES, unit(data), noise) : table(name, data, noise);
    }

    private static Source table(String name, Data data, Noise noise) {
        Split split = data.split(TRAIN, noise.split("split")).standardized();
        return new Source(name, Kind.TABLE, split.train(), split.test());
    }

    private static Source split(String name, Kind kind, Data data, Noise noise) {
        Split split = data.split(TRAIN, noise.split("split"));
        return new Source(name, kind, split.train(), split.test());
    }

    /** Values scaled to 0 to 1 if they are not within already. */
    private static Data unit(Data data) {
        for (int i = 0; i < data.rows(); i++) {
            for (float value : data.row(i)) {
                if (value < 0 || value > 1) {
                    return data.normalized();
                }
            }
        }
        return data;
    }

    /** Noise for denoising score matching when none is asked for: small against the data's features. */
    double defaultNoiseStd(String model) {
        return switch (kind) {
            // A flexible energy is left to itself where noise does not reach, so it gets more of it.
            case TOY -> model.equals("mlp") ? 0.15 : name.equals("checkerboard") ? 0.05 : 0.1;
            case TABLE -> 0.3;
            case IMAGES -> model.equals("conv") ? 0.1 : 0.3;
        };
    }

    int defaultHidden(String model) {
        if (model.equals("mlp")) {
            return 10;
        }
        if (model.equals("conv")) {
            return 50;
        }
        return switch (kind) {
            case TOY -> name.equals("checkerboard") ? 4 : 16;
            case TABLE -> 50;
            case IMAGES -> 200;
        };
    }

    int defaultWidth(String model) {
        return model.equals("conv") ? 16 : 100;
    }

    long defaultSteps(String model) {
        boolean mlp = model.equals("mlp");
        return switch (kind) {
            case TOY -> mlp ? 3_000 : 100_000;
            case TABLE -> mlp ? 3_000 : 20_000;
            case IMAGES -> model.equals("conv") ? 1_000 : 2_000;
        };
    }

    /** Published: 1e-3 for the Gaussian RBM in the plane, 1e-4 for energies of several layers. */
    double defaultRate(String model) {
        return model.equals("grbm") ? 1e-3 : 1e-4;
    }
}
