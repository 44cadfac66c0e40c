package org.ebvlm.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A readable report: one HTML page beside its pictures, growing from top to bottom. */
public final class Page {
    private static final String FRAME = """
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

    private final String title;
    private final StringBuilder body = new StringBuilder();

    /** An empty page. */
    public Page(String title) {
        this.title = title;
    }

    /** A heading. */
    public Page heading(String text) {
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    /** A paragraph. */
    public Page text(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    /** A table with a line of names above its rows; cells that look like numbers are set as such. */
    public Page table(List<String> head, List<List<String>> rows) {
        body.append("<table>\n");
        if (!head.isEmpty()) {
            body.append(
                    head.stream().map(cell -> "<th>" + escaped(cell) + "</th>").collect(joined()));
        }
        for (List<String> row : rows) {
            body.append(row.stream().map(Page::cell).collect(joined()));
        }
        body.append("</table>\n");
        return this;
    }

    private static java.util.stream.Collector<CharSequence, ?, String> joined() {
        return Collectors.joining("", "<tr>", "</tr>\n");
    }

    private static String cell(String text) {
        boolean number = text.matches("[-+]?[0-9.,]+(e-?[0-9]+)?( ± .*)?");
        return (number ? "<td class=\"number\">" : "<td>") + escaped(text) + "</td>";
    }

    /** A picture that lies beside the page. */
    public Page figure(String file, String caption) {
        body.append("<figure><img src=\"%s\" alt=\"%s\"><figcaption>%s</figcaption></figure>\n"
                .formatted(file, escaped(caption), escaped(caption)));
        return this;
    }

    /** Writes the page. */
    public void write(Path file) {
        try {
            Files.writeString(file, FRAME.formatted(escaped(title), body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
