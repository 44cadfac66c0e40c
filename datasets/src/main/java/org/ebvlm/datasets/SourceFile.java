package org.ebvlm.datasets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;

/**
 * The content of a file, unpacked if it was gzip, and errors that name it.
 *
 * @param path where it lies
 * @param bytes what it holds, at least one byte
 */
record SourceFile(Path path, byte[] bytes) {
    static SourceFile open(Path path) {
        refuseNoFile(path);
        byte[] content = unpacked(path, content(path));
        if (content.length == 0) {
            throw new DataException(wrong(path, "the file is empty")
                    .expected("at least one row of data")
                    .butWas("0 bytes"));
        }
        return new SourceFile(path, content);
    }

    /** The file's name without folders. */
    String name() {
        return String.valueOf(path.getFileName());
    }

    /** Begins an error about this file. */
    Facts wrong(String what) {
        return wrong(path, what);
    }

    /** An error about the file's first bytes. */
    DataException wrongMagic(String format, String expected) {
        return new DataException(
                wrong("this is not " + format).expected(expected).butWas(hexHead()));
    }

    /** Whether the content begins with these bytes. */
    boolean beginsWith(int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (bytes[i] != (byte) magic[i]) {
                return false;
            }
        }
        return true;
    }

    private String hexHead() {
        int length = Math.min(8, bytes.length);
        return "the first bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes, 0, length);
    }

    private static void refuseNoFile(Path path) {
        if (Files.isRegularFile(path)) {
            return;
        }
        throw new DataException(wrong(path, "there is no such file")
                .expected("a file")
                .butWas(Files.isDirectory(path) ? "a folder" : "nothing")
                .hint(
                        Files.isDirectory(path)
                                ? "for a folder of photographs: Datasets.pictures(path).scaled(height, width)"
                                : "the full path would be "
                                        + path.toAbsolutePath().normalize()));
    }

    private static byte[] content(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new DataException(wrong(path, "the file cannot be read")
                    .expected("a readable file")
                    .butWas(e.getClass().getSimpleName())
                    .causedBy(e));
        }
    }

    private static byte[] unpacked(Path path, byte[] content) {
        if (content.length < 2 || content[0] != 0x1f || content[1] != (byte) 0x8b) {
            return content;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new DataException(wrong(path, "the gzip is damaged or cut off")
                    .expected("a whole gzip stream")
                    .butWas("one that breaks within its " + content.length + " bytes")
                    .hint("fetch the file again")
                    .causedBy(e));
        }
    }

    private static Facts wrong(Path path, String what) {
        return Facts.that("Reading " + path + ": " + what);
    }
}
