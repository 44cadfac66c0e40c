package org.ebvlm.notebook;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;

/** For scripts and shells: text is printed, a picture becomes a file in a folder, with a line that says which. */
final class FolderScreen implements Screen {
    private final Path folder;
    private final Supplier<PrintStream> out;
    private int shown;

    FolderScreen(Path folder, Supplier<PrintStream> out) {
        this.folder = folder;
        this.out = out;
    }

    @Override
    public synchronized void show(Rendering thing) {
        thing.png()
                .ifPresentOrElse(
                        bytes -> {
                            Path file = next(thing);
                            write(file, bytes);
                            announce(thing, file);
                        },
                        () -> out.get().println(thing.text()));
    }

    /** A picture's file is written again and again, and announced once; text is printed each time. */
    @Override
    public Spot spot() {
        Path[] file = new Path[1];
        return thing -> {
            synchronized (this) {
                if (thing.png().isEmpty()) {
                    show(thing);
                    return;
                }
                boolean first = file[0] == null;
                file[0] = first ? next(thing) : file[0];
                write(file[0], thing.png().get());
                if (first) {
                    announce(thing, file[0]);
                }
            }
        };
    }

    private Path next(Rendering thing) {
        return folder.resolve(String.format(Locale.ROOT, "%03d-%s.png", ++shown, thing.name()));
    }

    private void announce(Rendering thing, Path file) {
        out.get().println(thing.text() + ": " + file);
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException failure) {
            throw new DataException(Facts.that("show: the picture cannot be written")
                    .expected("a writable file " + file.toAbsolutePath())
                    .butWas(failure.getClass().getSimpleName())
                    .hint("-Debvlm.shows=FOLDER names another folder")
                    .causedBy(failure));
        }
    }
}
