package org.ebvlm.model;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ebvlm.errors.DataException;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * What a folder says of a model or a sampler: facts, which become JSON, and graphs with their parameters, which become SameDiff's own
 * files. Each thing that can be saved writes itself into one and is made from one again.
 */
final class Description {
    /** The fact that names the result of the graph that is all there is. */
    private static final String OUTPUT = "output";

    private static final Gson GSON = new Gson();

    private final JsonObject facts;
    private final Map<String, GraphFunction> graphs = new LinkedHashMap<>();
    private final Path folder;
    private final String file;

    private Description(JsonObject facts, Path folder, String file) {
        this.facts = facts;
        this.folder = folder;
        this.file = file;
    }

    /**
     * An empty one, to be written into a folder.
     *
     * @param file of the graph where there is one alone, without its ending
     */
    static Description empty(Path folder, String file) {
        return new Description(new JsonObject(), folder, file);
    }

    // ---------------------------------------------------------------- writing

    /** Adds a number, a word, a truth or a list of them. */
    Description add(String fact, Object value) {
        facts.add(fact, GSON.toJsonTree(value));
        return this;
    }

    /** Adds a number if there is one. */
    Description addIfKnown(String fact, Double value) {
        return value == null ? this : add(fact, value);
    }

    /** Adds the graph that is all there is. */
    Description graph(GraphFunction function) {
        return graph(OUTPUT, function);
    }

    /** Adds one graph of several. */
    Description graph(String name, GraphFunction function) {
        graphs.put(name, function);
        return add(name, function.output());
    }

    /** Writes the graphs, then the facts. */
    void write(String json, Map<String, String> made) {
        add("made", made);
        graphs.forEach((name, graph) -> ModelFile.saveGraph(graph, folder, fileOf(name)));
        ModelFile.writeJson(facts, folder.resolve(json));
    }

    private String fileOf(String graph) {
        return (graph.equals(OUTPUT) ? file : graph) + ".sd";
    }

    // ---------------------------------------------------------------- reading

    /**
     * Makes something of what a folder says.
     *
     * @throws DataException which names the file, if one is missing, is damaged, or says what cannot be
     */
    static <T> T read(Path folder, String json, String file, Function<Description, T> made) {
        JsonObject facts = ModelFile.readJson(folder.resolve(json));
        try {
            return made.apply(new Description(facts, folder, file));
        } catch (DataException ofGraph) {
            throw ofGraph;
        } catch (RuntimeException e) {
            throw ModelFile.damaged(folder.resolve(json), e);
        }
    }

    String text(String fact) {
        return facts.get(fact).getAsString();
    }

    int whole(String fact) {
        return facts.get(fact).getAsInt();
    }

    double number(String fact) {
        return facts.get(fact).getAsDouble();
    }

    /** A truth that must be there. */
    boolean truth(String fact) {
        return facts.get(fact).getAsBoolean();
    }

    boolean has(String fact) {
        return facts.has(fact);
    }

    /** Whether a fact is there and true; files of former models lack some. */
    boolean isTrue(String fact) {
        return has(fact) && truth(fact);
    }

    /** A number, or null where there is none. */
    Double numberIfKnown(String fact) {
        return has(fact) ? number(fact) : null;
    }

    <T> List<T> list(String fact, Function<JsonElement, T> item) {
        List<T> list = new ArrayList<>();
        facts.get(fact).getAsJsonArray().forEach(each -> list.add(item.apply(each)));
        return list;
    }

    /** The result's name in the graph that is all there is. */
    String output() {
        return text(OUTPUT);
    }

    /** The graph that is all there is. */
    SameDiff graph() {
        return graph(OUTPUT);
    }

    /** The network that one graph of several is. */
    Network network(String name) {
        return Network.of(graph(name), text(name));
    }

    /** The network that is all there is. */
    Network network() {
        return network(OUTPUT);
    }

    private SameDiff graph(String name) {
        return ModelFile.loadGraph(folder, fileOf(name));
    }
}
