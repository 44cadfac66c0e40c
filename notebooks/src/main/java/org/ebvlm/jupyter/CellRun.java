package org.ebvlm.jupyter;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What came of one cell.
 *
 * @param source its text
 * @param count its number, counted by the kernel
 * @param outputs outputs as nbformat stores them, a JSON object each
 * @param reply the kernel's answer: status, and the error if there is one
 * @param seconds how long it took, from the request to the last output
 */
public record CellRun(String source, int count, JsonArray outputs, JsonObject reply, double seconds) {
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");

    /** Whether the cell ended without an error. */
    public boolean isGood() {
        return reply.has("status") && reply.get("status").getAsString().equals("ok");
    }

    /** What the user reads when the cell erred, without colours. */
    public Optional<String> error() {
        return StreamSupport.stream(outputs.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(output -> output.get("output_type").getAsString().equals("error"))
                .map(output -> text(output.getAsJsonArray("traceback")))
                .findFirst()
                .or(() -> isGood() ? Optional.empty() : Optional.of(reply.toString()));
    }

    private static String text(JsonArray lines) {
        String text = StreamSupport.stream(lines.spliterator(), false)
                .map(JsonElement::getAsString)
                .collect(Collectors.joining("\n"));
        return COLOURS.matcher(text).replaceAll("");
    }
}
