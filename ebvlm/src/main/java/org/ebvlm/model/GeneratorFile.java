package org.ebvlm.model;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Implicit samplers on disk, alone or beside a model in its folder: {@code generator.sd}, the network as SameDiff's own file
 * with the parameters in it, and {@code generator.json}, its noise, labels and range and how it was made. Loading gives a
 * sampler that makes the same samples of the same noise.
 */
public final class GeneratorFile {
    private static final String GRAPH = "generator.sd";
    private static final String FACTS = "generator.json";

    private GeneratorFile() {}

    /**
     * Writes a sampler into a folder, which is made if need be.
     *
     * @param made how it was made, in words: data and its hash, settings, seed
     */
    public static Path save(Generator generator, Path folder, Map<String, String> made) {
        GraphFunction function = generator.network().function();
        JsonObject facts = new JsonObject();
        generator.addTo(facts);
        facts.addProperty("visible", generator.visible());
        facts.addProperty("output", function.output());
        JsonObject words = new JsonObject();
        made.forEach(words::addProperty);
        facts.add("made", words);
        ModelFile.saveGraph(function, folder, GRAPH);
        ModelFile.writeJson(facts, folder.resolve(FACTS));
        return folder;
    }

    /** Reads a sampler from a folder. */
    public static Generator load(Path folder) {
        JsonObject facts = ModelFile.readJson(folder.resolve(FACTS));
        SameDiff graph = ModelFile.loadGraph(folder, GRAPH);
        try {
            return Generator.of(Network.of(graph, facts.get("output").getAsString()), facts);
        } catch (RuntimeException e) {
            throw ModelFile.damaged(folder.resolve(FACTS), e);
        }
    }
}
