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
import java.util.function.Function;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.files.WholeFile;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Models on disk: a folder with {@code energy.sd}, SameDiff's own file with the parameters in it, and {@code model.json},
 * which says what it is and how it was made. Loading gives a model with equal energies and scores. An autoencoder's energy has
 * {@code encoder.sd} and {@code decoder.sd} in place of {@code energy.sd}, and {@code classifier.sd} where it has labels. {@link GeneratorFile} does the same for samplers.
 */
public final class ModelFile {
    private static final String GRAPH = "energy";
    private static final String FACTS = "model.json";
    private static final String KIND = "kind";
    /** How a model is made again, by its kind. */
    private static final Map<String, Function<Description, EnergyModel>> KINDS = Map.ofEntries(
            Map.entry("Grbm", Grbm::described),
            Map.entry("BernoulliRbm", BernoulliRbm::described),
            Map.entry("DeepBoltzmann", DeepBoltzmann::described),
            Map.entry("Sbn", Sbn::described),
            Map.entry("LayeredModel", LayeredModel::described),
            Map.entry("ConditionalSbn", ConditionalSbn::described),
            Map.entry("Vae", Vae::described),
            Map.entry("AutoencoderEnergy", AutoencoderEnergy::described),
            Map.entry("LabelledEnergy", LabelledEnergy::described),
            Map.entry("Energy", Energy::described),
            Map.entry("LatentEnergy", LatentEnergy::described));

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private ModelFile() {}

    /**
     * Writes a model into a folder, which is made if need be.
     *
     * @param model a model of this package
     * @param made how it was made, in words: data and its hash, settings, seed
     */
    public static Path save(EnergyModel model, Path folder, Map<String, String> made) {
        if (!(model instanceof GraphModel graphs)) {
            throw new DataException(Facts.that("ModelFile.save: the model has no SameDiff graph")
                    .expected("a Grbm or a LatentEnergy, or another model of this package")
                    .butWas(model));
        }
        Description description = Description.empty(folder, GRAPH)
                .add(KIND, model.getClass().getSimpleName())
                .add("name", model.name())
                .add("visible", model.visible())
                .add("hidden", model.hidden())
                .add("latents", model.latents().toString())
                .add("normalised", model.isNormalised());
        graphs.describe(description);
        description.write(FACTS, made);
        return folder;
    }

    /** Reads a model from a folder. */
    public static EnergyModel load(Path folder) {
        return Description.read(folder, FACTS, GRAPH, ModelFile::described);
    }

    private static EnergyModel described(Description folder) {
        String kind = folder.text(KIND);
        if (!KINDS.containsKey(kind)) {
            throw new IllegalArgumentException("the kind of model is not known: " + kind);
        }
        return KINDS.get(kind).apply(folder);
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
            JsonObject json = GSON.fromJson(Files.readString(file), JsonObject.class);
            if (json == null) {
                throw new JsonParseException("there is nothing in it");
            }
            return json;
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
