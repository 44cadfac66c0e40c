package org.ebvlm.jupyter;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Outputs of a cell as a notebook file stores them: neighbouring pieces of a stream are one, and an update of a display
 * takes the place of what was displayed, in whichever cell that was.
 */
final class CellOutputs {
    private final Map<String, List<JsonObject>> displays;
    private final List<JsonObject> outputs = new ArrayList<>();
    private boolean clearBeforeNext;

    /** Displays by their identity, shared by the cells of a notebook. */
    CellOutputs(Map<String, List<JsonObject>> displays) {
        this.displays = displays;
    }

    void accept(Message message) {
        JsonObject content = message.content();
        switch (message.type()) {
            case "stream" ->
                stream(content.get("name").getAsString(), content.get("text").getAsString());
            case "display_data", "execute_result" -> display(message.type(), content);
            case "update_display_data" -> update(content);
            case "error" -> error(content);
            case "clear_output" -> clear(content);
            default -> {
                // Status and the echo of the input are no outputs.
            }
        }
    }

    private void stream(String name, String text) {
        if (text.isEmpty()) {
            return;
        }
        clearIfAsked();
        JsonObject last = outputs.isEmpty() ? new JsonObject() : outputs.get(outputs.size() - 1);
        if (last.has("name") && last.get("name").getAsString().equals(name)) {
            last.addProperty("text", last.get("text").getAsString() + text);
            return;
        }
        JsonObject output = output("stream");
        output.addProperty("name", name);
        output.addProperty("text", text);
        outputs.add(output);
    }

    private void display(String type, JsonObject content) {
        clearIfAsked();
        JsonObject output = output(type);
        output.add("data", object(content, "data"));
        output.add("metadata", object(content, "metadata"));
        if (type.equals("execute_result")) {
            output.add("execution_count", content.get("execution_count"));
        }
        outputs.add(output);
        String id = displayId(content);
        if (id != null) {
            displays.computeIfAbsent(id, any -> new ArrayList<>()).add(output);
        }
    }

    private void update(JsonObject content) {
        for (JsonObject output : displays.getOrDefault(String.valueOf(displayId(content)), List.of())) {
            output.add("data", object(content, "data"));
            output.add("metadata", object(content, "metadata"));
        }
    }

    private void error(JsonObject content) {
        clearIfAsked();
        JsonObject output = output("error");
        output.add("ename", content.get("ename"));
        output.add("evalue", content.get("evalue"));
        output.add("traceback", content.get("traceback"));
        outputs.add(output);
    }

    private void clear(JsonObject content) {
        clearBeforeNext = true;
        JsonElement wait = content.get("wait");
        if (wait == null || !wait.getAsBoolean()) {
            clearIfAsked();
        }
    }

    private void clearIfAsked() {
        if (clearBeforeNext) {
            outputs.clear();
            clearBeforeNext = false;
        }
    }

    private static JsonObject output(String type) {
        JsonObject output = new JsonObject();
        output.addProperty("output_type", type);
        return output;
    }

    private static JsonObject object(JsonObject content, String name) {
        JsonElement value = content.get(name);
        return value == null || value.isJsonNull()
                ? new JsonObject()
                : value.getAsJsonObject().deepCopy();
    }

    private static String displayId(JsonObject content) {
        JsonElement id = object(content, "transient").get("display_id");
        return id == null || id.isJsonNull() ? null : id.getAsString();
    }

    /** The outputs so far; later updates of displays show in it. */
    JsonArray json() {
        JsonArray json = new JsonArray();
        outputs.forEach(json::add);
        return json;
    }
}
