package org.ebvlm.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.files.WholeFile;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Models on disk: a folder with {@code energy.sd}, SameDiff's own file with the parameters in it, and {@code model.json},
 * which says what it is and how it was made. Loading gives a model with equal energies and scores.
 */
public final class ModelFile {
    private static final String GRAPH = "energy.sd";
    private static final String FACTS = "model.json";
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private ModelFile() {}

    /**
     * Writes a model into a folder, which is made if need be.
     *
     * @param model a {@link Grbm} or {@link LatentEnergy}
     * @param made how it was made, in words: data and its hash, settings, seed
     */
    public static Path save(EnergyModel model, Path folder, Map<String, String> made) {
        JsonObject facts = new JsonObject();
        facts.addProperty("kind", model instanceof Grbm ? "Grbm" : "LatentEnergy");
        facts.addProperty("name", model.name());
        facts.addProperty("visible", model.visible());
        facts.addProperty("hidden", model.hidden());
        facts.addProperty("latents", model.latents().toString());
        LatentEnergy energy;
        if (model instanceof Grbm grbm) {
            energy = grbm.asLatentEnergy();
            if (grbm.fixedStd() != null) {
                facts.addProperty("fixedStd", grbm.fixedStd());
            }
        } else if (model instanceof LatentEnergy latent) {
            energy = latent;
        } else {
            throw new DataException(Facts.that("ModelFile.save: the model has no SameDiff graph")
                    .expected("a Grbm or a LatentEnergy")
                    .butWas(model));
        }
        facts.addProperty("output", energy.function().output());
        facts.add("made", GSON.toJsonTree(made));
        saveGraph(energy.function(), folder, GRAPH);
        writeJson(facts, folder.resolve(FACTS));
        return folder;
    }

    /** Reads a model from a folder. */
    public static EnergyModel load(Path folder) {
        JsonObject facts = readJson(folder.resolve(FACTS));
        SameDiff graph = loadGraph(folder, GRAPH);
        try {
            return model(facts, graph);
        } catch (RuntimeException e) {
            throw damaged(folder.resolve(FACTS), e);
        }
    }

    private static EnergyModel model(JsonObject facts, SameDiff graph) {
        LatentEnergy energy = LatentEnergy.of(
                facts.get("name").getAsString(),
                graph,
                facts.get("output").getAsString(),
                Latents.valueOf(facts.get("latents").getAsString()));
        return switch (facts.get("kind").getAsString()) {
            case "Grbm" ->
                new Grbm(energy, facts.has("fixedStd") ? facts.get("fixedStd").getAsDouble() : null);
            case "LatentEnergy" -> energy;
            default -> throw new IllegalArgumentException("the kind of model is not known: " + facts.get("kind"));
        };
    }

    /** Writes a function's graph, with its parameters, as SameDiff's own file. */
    public static void saveGraph(GraphFunction function, Path folder, String name) {
        WholeFile.write(folder.resolve(name), draft -> function.graph().save(draft.toFile(), false));
    }

    /** Reads a graph that {@link #saveGraph} wrote. */
    public static SameDiff loadGraph(Path folder, String name) {
        File file = folder.resolve(name).toFile();
        try {
            return SameDiff.load(file, false);
        } catch (RuntimeException e) {
            throw damaged(file.toPath(), e);
        }
    }

    /** Writes JSON whole or not at all. */
    public static void writeJson(JsonObject json, Path file) {
        WholeFile.write(file, draft -> Files.writeString(draft, GSON.toJson(json) + "\n"));
    }

    /** Reads JSON. */
    public static JsonObject readJson(Path file) {
        try {
            return GSON.fromJson(Files.readString(file), JsonObject.class);
        } catch (IOException | JsonParseException e) {
            throw damaged(file, e);
        }
    }

    /** The error that a file cannot be understood. */
    public static DataException damaged(Path file, Exception cause) {
        return new DataException(Facts.that(file + " cannot be read")
                .expected("a file that this toolkit wrote")
                .butWas(Files.exists(file) ? "a damaged or foreign file" : "no such file")
                .causedBy(cause));
    }
}
