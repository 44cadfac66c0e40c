package org.ebvlm.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.ModelFile;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFile;

/** What a fit leaves behind: {@code model/}, {@code run.json}, {@code history.csv}, {@code report.html}, pictures. */
record RunFolder(Path path) {
    private static final Gson GSON = new Gson();

    /** A new folder: the one asked for, or the next free number under {@code runs}. */
    static RunFolder create(Path asked, String label) {
        try {
            if (asked != null) {
                Files.createDirectories(asked);
                if (Files.exists(asked.resolve("run.json"))) {
                    throw new DataException(Facts.that("--out " + asked + ": there is a run already")
                            .expected("a folder without a run")
                            .butWas("one with run.json")
                            .hint("choose another folder, or go on with --resume " + asked));
                }
                return new RunFolder(asked);
            }
            Path runs = Files.createDirectories(Path.of("runs"));
            int number = 1;
            while (Files.exists(runs.resolve(label + "-" + number))) {
                number++;
            }
            return new RunFolder(Files.createDirectory(runs.resolve(label + "-" + number)));
        } catch (IOException e) {
            throw new DataException(
                    Facts.that("the run folder cannot be made").causedBy(e).hint("give another one with --out"));
        }
    }

    /** A folder that an earlier fit made. */
    static RunFolder existing(Path path) {
        if (!Files.exists(path.resolve("run.json"))) {
            throw new DataException(Facts.that(path + " is not a run")
                    .expected("a folder that 'ebvlm fit' made, with run.json in it")
                    .butWas(Files.exists(path) ? "a folder without" : "nothing"));
        }
        return new RunFolder(path);
    }

    Path checkpoint() {
        return path.resolve("checkpoint.bin");
    }

    Path model() {
        return path.resolve("model");
    }

    Recipe recipe() {
        return GSON.fromJson(json().get("recipe"), Recipe.class);
    }

    JsonObject json() {
        return ModelFile.readJson(path.resolve("run.json"));
    }

    void write(JsonObject json) {
        ModelFile.writeJson(json, path.resolve("run.json"));
    }

    EnergyModel loadModel() {
        return ModelFile.load(model());
    }

    Optional<Posterior> loadPosterior() {
        return PosteriorFile.load(model());
    }
}
