package org.ebvlm.jupyter;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A notebook's JSON as Jupyter writes it: keys in the order of the alphabet, one space an indentation, texts as lists of
 * lines, a line feed at the end.
 */
final class NotebookText {
    /** Keys whose values are texts of several lines. */
    private static final Set<String> TEXTS = Set.of("source", "text", "application/javascript", "image/svg+xml");

    private final JsonWriter writer;

    private NotebookText(JsonWriter writer) {
        this.writer = writer;
    }

    static String of(JsonObject notebook) {
        StringWriter text = new StringWriter();
        JsonWriter writer = new JsonWriter(text);
        writer.setIndent(" ");
        writer.setHtmlSafe(false);
        try {
            new NotebookText(writer).write(notebook);
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private void write(JsonElement value) throws IOException {
        if (value == null || value.isJsonNull()) {
            writer.nullValue();
        } else if (value.isJsonObject()) {
            writeObject(value.getAsJsonObject());
        } else if (value.isJsonArray()) {
            writer.beginArray();
            for (JsonElement each : value.getAsJsonArray()) {
                write(each);
            }
            writer.endArray();
        } else if (value.getAsJsonPrimitive().isNumber()) {
            writer.value(value.getAsNumber());
        } else if (value.getAsJsonPrimitive().isBoolean()) {
            writer.value(value.getAsBoolean());
        } else {
            writer.value(value.getAsString());
        }
    }

    private void writeObject(JsonObject object) throws IOException {
        writer.beginObject();
        for (String key : new TreeSet<>(object.keySet())) {
            JsonElement value = object.get(key);
            writer.name(key);
            write(isText(key) && isString(value) ? lines(value.getAsString()) : value);
        }
        writer.endObject();
    }

    private static boolean isText(String key) {
        return TEXTS.contains(key) || key.startsWith("text/");
    }

    private static boolean isString(JsonElement value) {
        return value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isString();
    }

    /** Lines with their ends. */
    private static JsonArray lines(String text) {
        JsonArray lines = new JsonArray();
        if (!text.isEmpty()) {
            List.of(text.split("(?<=\n)", -1)).stream()
                    .filter(line -> !line.isEmpty())
                    .forEach(lines::add);
        }
        return lines;
    }
}
