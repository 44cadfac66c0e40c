package org.ebvlm.notebook;

import java.util.List;
import tech.tablesaw.api.Table;

/** A table as plain well-formed HTML. It sets no colours, so it suits light and dark pages alike. */
final class TableHtml {
    private static final String RIGHT = " style=\"text-align:right\"";
    private static final String LEFT = " style=\"text-align:left\"";

    private TableHtml() {}

    static String of(Table table) {
        TableCells cells = TableCells.of(table);
        StringBuilder html = new StringBuilder("<table><thead>");
        html.append(row(cells, cells.names(), "th")).append("</thead><tbody>");
        for (List<String> row : cells.rows()) {
            html.append(
                    row == null
                            ? row(cells, cells.names().stream().map(name -> "…").toList(), "td")
                            : row(cells, row, "td"));
        }
        html.append("</tbody></table>");
        return cells.left().isEmpty() ? html.toString() : html + "<p>" + cells.left() + "</p>";
    }

    private static String row(TableCells cells, List<String> row, String tag) {
        StringBuilder html = new StringBuilder("<tr>");
        for (int c = 0; c < row.size(); c++) {
            html.append('<')
                    .append(tag)
                    .append(cells.numeric().get(c) ? RIGHT : LEFT)
                    .append('>');
            html.append(escaped(row.get(c))).append("</").append(tag).append('>');
        }
        return html.append("</tr>").toString();
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }
}
