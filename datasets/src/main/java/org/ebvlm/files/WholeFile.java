package org.ebvlm.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;

/** Files that are there whole or not at all: written beside their place under another name, then moved into it. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes a file's content to a path. */
    @FunctionalInterface
    public interface Content {
        /** Writes to a draft; what it throws is reported and the draft removed. */
        void writeTo(Path draft) throws IOException;
    }

    /**
     * Writes a file, and its folder if need be. An older file of that name stays until the new one is complete.
     *
     * @throws DataException if it cannot be written; nothing is left behind then
     */
    public static void write(Path file, Content content) {
        Path draft = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            content.writeTo(draft);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            remove(draft);
            throw new DataException(Facts.that(file + " cannot be written").causedBy(e));
        }
    }

    private static void remove(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException alreadyReported) {
            // The error that led here is the one to tell.
            return;
        }
    }
}
