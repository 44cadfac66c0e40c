package org.ebvlm.cli;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.training.Measurement;

/** What an evaluation found: numbers, and for those that are not defined the reason. */
final class Findings {
    private final Map<String, Finding> all = new LinkedHashMap<>();

    /**
     * One of them.
     *
     * @param what it is, for people
     * @param value NaN if it is not defined
     * @param error standard error; zero or NaN if none
     * @param note how it was found, or why it was not
     */
    record Finding(String what, double value, double error, String note) {
        @Override
        public String toString() {
            if (Double.isNaN(value)) {
                return String.format(Locale.ROOT, "%-34s -        %s", what, note);
            }
            String number = String.format(Locale.ROOT, "%.4g", value);
            number += error > 0 ? String.format(Locale.ROOT, " ± %.2g", error) : "";
            return String.format(Locale.ROOT, "%-34s %-18s %s", what, number, note);
        }
    }

    void add(String name, String what, Measurement measured, String note) {
        all.put(name, new Finding(what, measured.value(), measured.standardError(), note));
    }

    void add(String name, String what, double value, String note) {
        all.put(name, new Finding(what, value, Double.NaN, note));
    }

    void missing(String name, String what, String reason) {
        all.put(name, new Finding(what, Double.NaN, Double.NaN, reason));
    }

    Map<String, Finding> all() {
        return all;
    }

    /** Each name with its number, null where it is not defined, its standard error where there is one, and its note. */
    void writeTo(JsonObject json) {
        all.forEach((name, finding) -> {
            if (Double.isFinite(finding.value())) {
                json.addProperty(name, finding.value());
            } else {
                json.add(name, JsonNull.INSTANCE);
            }
            if (finding.error() > 0) {
                json.addProperty(name + "StandardError", finding.error());
            }
            json.addProperty(name + "Note", finding.note());
        });
    }

    /** One line each. */
    String text() {
        StringBuilder text = new StringBuilder();
        all.values().forEach(finding -> text.append("  ").append(finding).append('\n'));
        return text.toString();
    }
}
