package org.ebvlm.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.files.WholeFile;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Models on disk: a folder with {@code energy.sd}, SameDiff's own file with the parameters in it, and {@code model.json},
 * which says what it is and how it was made. Loading gives a model with equal energies and scores. An autoencoder's energy has
 * {@code encoder.sd} and {@code decoder.sd} in place of {@code energy.sd}. {@link GeneratorFile} does the same for samplers.
 */
public final class ModelFile {
    private static final String GRAPH = "energy.sd";
    private static final String OUTPUT = "output";
    private static final String ENCODER = "encoder";
    private static final String DECODER = "decoder";
    private static final String FACTS = "model.json";
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private ModelFile() {}

    /**
     * Writes a model into a folder, which is made if need be.
     *
     * @param model a {@link Grbm}, {@link BernoulliRbm}, {@link DeepBoltzmann}, {@link Sbn}, {@link LayeredModel},
     *     {@link ConditionalSbn}, {@link Vae}, {@link AutoencoderEnergy}, {@link Energy} or {@link LatentEnergy}
     * @param made how it was made, in words: data and its hash, settings, seed
     */
    public static Path save(EnergyModel model, Path folder, Map<String, String> made) {
        Map<String, GraphFunction> graphs = graphs(model);
        JsonObject facts = new JsonObject();
        facts.addProperty("kind", model.getClass().getSimpleName());
        facts.addProperty("name", model.name());
        facts.addProperty("visible", model.visible());
        facts.addProperty("hidden", model.hidden());
        facts.addProperty("latents", model.latents().toString());
        if (model instanceof Grbm grbm) {
            addStd(facts, grbm.fixedStd());
            facts.addProperty("scaledCoupling", grbm.hasScaledCoupling());
        } else if (model instanceof DeepBoltzmann deep) {
            addStd(facts, deep.fixedStd());
            facts.addProperty("firstUnits", deep.firstUnits());
            facts.addProperty("binaryVisible", deep.hasBinaryVisible());
        } else if (model instanceof Sbn sbn) {
            facts.add("layers", GSON.toJsonTree(sbn.layers()));
        } else if (model instanceof ConditionalSbn sbn) {
            facts.addProperty("context", sbn.context());
            facts.add("layers", GSON.toJsonTree(sbn.layers()));
        } else if (model instanceof LayeredModel layered) {
            facts.addProperty("visibleLayer", layered.visibleLayer().toString());
            facts.add(
                    "hiddenLayers",
                    GSON.toJsonTree(layered.kinds.stream().map(Layer::toString).toList()));
        } else if (model instanceof Vae vae) {
            addStd(facts, vae.fixedStd());
            facts.addProperty("binaryVisible", vae.hasBinaryVisible());
        } else if (model instanceof LatentEnergy latent) {
            facts.addProperty("binaryVisible", latent.hasBinaryVisible());
        } else if (model instanceof AutoencoderEnergy autoencoder) {
            autoencoder.addTo(facts);
        }
        facts.addProperty("normalised", model.isNormalised());
        graphs.forEach((name, graph) -> facts.addProperty(name, graph.output()));
        facts.add("made", GSON.toJsonTree(made));
        graphs.forEach((name, graph) -> saveGraph(graph, folder, file(name)));
        writeJson(facts, folder.resolve(FACTS));
        return folder;
    }

    /** The graphs that a model is, by the fact that names the result of each. */
    private static Map<String, GraphFunction> graphs(EnergyModel model) {
        if (model instanceof AutoencoderEnergy autoencoder) {
            return Map.of(ENCODER, autoencoder.encoder(), DECODER, autoencoder.decoder());
        }
        return Map.of(OUTPUT, function(model));
    }

    private static String file(String graph) {
        return graph.equals(OUTPUT) ? GRAPH : graph + ".sd";
    }

    /** The graph that a model is. */
    private static GraphFunction function(EnergyModel model) {
        if (model instanceof Written written) {
            return written.asLatentEnergy().function();
        } else if (model instanceof Vae vae) {
            return vae.function();
        } else if (model instanceof Energy energy) {
            return energy.function();
        } else if (model instanceof LatentEnergy latent) {
            return latent.function();
        }
        throw new DataException(Facts.that("ModelFile.save: the model has no SameDiff graph")
                .expected("a Grbm or a LatentEnergy, or another model of this package")
                .butWas(model));
    }

    /** A range of values; no range is low = high. */
    static void addRange(JsonObject facts, double low, double high) {
        if (high > low) {
            facts.addProperty("low", low);
            facts.addProperty("high", high);
        }
    }

