package org.ebvlm.datasets;

import java.util.List;
import java.util.Locale;
import org.ebvlm.errors.DataException;

/** Tells which format a file has. */
final class Formats {
    private static final List<String> TABLES = List.of(".csv", ".tsv", ".data", ".txt", ".tra", ".tes");

    private Formats() {}

    static Data read(SourceFile file) {
        String name = file.name().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (IdxReader.recognizes(file)) {
            return IdxReader.read(file);
        }
        if (MatReader.recognizes(file) || name.endsWith(".mat")) {
            return MatReader.read(file);
        }
        if (name.endsWith(".bin")) {
            return Cifar10Reader.read(file);
        }
        if (name.endsWith(".amat")) {
            return AmatReader.read(file);
        }
        if (TABLES.stream().anyMatch(name::endsWith)) {
            return CsvReader.read(file);
        }
        throw new DataException(file.wrong("the format is not known")
                .expected("idx or MATLAB 5 content, or a name ending in .bin, .amat, " + String.join(", ", TABLES))
                .butWas("the name " + file.name())
                .hint("name the format: Datasets.csv(path), idx(path), mat(path), amat(path), cifar10(path)"));
    }
}
