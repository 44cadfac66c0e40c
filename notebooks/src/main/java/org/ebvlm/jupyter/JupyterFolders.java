package org.ebvlm.jupyter;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where Jupyter looks for kernels, and which programs are there, by Jupyter's own rules, without asking it.
 *
 * @param environment the variables that steer it
 * @param home the user's folder
 * @param system name of the operating system, as Java calls it
 */
public record JupyterFolders(Map<String, String> environment, Path home, String system) {
    /** As it is on this machine. */
    public static JupyterFolders here() {
        return new JupyterFolders(
                System.getenv(), Path.of(System.getProperty("user.home")), System.getProperty("os.name"));
    }

    /** The user's own kernels. */
    public Path user() {
        return data().resolve("kernels");
    }

    /** The kernels of an installation of Python, or of the machine. */
    public static Path under(Path prefix) {
        return prefix.toAbsolutePath().normalize().resolve(Path.of("share", "jupyter", "kernels"));
    }

    private Path data() {
        Optional<Path> chosen = path("JUPYTER_DATA_DIR");
        if (chosen.isPresent()) {
            return chosen.get();
        }
        if (system.startsWith("Mac")) {
            return home.resolve(Path.of("Library", "Jupyter"));
        }
        if (system.startsWith("Windows")) {
            return path("APPDATA").orElse(home.resolve(".jupyter")).resolve("jupyter");
        }
        return path("XDG_DATA_HOME")
                .orElse(home.resolve(Path.of(".local", "share")))
                .resolve("jupyter");
    }

    private Optional<Path> path(String variable) {
        String value = environment.get(variable);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
    }

    /** Every folder of kernels that Jupyter searches and that is known without Python. */
    public List<Path> searched() {
        List<Path> folders = new ArrayList<>();
        String path = environment.getOrDefault("JUPYTER_PATH", "");
        Stream.of(path.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .forEach(entry -> folders.add(Path.of(entry, "kernels")));
        folders.add(user());
        path("VIRTUAL_ENV").ifPresent(prefix -> folders.add(under(prefix)));
        path("CONDA_PREFIX").ifPresent(prefix -> folders.add(under(prefix)));
        if (!system.startsWith("Windows")) {
            folders.add(under(Path.of("/usr/local")));
            folders.add(under(Path.of("/usr")));
        }
        return folders.stream().distinct().toList();
    }

    /** Whether there is a program of this name on the path of programs. */
    public boolean hasProgram(String name) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> Stream.of(Path.of(folder, name), Path.of(folder, name + ".exe")))
                .anyMatch(Files::isExecutable);
    }
}
