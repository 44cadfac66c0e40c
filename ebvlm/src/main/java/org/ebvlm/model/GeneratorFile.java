package org.ebvlm.model;

import java.nio.file.Path;
import java.util.Map;

/**
 * Implicit samplers on disk, alone or beside a model in its folder: {@code generator.sd}, the network as SameDiff's own file
 * with the parameters in it, and {@code generator.json}, its noise, labels, range and reference rows and how it was made. Loading gives a
 * sampler that makes the same samples of the same noise.
 */
public final class GeneratorFile {
    private static final String GRAPH = "generator";
    private static final String FACTS = "generator.json";

    private GeneratorFile() {}

    /**
     * Writes a sampler into a folder, which is made if need be.
     *
     * @param made how it was made, in words: data and its hash, settings, seed
     */
    public static Path save(Generator generator, Path folder, Map<String, String> made) {
        Description description = Description.empty(folder, GRAPH);
        generator.describe(description);
        description.write(FACTS, made);
        return folder;
    }

    /** Reads a sampler from a folder. */
    public static Generator load(Path folder) {
        return Description.read(folder, FACTS, GRAPH, Generator::described);
    }
}
