package org.ebvlm.notebook;

import java.util.List;
import tech.tablesaw.api.Table;

/** A table as lines of text, in columns. */
final class TableText {
    private TableText() {}

    static String of(Table table) {
        TableCells cells = TableCells.of(table);
        StringBuilder text = new StringBuilder(line(cells, cells.names()));
        cells.rows().forEach(row -> text.append('\n').append(row == null ? "…" : line(cells, row)));
        return cells.left().isEmpty() ? text.toString() : text + "\n" + cells.left();
    }

    private static String line(TableCells cells, List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < row.size(); c++) {
            String space = " ".repeat(cells.width(c) - row.get(c).length());
            line.append(c == 0 ? "" : "  ").append(cells.numeric().get(c) ? space + row.get(c) : row.get(c) + space);
        }
        return line.toString().stripTrailing();
    }
}
