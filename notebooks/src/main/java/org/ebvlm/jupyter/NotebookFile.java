package org.ebvlm.jupyter;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;

/**
 * A notebook as Jupyter stores it (nbformat 4). What is written depends on the content alone: no times, identities of cells
 * that stay, keys and indentation as Jupyter writes them, so that a difference between two files is a difference.
 */
public final class NotebookFile {
    private static final int MINOR = 5;
    private static final String OUTPUTS = "outputs";
    private static final String COUNT = "execution_count";
    private static final String METADATA = "metadata";

    private final JsonObject json;

    private NotebookFile(JsonObject json) {
        this.json = json;
    }

    /** A notebook without cells. */
    public static NotebookFile empty() {
        JsonObject json = new JsonObject();
        json.add("cells", new JsonArray());
        json.add(METADATA, new JsonObject());
        json.addProperty("nbformat", 4);
        json.addProperty("nbformat_minor", MINOR);
        return new NotebookFile(json);
    }

    /** Reads a file. */
    public static NotebookFile read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new DataException(Facts.that("NotebookFile: " + file + " cannot be read")
                    .expected("a notebook, *.ipynb")
                    .butWas(Files.exists(file) ? "a file that cannot be read" : "nothing")
                    .causedBy(e));
        }
    }

    static NotebookFile parse(String text, String name) {
        JsonObject json;
        try {
            json = JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new DataException(Facts.that("NotebookFile: " + name + " is no notebook")
                    .expected("a JSON object")
                    .butWas("text that is none")
                    .causedBy(e));
        }
        JsonElement format = json.get("nbformat");
        if (format == null || !format.toString().equals("4") || !json.has("cells")) {
            throw new DataException(Facts.that("NotebookFile: " + name + " has a format that is not read")
                    .expected("nbformat 4, with cells")
                    .butWas(format == null ? "no nbformat" : "nbformat " + format)
                    .hint("open it in Jupyter and save it, or: jupyter nbconvert --to notebook"));
        }
        return new NotebookFile(json);
    }

    /** This notebook with a cell of text behind the others. */
    public NotebookFile markdown(String text) {
        return with("markdown", text);
    }

    /** This notebook with a cell of code behind the others, not executed. */
    public NotebookFile code(String text) {
        return with("code", text);
    }

    private NotebookFile with(String type, String text) {
        JsonObject copy = json.deepCopy();
        JsonObject cell = new JsonObject();
        cell.addProperty("cell_type", type);
        cell.add(METADATA, new JsonObject());
        cell.addProperty("source", text);
        copy.getAsJsonArray("cells").add(cell);
        return new NotebookFile(copy);
    }

    /** The texts of the cells of code, in order; those that hold nothing but white space are left out, as Jupyter does. */
    public List<String> sources() {
        return codeCells(json).stream().map(cell -> text(cell.get("source"))).toList();
    }

    /** The stored outputs of the cells of {@link #sources}, as nbformat stores them. */
    public List<JsonArray> outputs() {
        return codeCells(json).stream()
                .map(cell -> cell.has(OUTPUTS) ? cell.getAsJsonArray(OUTPUTS).deepCopy() : new JsonArray())
                .toList();
    }

    /**
     * This notebook with what came of its cells.
     *
     * @param runs one for each of {@link #sources}; the cells are numbered anew from 1
     */
    public NotebookFile executed(List<CellRun> runs) {
        JsonObject copy = json.deepCopy();
        List<JsonObject> cells = codeCells(copy);
        if (cells.size() != runs.size()) {
            throw new DataException(Facts.that("NotebookFile.executed: not as many runs as cells")
                    .expected(cells.size() + " runs")
                    .butWas(runs.size()));
        }
        for (int i = 0; i < cells.size(); i++) {
            JsonArray outputs = runs.get(i).outputs().deepCopy();
            for (JsonElement output : outputs) {
                if (output.getAsJsonObject().has(COUNT)) {
                    output.getAsJsonObject().addProperty(COUNT, i + 1);
                }
            }
            cells.get(i).add(OUTPUTS, outputs);
            cells.get(i).addProperty(COUNT, i + 1);
        }
        JsonObject metadata = new JsonObject();
        metadata.add("kernelspec", kernelspec());
        metadata.add("language_info", languageInfo());
        JsonObject all = copy.has(METADATA) ? copy.getAsJsonObject(METADATA) : new JsonObject();
        metadata.entrySet().forEach(entry -> all.add(entry.getKey(), entry.getValue()));
        copy.add(METADATA, all);
        return new NotebookFile(copy);
    }

    private static JsonObject kernelspec() {
        JsonObject spec = new JsonObject();
        spec.addProperty("display_name", Launch.DISPLAY_NAME);
        spec.addProperty("language", "java");
        spec.addProperty("name", KernelFolder.NAME);
        return spec;
    }

    /** Without the version of Java, which changes from machine to machine. */
    private static JsonObject languageInfo() {
        JsonObject info = new JsonObject();
        info.addProperty("codemirror_mode", "java");
        info.addProperty("file_extension", ".jshell");
        info.addProperty("mimetype", "text/x-java-source");
        info.addProperty("name", "Java");
        info.addProperty("pygments_lexer", "java");
        return info;
    }

    private static List<JsonObject> codeCells(JsonObject json) {
        return StreamSupport.stream(json.getAsJsonArray("cells").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(cell -> cell.get("cell_type").getAsString().equals("code"))
                .filter(cell -> !text(cell.get("source")).isBlank())
                .toList();
    }

    /** A text that is stored whole or as a list of lines. */
    static String text(JsonElement stored) {
        if (stored == null) {
            return "";
        }
        if (!stored.isJsonArray()) {
            return stored.getAsString();
        }
        StringBuilder text = new StringBuilder();
        stored.getAsJsonArray().forEach(line -> text.append(line.getAsString()));
        return text.toString();
    }

    /** What a file of this notebook holds. */
    public String text() {
        JsonObject whole = json.deepCopy();
        whole.addProperty("nbformat_minor", MINOR);
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (JsonElement each : whole.getAsJsonArray("cells")) {
            tidy(each.getAsJsonObject(), ++number, ids);
        }
        return NotebookText.of(whole);
    }

    private static void tidy(JsonObject cell, int number, Set<String> ids) {
        JsonObject metadata = cell.has(METADATA) ? cell.getAsJsonObject(METADATA) : new JsonObject();
        // When it was executed, as JupyterLab may record.
        metadata.remove("execution");
        cell.add(METADATA, metadata);
        String id = cell.has("id") ? cell.get("id").getAsString() : "cell-" + number;
        while (!ids.add(id)) {
            id += "-" + number;
        }
        cell.addProperty("id", id);
        if (cell.get("cell_type").getAsString().equals("code")) {
            boolean empty = text(cell.get("source")).isBlank();
            if (empty || !cell.has(OUTPUTS)) {
                cell.add(OUTPUTS, new JsonArray());
            }
            if (empty || !cell.has(COUNT)) {
                cell.add(COUNT, null);
            }
        }
    }

    /** Writes the file, so that it is either the old one or the whole new one. */
    public void write(Path file) {
        Path path = file.toAbsolutePath();
        Path part = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.write(part, text().getBytes(StandardCharsets.UTF_8));
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            List<Throwable> also = new ArrayList<>();
            try {
                Files.deleteIfExists(part);
            } catch (IOException second) {
                also.add(second);
            }
            also.forEach(e::addSuppressed);
            throw new DataException(Facts.that("NotebookFile: " + file + " cannot be written")
                    .expected("a folder that can be written")
                    .butWas(e.getClass().getSimpleName())
                    .causedBy(e));
        }
    }
}
