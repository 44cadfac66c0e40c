package org.ebvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The processor, as far as the system tells. */
final class Processor {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    /** Instructions that decide how fast kernels and matrix products can be. */
    private static final List<String> TELLING =
            List.of("avx2", "fma", "avx512f", "avx512vl", "avx512_vnni", "avx512_bf16", "amx_tile", "asimd", "sve");

    private Processor() {}

    /** Its name and the instructions that matter here; only the architecture where the system has no {@code /proc}. */
    static String description() {
        try {
            List<String> lines = Files.readAllLines(INFO);
            String name = field(lines, "model name").orElse(System.getProperty("os.arch"));
            List<String> flags = field(lines, "flags")
                    .or(() -> field(lines, "Features"))
                    .map(text -> Arrays.asList(text.split(" ", -1)))
                    .orElse(List.of());
            return name + TELLING.stream().filter(flags::contains).collect(Collectors.joining(" ", ", ", ""));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static Optional<String> field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
