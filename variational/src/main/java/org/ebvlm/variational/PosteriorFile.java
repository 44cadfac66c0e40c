package org.ebvlm.variational;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.model.Layer;
import org.ebvlm.model.ModelFile;
import org.ebvlm.model.Network;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Fitted posteriors on disk, beside the model in its folder: {@code posterior.sd}, the encoder as SameDiff's own file, and
 * {@code posterior.json}, the family. A layered one has an encoder for each layer, {@code posterior2.sd} the second.
 */
public final class PosteriorFile {
    private static final String FACTS = "posterior.json";

    private PosteriorFile() {}

    /** Writes a Bernoulli, Gaussian or layered posterior into a folder. */
    public static void save(Posterior posterior, Path folder) {
        JsonObject facts = new JsonObject();
        List<Network> encoders;
        if (posterior instanceof BernoulliPosterior bernoulli) {
            facts.addProperty("family", "Bernoulli");
            facts.addProperty("temperature", bernoulli.temperature());
            encoders = List.of(bernoulli.encoder());
        } else if (posterior instanceof GaussianPosterior gaussian) {
            facts.addProperty("family", "Gaussian");
            encoders = List.of(gaussian.encoder());
        } else if (posterior instanceof LayeredPosterior layered) {
            facts.addProperty("family", "Layered");
            facts.add("layers", texts(layered.kinds().stream().map(Layer::toString)));
            facts.addProperty("drawing", layered.drawing());
            facts.addProperty("temperature", layered.temperature());
            encoders = layered.encoders();
        } else {
            throw new DataException(Facts.that("PosteriorFile.save: there is nothing to save")
                    .expected("a Bernoulli, Gaussian or layered posterior")
                    .butWas(posterior));
        }
        JsonArray outputs = texts(encoders.stream().map(each -> each.function().output()));
        facts.add("output", outputs.size() == 1 ? outputs.get(0) : outputs);
        for (int i = 0; i < encoders.size(); i++) {
            ModelFile.saveGraph(encoders.get(i).function(), folder, graph(i));
        }
        ModelFile.writeJson(facts, folder.resolve(FACTS));
    }

    private static String graph(int encoder) {
        return "posterior" + (encoder == 0 ? "" : encoder + 1) + ".sd";
    }

    private static JsonArray texts(Stream<String> each) {
        JsonArray array = new JsonArray();
        each.forEach(array::add);
        return array;
    }

    private static List<String> texts(JsonObject facts, String name) {
        List<String> all = new ArrayList<>();
        facts.get(name).getAsJsonArray().forEach(text -> all.add(text.getAsString()));
        return all;
    }

    /** Reads the posterior of a folder, if there is one. */
    public static Optional<Posterior> load(Path folder) {
        if (!Files.exists(folder.resolve(FACTS))) {
            return Optional.empty();
        }
        JsonObject facts = ModelFile.readJson(folder.resolve(FACTS));
        List<SameDiff> graphs = new ArrayList<>();
        for (int i = 0; i < encoders(facts, folder); i++) {
            graphs.add(ModelFile.loadGraph(folder, graph(i)));
        }
        try {
            return Optional.of(posterior(facts, graphs));
        } catch (RuntimeException e) {
            throw ModelFile.damaged(folder.resolve(FACTS), e);
        }
    }

    private static int encoders(JsonObject facts, Path folder) {
        try {
            return outputs(facts).size();
        } catch (RuntimeException e) {
            throw ModelFile.damaged(folder.resolve(FACTS), e);
        }
    }

    /** Of one encoder the name, of several an array of them. */
    private static List<String> outputs(JsonObject facts) {
        JsonElement output = facts.get("output");
        return output.isJsonArray() ? texts(facts, "output") : List.of(output.getAsString());
    }

    private static Posterior posterior(JsonObject facts, List<SameDiff> graphs) {
        List<Network> encoders = new ArrayList<>();
        for (int i = 0; i < graphs.size(); i++) {
            encoders.add(Network.of(graphs.get(i), outputs(facts).get(i)));
        }
        return switch (facts.get("family").getAsString()) {
            case "Gaussian" -> new GaussianPosterior(encoders.get(0), null);
            case "Bernoulli" -> new BernoulliPosterior(encoders.get(0), temperature(facts), null);
            case "Layered" -> layered(facts, encoders);
            default -> throw new IllegalArgumentException("the family is not known: " + facts.get("family"));
        };
    }

    private static Posterior layered(JsonObject facts, List<Network> encoders) {
        List<Layer> kinds = texts(facts, "layers").stream().map(Layer::of).toList();
        List<Integer> numbers = kinds.stream().map(Layer::numbers).toList();
        if (!encoders.stream().map(Network::out).toList().equals(numbers)) {
            throw new IllegalArgumentException("encoders do not give what these layers need: " + kinds);
        }
        return LayeredPosterior.of(kinds, encoders).drawing(facts.get("drawing").getAsString(), temperature(facts));
    }

    private static double temperature(JsonObject facts) {
        double value = facts.get("temperature").getAsDouble();
        if (!(value >= 0)) {
            throw new IllegalArgumentException("not a temperature: " + value);
        }
        return value;
    }
}
