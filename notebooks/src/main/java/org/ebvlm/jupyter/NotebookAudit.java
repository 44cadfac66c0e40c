package org.ebvlm.jupyter;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;

/**
 * What is wrong with an executed notebook: cells that err or write to standard error, displays without a text form, PNGs
 * that are none, SVG (which an untrusted notebook does not show), and stored outputs that are of other kinds than fresh ones.
 */
public final class NotebookAudit {
    private NotebookAudit() {}

    /** Complaints, one a line; none if all is well. */
    public static List<String> complaints(NotebookRun run) {
        List<String> complaints = new ArrayList<>();
        run.failure().ifPresent(complaints::add);
        List<JsonArray> stored = run.notebook().outputs();
        for (int i = 0; i < run.cells().size(); i++) {
            String cell = "cell " + (i + 1);
            JsonArray fresh = run.cells().get(i).outputs();
            fresh.forEach(output -> complain(cell, output.getAsJsonObject(), complaints));
            if (!kinds(fresh).equals(kinds(stored.get(i)))) {
                complaints.add(cell + " stores " + kinds(stored.get(i)) + ", but gives " + kinds(fresh)
                        + "; store it anew: ebvlm notebook run");
            }
        }
        return complaints;
    }

    private static void complain(String cell, JsonObject output, List<String> complaints) {
        if (isStream(output, "stderr")) {
            complaints.add(cell + " writes to standard error: " + NotebookFile.text(output.get("text")));
        }
        if (!output.has("data")) {
            return;
        }
        JsonObject data = output.getAsJsonObject("data");
        if (!data.has("text/plain") || NotebookFile.text(data.get("text/plain")).isBlank()) {
            complaints.add(cell + " shows " + data.keySet() + " without a text form");
        }
        if (data.has("image/svg+xml")) {
            complaints.add(cell + " shows SVG");
        }
        if (data.has("image/png") && !isPicture(NotebookFile.text(data.get("image/png")))) {
            complaints.add(cell + " shows a PNG that cannot be read");
        }
    }

    private static boolean isStream(JsonObject output, String name) {
        return output.has("name") && output.get("name").getAsString().equals(name);
    }

    private static boolean isPicture(String base64) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(base64);
            return ImageIO.read(new ByteArrayInputStream(bytes)) != null;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The kinds of the outputs of a cell: MIME types of what is shown, names of streams, "error". */
    static List<String> kinds(JsonArray outputs) {
        return StreamSupport.stream(outputs.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(NotebookAudit::kind)
                .toList();
    }

    private static String kind(JsonObject output) {
        if (output.has("data")) {
            return String.join("+", new TreeSet<>(output.getAsJsonObject("data").keySet()));
        }
        return output.has("name")
                ? output.get("name").getAsString()
                : output.get("output_type").getAsString();
    }
}
