package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFolderTest {
    private static final Launch LAUNCH =
            new Launch(List.of("java", "-cp", "/gone/a.jar", Launch.CONNECTION_FILE), Map.of("A", "1"));

    @TempDir
    Path temp;

    private Path kernels() {
        return JupyterFolders.under(temp.resolve("env"));
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> paths = Files.walk(temp)) {
            return paths.filter(path -> !path.equals(temp)).sorted().toList();
        }
    }

    @Test
    void whatJupyterReadsIsThere() throws IOException {
        KernelFolder folder = KernelFolder.of(kernels(), "ebvlm");
        folder.install(LAUNCH);
        JsonObject spec = JsonParser.parseString(Files.readString(kernels().resolve("ebvlm/kernel.json")))
                .getAsJsonObject();
        assertEquals("message", spec.get("interrupt_mode").getAsString());
        assertEquals("java", spec.get("language").getAsString());
        assertEquals("Java (ebvlm)", spec.get("display_name").getAsString());
        assertEquals("{connection_file}", spec.getAsJsonArray("argv").get(3).getAsString());
        assertEquals("1", spec.getAsJsonObject("env").get("A").getAsString());
        assertEquals(List.of(Path.of("/gone/a.jar")), folder.missing());
        for (int size : new int[] {32, 64}) {
            byte[] bytes = Files.readAllBytes(folder.path().resolve("logo-" + size + "x" + size + ".png"));
            assertEquals(size, ImageIO.read(new ByteArrayInputStream(bytes)).getWidth());
        }
    }

    @Test
    void anUninstallLeavesNothingBehind() throws IOException {
        KernelFolder folder = KernelFolder.of(kernels(), "ebvlm");
        folder.install(LAUNCH);
        folder.install(LAUNCH);
        assertEquals(List.of(), folder.uninstall());
        assertEquals(List.of(), all());
    }

    @Test
    void anUninstallLeavesWhatOthersPutThere() throws IOException {
        Files.createDirectories(kernels().resolve("other"));
        KernelFolder folder = KernelFolder.of(kernels(), "ebvlm");
        List<Path> before = all();
        folder.install(LAUNCH);
        folder.uninstall();
        assertEquals(before, all());
        folder.install(LAUNCH);
        Path note = Files.createFile(folder.path().resolve("note.txt"));
        assertEquals(List.of(note), folder.uninstall());
        assertTrue(Files.exists(note));
        assertFalse(folder.isOurs());
    }

    @Test
    void aKernelOfSomeoneElseIsNeitherReplacedNorDeleted() throws IOException {
        Path spec = Files.createDirectories(kernels().resolve("ebvlm")).resolve("kernel.json");
        Files.writeString(spec, "{\"argv\":[\"x\"],\"metadata\":{\"debugger\":true}}");
        KernelFolder folder = KernelFolder.of(kernels(), "ebvlm");
        assertThrows(SettingException.class, () -> folder.install(LAUNCH));
        assertThrows(SettingException.class, folder::uninstall);
        assertTrue(Files.readString(spec).contains("debugger"));
        assertEquals(List.of(), KernelFolder.ours(kernels()));
        Files.writeString(spec, "not JSON");
        assertThrows(SettingException.class, () -> folder.install(LAUNCH));
    }

    @Test
    void anInstallReplacesAnEarlierOne() throws IOException {
        KernelFolder folder = KernelFolder.of(kernels(), "ebvlm");
        folder.install(LAUNCH);
        String before = Files.readString(folder.path().resolve("kernel.json"));
        List<Path> files = all();
        folder.install(new Launch(List.of("/new/java", "-cp", temp.toString()), Map.of()));
        assertNotEquals(before, Files.readString(folder.path().resolve("kernel.json")));
        assertEquals(files, all());
        assertEquals(List.of(Path.of("/new/java")), folder.missing());
        assertEquals(
                List.of("ebvlm"),
                KernelFolder.ours(kernels()).stream().map(KernelFolder::name).toList());
    }

    @Test
    void anInstallThatFailsLeavesNothingHalf() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        KernelFolder folder = KernelFolder.of(file.resolve("kernels"), "ebvlm");
        assertThrows(DataException.class, () -> folder.install(LAUNCH));
        assertEquals(List.of(file), all());
    }

    @Test
    void aNameThatJupyterDoesNotTakeIsRefused() {
        for (String name : new String[] {"", "a b", "a/b", "a~b", "..", "."}) {
            assertThrows(SettingException.class, () -> KernelFolder.of(temp, name), name);
        }
    }
}
