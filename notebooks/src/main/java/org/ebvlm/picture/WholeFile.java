package org.ebvlm.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** Writes a file so that it is either the old one or the whole new one. */
final class WholeFile {
    private WholeFile() {}

    static Path write(Path file, byte[] bytes) {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new SettingException(Facts.that("Picture.save: the folder does not exist")
                    .expected("an existing folder to write into")
                    .butWas(folder == null ? file : folder)
                    .hint("create it first: Files.createDirectories(...)"));
        }
        // A name of its own, not Files.createTempFile, whose files only their owner may read.
        Path part = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.write(part, bytes);
            return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw notWritten(file, part, failure);
        }
    }

    private static DataException notWritten(Path file, Path part, IOException failure) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
        return new DataException(Facts.that("Picture.save: the file cannot be written")
                .expected("a writable file " + file)
                .butWas(failure.getClass().getSimpleName())
                .causedBy(failure));
    }
}
