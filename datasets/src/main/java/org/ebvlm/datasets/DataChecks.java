package org.ebvlm.datasets;

import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** What values must be, each with the row and the column in the message. */
final class DataChecks {
    private DataChecks() {}

    static void finiteMatrix(float[] values, About about) {
        int width = about.width();
        if (width < 1 || values.length == 0 || values.length % width != 0) {
            throw new DataException(Facts.that("Data " + about.name() + ": the values do not fill whole rows")
                    .expected("n x width values, n and width at least 1")
                    .butWas(values.length + " values, width " + width));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw refused("Data", i, "a finite number", values, about);
            }
        }
    }

    static void rectangular(float[][] rows) {
        if (rows.length == 0 || rows[0].length == 0) {
            throw new DataException(Facts.that("Data.of: there are no values")
                    .expected("at least one row of at least one value")
                    .butWas(rows.length == 0 ? "no rows" : "an empty first row"));
        }
        for (int i = 1; i < rows.length; i++) {
            if (rows[i].length != rows[0].length) {
                throw new DataException(Facts.that("Data.of: the rows differ in length")
                        .expected(rows[0].length + " values in every row, as in row 0")
                        .butWas(rows[i].length + " values in row " + i));
            }
        }
    }

    static void within(String what, float[] values, double low, double high, About about) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] < low || values[i] > high) {
                throw refused(what, i, "a value from " + low + " to " + high, values, about);
            }
        }
    }

    /** One part in a thousand of a level is left for rounding. */
    static void levels(float[] values, int levels, About about) {
        within("Data.dequantized", values, 0, 1, about);
        for (int i = 0; i < values.length; i++) {
            double level = values[i] * (double) (levels - 1);
            if (Math.abs(level - Math.rint(level)) > 1e-3) {
                throw refused("Data.dequantized", i, "a multiple of 1/" + (levels - 1), values, about);
            }
        }
    }

    static void numeric(Table table) {
        if (table.columnCount() == 0 || table.rowCount() == 0) {
            throw new DataException(Facts.that("Data.of: table " + table.name() + " is empty")
                    .expected("at least one row and one numeric column")
                    .butWas(table.rowCount() + " rows and " + table.columnCount() + " columns"));
        }
        for (Column<?> column : table.columns()) {
            if (!(column instanceof NumericColumn)) {
                throw new DataException(
                        Facts.that("Data.of: column " + column.name() + " of table " + table.name() + " is not numeric")
                                .expected("numbers")
                                .butWas(column.type() + " such as " + column.getString(0))
                                .hint("choose the numeric columns by name"));
            }
            if (column.countMissing() > 0) {
                throw new DataException(Facts.that("Data.of: a value of column " + column.name() + " of table "
                                + table.name() + " is missing")
                        .expected("a number in every row")
                        .butWas("nothing in row " + column.isMissing().toArray()[0] + ", counting from 0 ("
                                + column.countMissing() + " missing in this column)")
                        .hint("leave out such rows or this column first"));
            }
        }
    }

    private static DataException refused(String what, int index, String expected, float[] values, About about) {
        return new DataException(Facts.that(what + ": a value of " + about.name() + " is out of range")
                .expected(expected)
                .butWas(values[index] + " in row " + index / about.width() + ", column "
                        + about.column(index % about.width()) + ", counting from 0"));
    }
}
