package org.ebvlm.datasets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ebvlm.errors.DataException;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Tables in text, through Tablesaw. */
final class CsvReader {
    private static final String[] MISSING = {"", "?", "*", "NA", "N/A", "NaN", "nan", "null"};

    private CsvReader() {}

    static Data read(SourceFile file, String... columns) {
        Table table = table(file);
        return columns.length == 0 ? numeric(file, table) : Data.of(chosen(file, table, columns));
    }

    /** A column of labels, and all others but some. */
    static Labelled labelled(SourceFile file, String label, String... leftOut) {
        Table table = table(file);
        Column<?> labels = chosen(file, table, new String[] {label}).column(0);
        Table rows = chosen(file, table, table.columnNames().toArray(new String[0]));
        chosen(file, table, leftOut);
        rows.removeColumns(label);
        rows.removeColumns(leftOut);
        return Labelled.of(Data.of(rows), labels(file, labels));
    }

    /** Numbers as they are; of words their places, from 0, in the alphabet. */
    private static Data labels(SourceFile file, Column<?> column) {
        if (column instanceof NumericColumn) {
            return Data.of(Table.create(file.name() + ", " + column.name(), column));
        }
        if (column.countMissing() > 0) {
            throw new DataException(file.wrong("a label is missing")
                    .expected("a label in every row")
                    .butWas(column.countMissing() + " without one in column " + column.name()));
        }
        List<String> words = column.asStringColumn().asList();
        List<String> classes = words.stream().distinct().sorted().toList();
        float[] values = new float[words.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = classes.indexOf(words.get(i));
        }
        return Data.of(file.name() + ", " + column.name() + ": " + String.join(", ", classes), values, 1);
    }

    private static Table table(SourceFile file) {
        // Spreadsheets put a byte order mark first, which would become part of the first name.
        String text = new String(file.bytes(), StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "");
        Dialect dialect = Dialect.of(text);
        try {
            return Table.read()
                    .usingOptions(CsvReadOptions.builderFromString(dialect.separated(text))
                            .tableName(file.name())
                            .separator(dialect.separator())
                            .header(dialect.header())
                            .missingValueIndicator(MISSING)
                            .columnTypesToDetect(List.of(ColumnType.DOUBLE, ColumnType.STRING))
                            .sample(false));
        } catch (RuntimeException e) {
            throw new DataException(file.wrong("the table cannot be read")
                    .expected("the same number of fields in every line, separated by " + dialect.name())
                    .butWas("a line that is not so")
                    .causedBy(e));
        }
    }

    /** All numeric columns; the provenance names the others, one of which may have been meant to be numeric. */
    private static Data numeric(SourceFile file, Table table) {
        Map<Boolean, List<Column<?>>> numeric =
                table.columns().stream().collect(Collectors.partitioningBy(column -> column instanceof NumericColumn));
        if (numeric.get(true).isEmpty()) {
            throw new DataException(file.wrong("no column is numeric")
                    .expected("at least one column of numbers")
                    .butWas(table.columnNames()));
        }
        Data data = Data.of(Table.create(table.name(), numeric.get(true)));
        String others = numeric.get(false).stream().map(Column::name).collect(Collectors.joining(", "));
        return others.isEmpty() ? data : data.noting("columns that are not numeric left out: " + others);
    }

    private static Table chosen(SourceFile file, Table table, String[] columns) {
        for (String column : columns) {
            if (!table.columnNames().contains(column)) {
                throw new DataException(file.wrong("there is no such column")
                        .expected("one of " + table.columnNames())
                        .butWas(column));
            }
        }
        return Table.create(
                table.name(), Arrays.stream(columns).map(table::column).collect(Collectors.toList()));
    }

    /** How a table is written, told by its first line. */
    private record Dialect(char separator, boolean blanks, boolean header) {
        static Dialect of(String text) {
            String first = text.lines()
                    .filter(line -> !line.isBlank())
                    .findFirst()
                    .orElse("")
                    .strip();
            char separator = ',';
            for (char candidate : new char[] {';', '\t'}) {
                if (count(first, candidate) > count(first, separator)) {
                    separator = candidate;
                }
            }
            boolean blanks = count(first, separator) == 0 && first.indexOf(' ') >= 0;
            String[] fields = first.split(blanks ? "\\s+" : String.valueOf(separator), -1);
            return new Dialect(
                    blanks ? '\t' : separator, blanks, Arrays.stream(fields).noneMatch(Dialect::isNumber));
        }

        /** The text with one separator between fields, where runs of blanks are what separates them. */
        String separated(String text) {
            return blanks
                    ? text.lines()
                            .map(line -> line.strip().replaceAll("\\s+", "\t"))
                            .collect(Collectors.joining("\n"))
                    : text;
        }

        String name() {
            return blanks ? "blanks" : separator == '\t' ? "tabs" : "'" + separator + "'";
        }

        private static long count(String line, char wanted) {
            return line.chars().filter(c -> c == wanted).count();
        }

        private static boolean isNumber(String field) {
            try {
                Double.parseDouble(field.strip());
                return true;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }
}
