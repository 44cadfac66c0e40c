package org.ebvlm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The readable report of a run, one HTML page beside its pictures. */
final class Report {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>%1$s</title>
            <style>
              body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
              table { border-collapse: collapse; margin: 1rem 0 }
              td, th { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #ddd; vertical-align: top }
              td.number { font-variant-numeric: tabular-nums; white-space: nowrap }
              img { max-width: 100%% }
              figcaption, td.note { color: #666 }
            </style>
            <h1>%1$s</h1>
            %2$s
            </html>
            """;

    private Report() {}

    static void write(
            Path folder, String title, Map<String, String> facts, Findings findings, Map<String, String> pictures) {
        StringBuilder body = new StringBuilder("<h2>Evaluation</h2>\n<table>\n");
        findings.all().values().forEach(finding -> body.append(row(finding)));
        body.append("</table>\n<h2>Pictures</h2>\n");
        pictures.forEach((file, caption) ->
                body.append("<figure><img src=\"%s\" alt=\"%s\"><figcaption>%s</figcaption></figure>\n"
                        .formatted(file, escaped(caption), escaped(caption))));
        body.append("<h2>How it was made</h2>\n<table>\n");
        facts.forEach((name, value) ->
                body.append("<tr><th>%s</th><td>%s</td></tr>\n".formatted(escaped(name), escaped(value))));
        body.append("</table>\n");
        try {
            Files.writeString(folder.resolve("report.html"), PAGE.formatted(escaped(title), body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String row(Findings.Finding finding) {
        String number = Double.isNaN(finding.value()) ? "-" : String.format(Locale.ROOT, "%.4g", finding.value());
        number += finding.error() > 0 ? String.format(Locale.ROOT, " ± %.2g", finding.error()) : "";
        return "<tr><td>%s</td><td class=\"number\">%s</td><td class=\"note\">%s</td></tr>\n"
                .formatted(escaped(finding.what()), number, escaped(finding.note()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
