package org.ebvlm.notebook;

import java.util.List;
import java.util.stream.Stream;

/** What notebooks and shells import before a user's first line, so that a sentence needs no import of its own. */
public final class Imports {
    /** What the sentences of this toolkit are made of. */
    private static final List<String> WORDS = List.of(
            "org.ebvlm.bayes.*",
            "org.ebvlm.datasets.*",
            "org.ebvlm.evaluation.*",
            "org.ebvlm.implicit.*",
            "org.ebvlm.likelihood.*",
            "org.ebvlm.model.*",
            "org.ebvlm.noise.Noise",
            "org.ebvlm.notebook.Notebook",
            "org.ebvlm.picture.*",
            "org.ebvlm.sampling.*",
            "org.ebvlm.scoring.*",
            "org.ebvlm.stein.*",
            "org.ebvlm.training.*",
            "org.ebvlm.variational.*",
            "static org.ebvlm.noise.Noise.seed",
            "static org.ebvlm.notebook.Notebook.curve",
            "static org.ebvlm.notebook.Notebook.progress",
            "static org.ebvlm.notebook.Notebook.show");

    /** What they meet at their borders: arrays, graphs, tables. By name, since these packages are full of common words. */
    private static final List<String> NEIGHBOURS = List.of(
            "org.nd4j.autodiff.samediff.SDVariable",
            "org.nd4j.autodiff.samediff.SameDiff",
            "org.nd4j.linalg.api.ndarray.INDArray",
            "org.nd4j.linalg.factory.Nd4j",
            "tech.tablesaw.api.DoubleColumn",
            "tech.tablesaw.api.StringColumn",
            "tech.tablesaw.api.Table",
            "tech.tablesaw.io.csv.CsvReadOptions");

    private Imports() {}

    /** One {@code import ...;} for each. */
    public static List<String> statements() {
        return Stream.concat(WORDS.stream(), NEIGHBOURS.stream())
                .map(name -> "import " + name + ";")
                .toList();
    }
}