    /** What {@link #addRange} wrote: low and high, both 0 for no range. */
    static double[] range(JsonObject facts) {
        if (!facts.has("low") && !facts.has("high")) {
            return new double[2];
        }
        double low = facts.get("low").getAsDouble();
        double high = facts.get("high").getAsDouble();
        if (!(low < high && Double.isFinite(high - low))) {
            throw new IllegalArgumentException("not a range: " + low + " to " + high);
        }
        return new double[] {low, high};
    }

    private static void addStd(JsonObject facts, Double fixedStd) {
        if (fixedStd != null) {
            facts.addProperty("fixedStd", fixedStd);
        }
    }

    /** Reads a model from a folder. */
    public static EnergyModel load(Path folder) {
        JsonObject facts = readJson(folder.resolve(FACTS));
        Map<String, SameDiff> graphs = new HashMap<>();
        for (String name : isAutoencoder(facts) ? List.of(ENCODER, DECODER) : List.of(OUTPUT)) {
            graphs.put(name, loadGraph(folder, file(name)));
        }
        try {
            return isAutoencoder(facts) ? autoencoder(facts, graphs) : model(facts, graphs.get(OUTPUT));
        } catch (RuntimeException e) {
            throw damaged(folder.resolve(FACTS), e);
        }
    }

    private static boolean isAutoencoder(JsonObject facts) {
        return new JsonPrimitive("AutoencoderEnergy").equals(facts.get("kind"));
    }

    private static AutoencoderEnergy autoencoder(JsonObject facts, Map<String, SameDiff> graphs) {
        return AutoencoderEnergy.of(
                Network.of(graphs.get(ENCODER), facts.get(ENCODER).getAsString()),
                Network.of(graphs.get(DECODER), facts.get(DECODER).getAsString()),
                facts);
    }

    private static EnergyModel model(JsonObject facts, SameDiff graph) {
        String name = facts.get("name").getAsString();
        String output = facts.get(OUTPUT).getAsString();
        Latents latents = Latents.valueOf(facts.get("latents").getAsString());
        String kind = facts.get("kind").getAsString();
        return switch (kind) {
            case "Energy" -> Energy.of(name, graph, output);
            case "Vae" ->
                new Vae(
                        name,
                        facts.get("visible").getAsInt(),
                        GraphFunction.of("Vae", graph, output),
                        isTrue(facts, "binaryVisible"),
                        fixedStd(facts));
            default -> latent(kind, LatentEnergy.of(name, graph, output, latents, traits(facts)), facts);
        };
    }

    private static EnergyModel latent(String kind, LatentEnergy energy, JsonObject facts) {
        return switch (kind) {
            case "Grbm" -> new Grbm(energy, fixedStd(facts), isTrue(facts, "scaledCoupling"));
            case "ConditionalSbn" ->
                new ConditionalSbn(energy, facts.get("context").getAsInt(), layers(facts));
            case "LayeredModel" ->
                new LayeredModel(energy, Layer.of(facts.get("visibleLayer").getAsString()), hiddenLayers(facts));
            case "Sbn" -> new Sbn(energy, layers(facts));
            case "BernoulliRbm" -> new BernoulliRbm(energy);
            case "DeepBoltzmann" ->
                new DeepBoltzmann(
                        energy, facts.get("firstUnits").getAsInt(), isTrue(facts, "binaryVisible"), fixedStd(facts));
            case "LatentEnergy" -> energy;
            default -> throw new IllegalArgumentException("the kind of model is not known: " + kind);
        };
    }

    private static LatentEnergy.Traits traits(JsonObject facts) {
        return new LatentEnergy.Traits(isTrue(facts, "normalised"), isTrue(facts, "binaryVisible"));
    }

    private static List<Layer> layers(JsonObject facts) {
        List<Layer> layers = new ArrayList<>();
        facts.get("layers").getAsJsonArray().forEach(units -> layers.add(Layer.bernoulli(units.getAsInt())));
        return layers;
    }

    private static List<Layer> hiddenLayers(JsonObject facts) {
        List<Layer> layers = new ArrayList<>();
        facts.get("hiddenLayers").getAsJsonArray().forEach(text -> layers.add(Layer.of(text.getAsString())));
        return layers;
    }

    private static Double fixedStd(JsonObject facts) {
        return facts.has("fixedStd") ? facts.get("fixedStd").getAsDouble() : null;
    }

    /** Whether a fact is there and true; files of former models lack some. */
    private static boolean isTrue(JsonObject facts, String fact) {
        return facts.has(fact) && facts.get(fact).getAsBoolean();
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
