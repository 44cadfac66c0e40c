package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ebvlm.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotebookFileTest {
    @TempDir
    Path temp;

    private static CellRun run(String outputs) {
        JsonObject reply = new JsonObject();
        reply.addProperty("status", "ok");
        JsonArray array = JsonParser.parseString(outputs.replace('\'', '"')).getAsJsonArray();
        return new CellRun("", 7, array, reply, 1.5);
    }

    /** As nbformat writes it: json.dumps(..., ensure_ascii=False, indent=1, sort_keys=True) and a line feed. */
    @Test
    void theTextIsWhatJupyterWrites() {
        NotebookFile notebook = NotebookFile.empty()
                .markdown("# <b>π</b>\nand \"more\"\n")
                .code("1 +\n1")
                .executed(
                        List.of(
                                run(
                                        "[{'output_type':'execute_result','metadata':{},'execution_count':7,'data':{'text/plain':'2','image/png':'iVBO'}}]")));
        String expected = """
                {
                 "cells": [
                  {
                   "cell_type": "markdown",
                   "id": "cell-1",
                   "metadata": {},
                   "source": [
                    "# <b>π</b>\\n",
                    "and \\"more\\"\\n"
                   ]
                  },
                  {
                   "cell_type": "code",
                   "execution_count": 1,
                   "id": "cell-2",
                   "metadata": {},
                   "outputs": [
                    {
                     "data": {
                      "image/png": "iVBO",
                      "text/plain": [
                       "2"
                      ]
                     },
                     "execution_count": 1,
                     "metadata": {},
                     "output_type": "execute_result"
                    }
                   ],
                   "source": [
                    "1 +\\n",
                    "1"
                   ]
                  }
                 ],
                 "metadata": {
                  "kernelspec": {
                   "display_name": "Java (ebvlm)",
                   "language": "java",
                   "name": "ebvlm"
                  },
                  "language_info": {
                   "codemirror_mode": "java",
                   "file_extension": ".jshell",
                   "mimetype": "text/x-java-source",
                   "name": "Java",
                   "pygments_lexer": "java"
                  }
                 },
                 "nbformat": 4,
                 "nbformat_minor": 5
                }
                """;
        assertEquals(expected, notebook.text());
        assertEquals(expected, NotebookFile.parse(expected, "itself").text());
    }

    @Test
    void timesAreDroppedAndIdentitiesStay() {
        String text = """
                {"cells":[{"cell_type":"code","id":"abc","metadata":{"execution":{"iopub.status.busy":"2026"},"tags":["x"]},
                "execution_count":3,"outputs":[],"source":["a\\n","b"]}],"metadata":{"mine":1},"nbformat":4,"nbformat_minor":4}
                """;
        NotebookFile notebook = NotebookFile.parse(text, "text");
        assertEquals(List.of("a\nb"), notebook.sources());
        String written = notebook.text();
        assertTrue(written.contains("\"id\": \"abc\""), written);
        assertTrue(written.contains("\"tags\"") && written.contains("\"mine\": 1"), written);
        assertTrue(!written.contains("2026") && written.contains("\"nbformat_minor\": 5"), written);
    }

    @Test
    void cellsAreNumberedFromOneAndEmptyOnesAreNot() {
        NotebookFile notebook = NotebookFile.empty().code("1").code(" \n").code("2");
        assertEquals(List.of("1", "2"), notebook.sources());
        String text = notebook.executed(List.of(run("[]"), run("[]"))).text();
        List<String> counts = Stream.of(text.split("\n", -1))
                .filter(line -> line.contains("execution_count"))
                .map(String::trim)
                .toList();
        assertEquals(
                List.of("\"execution_count\": 1,", "\"execution_count\": null,", "\"execution_count\": 2,"), counts);
        assertThrows(DataException.class, () -> notebook.executed(List.of(run("[]"))));
    }

    @Test
    void whatIsWrittenIsReadAndNothingElseIsLeft() throws IOException {
        NotebookFile notebook = NotebookFile.empty().markdown("text").code("1 + 1");
        Path file = temp.resolve("a.ipynb");
        notebook.write(file);
        notebook.write(file);
        assertEquals(notebook.text(), NotebookFile.read(file).text());
        try (Stream<Path> all = Files.list(temp)) {
            assertEquals(List.of(file), all.toList());
        }
    }

    @Test
    void whatIsNoNotebookIsRefused() throws IOException {
        Path file = temp.resolve("a.ipynb");
        assertMessage("nothing", file);
        Files.writeString(file, "{");
        assertMessage("is no notebook", file);
        Files.writeString(file, "[]");
        assertMessage("is no notebook", file);
        Files.writeString(file, "{\"nbformat\": 3, \"worksheets\": []}");
        assertMessage("nbformat 3", file);
        Path nowhere = temp.resolve("none").resolve("a.ipynb");
        assertThrows(DataException.class, () -> NotebookFile.empty().write(nowhere));
    }

    private static void assertMessage(String part, Path file) {
        DataException error = assertThrows(DataException.class, () -> NotebookFile.read(file));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    @Test
    void theAuditNamesWhatIsWrong() {
        String svg = "[{'output_type':'display_data','metadata':{},'data':{'image/svg+xml':'<svg/>'}}]";
        String png = "[{'output_type':'display_data','metadata':{},'data':{'text/plain':'p','image/png':'bm8='}}]";
        String noise = "[{'output_type':'stream','name':'stderr','text':'careful'}]";
        NotebookFile notebook = NotebookFile.empty().code("1").code("2").code("3");
        List<CellRun> runs = List.of(run(svg), run(png), run(noise));
        List<String> complaints = NotebookAudit.complaints(new NotebookRun(notebook.executed(runs), runs, 0, 0));
        assertEquals(
                List.of(
                        "cell 1 shows [image/svg+xml] without a text form",
                        "cell 1 shows SVG",
                        "cell 2 shows a PNG that cannot be read",
                        "cell 3 writes to standard error: careful"),
                complaints);
        List<String> unstored =
                NotebookAudit.complaints(new NotebookRun(NotebookFile.empty().code("1"), List.of(run(noise)), 0, 0));
        assertTrue(unstored.get(1).contains("stores [], but gives [stderr]"), unstored.toString());
    }
}
