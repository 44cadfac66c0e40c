package org.ebvlm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ebvlm.jupyter.NotebookFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCommandTest {
    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] arguments = List.of(words).stream().map(Object::toString).toArray(String[]::new);
        return Main.execute(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private JsonObject json() {
        String[] lines = out.toString().split("\n", -1);
        assertEquals("", lines[lines.length - 1]);
        return JsonParser.parseString(lines[lines.length - 2]).getAsJsonObject();
    }

    @Test
    void aKernelIsInstalledListedAndUninstalled() throws IOException {
        Path prefix = temp.resolve("env");
        assertEquals(0, run("kernel", "install", "--prefix", prefix), err::toString);
        assertTrue(out.toString().contains("native code : ready"), out.toString());
        assertTrue(
                out.toString().contains("undo        : bin/ebvlm kernel uninstall --prefix " + prefix), out.toString());
        assertTrue(out.toString().contains("jupyter"), out.toString());
        Path folder = prefix.resolve("share/jupyter/kernels/ebvlm");
        assertTrue(Files.exists(folder.resolve("kernel.json")));
        assertEquals(0, run("kernel", "install", "--prefix", prefix, "--json"), err::toString);
        assertEquals(folder.toString(), json().get("folder").getAsString());
        assertEquals(0, run("kernel", "list", "--prefix", prefix, "--json"), err::toString);
        JsonObject listed = json().getAsJsonArray("kernels").get(0).getAsJsonObject();
        assertEquals(folder.toString(), listed.get("folder").getAsString());
        assertEquals(0, listed.get("missing").getAsInt());
        assertEquals(0, run("kernel", "uninstall", "--prefix", prefix), err::toString);
        assertFalse(Files.exists(prefix));
        assertEquals(2, run("kernel", "uninstall", "--prefix", prefix));
        assertTrue(err.toString().contains("there is no kernel of ours"), err.toString());
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertEquals(2, run("kernel"));
        assertEquals(2, run("notebook"));
        assertEquals(2, run("kernel", "uninstall", "--user", "--prefix", temp));
        assertEquals(2, run("kernel", "install", "--prefix", temp, "--jar", temp.resolve("none.jar")));
        assertEquals(2, run("notebook", "run", "--check", "--out", temp, "a.ipynb"));
        assertEquals(2, run("notebook", "run", temp.resolve("none.ipynb")));
    }

    @Test
    void aNotebookIsExecutedAndStoredUnlessACellErrs() throws IOException {
        Path good = temp.resolve("good.ipynb");
        NotebookFile.empty().markdown("# Sum").code("1 + 1").write(good);
        Path bad = temp.resolve("bad.ipynb");
        NotebookFile.empty()
                .code("int a = 1;")
                .code("throw new IllegalStateException(\"no\");")
                .write(bad);
        String before = Files.readString(bad);
        assertEquals(1, run("notebook", "run", bad, good), err::toString);
        String[] lines = out.toString().split("\n", -1);
        assertTrue(lines[0].startsWith("bad.ipynb ") && lines[1].contains("cell 2 erred"), out.toString());
        assertTrue(out.toString().contains("IllegalStateException: no"), out.toString());
        assertTrue(
                lines[lines.length - 2].matches("good.ipynb +1 cells, +[0-9.]+ s, kernel ready in [0-9.]+ s"),
                out.toString());
        assertEquals(before, Files.readString(bad));
        assertTrue(Files.readString(good).contains("\"text/plain\": [\n       \"2\"\n"), Files.readString(good));
    }

    @Test
    void aCheckStoresNothing() throws IOException {
        Path file = temp.resolve("new.ipynb");
        NotebookFile.empty().code("1 + 1").write(file);
        String before = Files.readString(file);
        assertEquals(1, run("notebook", "run", "--check", "--json", file), err::toString);
        JsonObject one = json().getAsJsonArray("notebooks").get(0).getAsJsonObject();
        String complaint = one.getAsJsonArray("complaints").get(0).getAsString();
        assertTrue(complaint.startsWith("cell 1 stores [], but gives [text/plain]"), complaint);
        assertEquals(before, Files.readString(file));
    }
}
