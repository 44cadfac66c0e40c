package org.ebvlm.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * What of a table is shown: all of up to twenty rows, else the first and last ten, numbers to four or more figures.
 *
 * @param names of the columns
 * @param numeric which columns are numbers, to be aligned on the right
 * @param rows the cells as text; null stands for rows left out
 * @param left a note about what is left out; empty if nothing is
 */
record TableCells(List<String> names, List<Boolean> numeric, List<List<String>> rows, String left) {
    private static final int MOST = 20;

    static TableCells of(Table table) {
        int n = table.rowCount();
        List<List<String>> rows = new ArrayList<>();
        for (int r = 0; r < n; r++) {
            if (n <= MOST || r < MOST / 2 || r >= n - MOST / 2) {
                int row = r;
                rows.add(table.columns().stream().map(c -> cell(c, row)).toList());
            } else if (r == MOST / 2) {
                rows.add(null);
            }
        }
        return new TableCells(
                table.columnNames(),
                table.columns().stream().map(NumericColumn.class::isInstance).toList(),
                rows,
                n <= MOST ? "" : String.format(Locale.ROOT, "… %,d rows in all", n));
    }

    private static String cell(Column<?> column, int row) {
        if (column.isMissing(row)) {
            return "";
        }
        Object value = column.get(row);
        return value instanceof Double || value instanceof Float
                ? number(((Number) value).doubleValue())
                : String.valueOf(value);
    }

    /** A whole number as it is, another to four significant figures. */
    private static String number(double x) {
        if (x == Math.rint(x) && Math.abs(x) < 1e7) {
            return String.format(Locale.ROOT, "%.0f", x);
        }
        double size = Math.abs(x);
        if (!(size < 1e7) || size < 1e-4) {
            return String.format(Locale.ROOT, "%.3e", x);
        }
        int before = (int) Math.floor(Math.log10(size)) + 1;
        return String.format(Locale.ROOT, "%." + Math.max(0, 4 - before) + "f", x);
    }

    /** The widest cell of a column, its name included. */
    int width(int column) {
        return IntStream.concat(
                        IntStream.of(names.get(column).length()),
                        rows.stream().filter(row -> row != null).mapToInt(row -> row.get(column)
                                .length()))
                .max()
                .orElse(0);
    }
}
