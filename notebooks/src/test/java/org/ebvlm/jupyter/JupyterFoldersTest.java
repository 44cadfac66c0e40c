package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jupyter's documented rules: the JUPYTER_DATA_DIR variable, else a place that depends on the operating system. */
class JupyterFoldersTest {
    private static final Path HOME = Path.of("/home/me");

    private static String user(String system, Map<String, String> environment) {
        return new JupyterFolders(environment, HOME, system).user().toString().replace('\\', '/');
    }

    @Test
    void theUsersFolderIsWhereJupyterLooks() {
        assertEquals("/home/me/.local/share/jupyter/kernels", user("Linux", Map.of()));
        assertEquals("/x/jupyter/kernels", user("Linux", Map.of("XDG_DATA_HOME", "/x")));
        assertEquals("/home/me/Library/Jupyter/kernels", user("Mac OS X", Map.of("XDG_DATA_HOME", "/x")));
        assertEquals("/a/jupyter/kernels", user("Windows 11", Map.of("APPDATA", "/a")));
        for (String system : new String[] {"Linux", "Mac OS X", "Windows 11"}) {
            assertEquals("/d/kernels", user(system, Map.of("JUPYTER_DATA_DIR", "/d", "APPDATA", "/a")));
        }
        assertEquals("/home/me/.local/share/jupyter/kernels", user("Linux", Map.of("JUPYTER_DATA_DIR", "")));
    }

    @Test
    void jupyterPathComesFirst() {
        String path = "/one" + File.pathSeparator + "/two";
        JupyterFolders folders = new JupyterFolders(Map.of("JUPYTER_PATH", path), HOME, "Linux");
        assertEquals(Path.of("/one/kernels"), folders.searched().get(0));
        assertEquals(Path.of("/two/kernels"), folders.searched().get(1));
        assertEquals(folders.user(), folders.searched().get(2));
    }

    @Test
    void aProgramIsFoundOnThePathOnly(@TempDir Path temp) throws IOException {
        JupyterFolders folders = new JupyterFolders(Map.of("PATH", temp.toString()), HOME, "Linux");
        assertFalse(folders.hasProgram("jupyter"));
        assertTrue(Files.createFile(temp.resolve("jupyter")).toFile().setExecutable(true));
        assertTrue(folders.hasProgram("jupyter"));
    }
}
