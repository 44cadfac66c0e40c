package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Cores;
import org.ebvlm.program.Program;
import org.ebvlm.program.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what is on this machine and what is missing. */
@Command(
        name = "doctor",
        description = "Says in one screen what is on this machine and what is missing.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Shared shared = new Shared();

    private final Map<String, String> facts = new LinkedHashMap<>();
    private int problems;

    @Override
    public Integer call() {
        java();
        memory();
        natives();
        disk();
        programs();
        PrintWriter screen = spec.commandLine().getOut();
        facts.forEach((name, value) -> shared.say(screen, String.format("  %-18s %s", name, value)));
        shared.say(screen, problems == 0 ? "all is well" : problems + " things are missing");
        JsonObject json = new JsonObject();
        facts.forEach(json::addProperty);
        json.addProperty("problems", problems);
        shared.finish(screen, json);
        return problems == 0 ? 0 : 1;
    }

    private void java() {
        int feature = Runtime.version().feature();
        check(
                "java",
                feature >= 17 && feature <= 25,
                Runtime.version() + ", " + System.getProperty("java.vendor"),
                "this toolkit is tested on JDK 17 to 25");
        facts.put(
                "compiler", javax.tools.ToolProvider.getSystemJavaCompiler() == null ? "none (a JRE)" : "yes (a JDK)");
    }

    private void memory() {
        Runtime runtime = Runtime.getRuntime();
        facts.put(
                "machine",
                System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                        + runtime.availableProcessors() + " cores, heap up to " + (runtime.maxMemory() >> 20) + " MB");
        facts.put("processor", Processor.description());
        facts.put("vectors", Vectors.description());
    }

    private void natives() {
        try {
            long began = System.nanoTime();
            INDArray product = Nd4j.ones(2, 3).mmul(Nd4j.ones(3, 2));
            double seconds = (System.nanoTime() - began) * 1e-9;
            check(
                    "nd4j",
                    product.getDouble(0) == 3,
                    String.format("%s, first product in %.1f s", Versions.nd4j(), seconds),
                    "a product of ones is wrong");
            facts.put(
                    "matrix products",
                    String.format(
                            "%s, %.0f GFLOP/s on one core; large ones on up to %d",
                            System.getProperty("java.class.path").contains("onednn")
                                    ? "oneDNN, which finds the instruction set itself"
                                    : "OpenBLAS",
                            gigaflops(),
                            Cores.used()));
        } catch (LinkageError | RuntimeException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            check("nd4j", false, "", "native code does not load: " + root.getMessage());
        }
        for (String variable : new String[] {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS"}) {
            String value = System.getenv(variable);
            facts.put(variable, value == null ? "not set" : value);
        }
    }

    /** Speed of a product of two matrices of 512 rows and columns, as a program computes it; the best of a few. */
    private static double gigaflops() {
        int n = 512;
        int cores = Cores.used();
        Cores.use(1);
        Expr a = Expr.input("a", n, n);
        try (Program program = Program.of(a.matmul(a))) {
            float[] ones = new float[n * n];
            Arrays.fill(ones, 1f);
            program.set(a, ones);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < 10; i++) {
                long began = System.nanoTime();
                program.run();
                best = Math.min(best, (double) (System.nanoTime() - began));
            }
            return 2.0 * n * n * n / best;
        } finally {
            Cores.use(cores);
        }
    }

    private void disk() {
        Path cache = Path.of(System.getProperty(
                "org.bytedeco.javacpp.cachedir", System.getProperty("user.home") + "/.javacpp/cache"));
        facts.put(
                "native cache", cache + (Files.exists(cache) ? "" : " (not there yet: the first run unpacks 400 MB)"));
        Path here = Path.of("").toAbsolutePath();
        check("runs folder", Files.isWritable(here), here.resolve("runs").toString(), here + " cannot be written");
    }

    private void programs() {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean jupyter = false;
        for (String folder : path.split(System.getProperty("path.separator"), -1)) {
            jupyter |= !folder.isEmpty() && Files.isExecutable(Path.of(folder, "jupyter"));
        }
        facts.put("jupyter", jupyter ? "found" : "not found (only needed for notebooks)");
    }

    private void check(String name, boolean good, String value, String problem) {
        problems += good ? 0 : 1;
        facts.put(name, good ? value : "PROBLEM: " + problem + (value.isEmpty() ? "" : " (" + value + ")"));
    }
}
