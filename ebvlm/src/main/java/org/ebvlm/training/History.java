package org.ebvlm.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * What happened during training, as plain numbers: for each measured name, steps, values and standard errors. Light
 * enough to keep in a cell.
 */
public final class History {
    private final Map<String, Series> series = new LinkedHashMap<>();

    /** The numbers of one name, growing. */
    private static final class Series {
        private double[] numbers = new double[3 * 16];
        private int length;

        void add(double step, double value, double error) {
            if (3 * length == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * numbers.length);
            }
            numbers[3 * length] = step;
            numbers[3 * length + 1] = value;
            numbers[3 * length + 2] = error;
            length++;
        }

        double[] column(int which) {
            double[] out = new double[length];
            for (int i = 0; i < length; i++) {
                out[i] = numbers[3 * i + which];
            }
            return out;
        }
    }

    void add(long step, Measurement measured) {
        series.computeIfAbsent(measured.name(), name -> new Series())
                .add((double) step, measured.value(), measured.standardError());
    }

    History copy() {
        History copy = new History();
        series.forEach((name, s) -> {
            Series same = new Series();
            same.numbers = s.numbers.clone();
            same.length = s.length;
            copy.series.put(name, same);
        });
        return copy;
    }

    /** What was measured. */
    public List<String> names() {
        return List.copyOf(series.keySet());
    }

    /** The steps at which a name was measured. */
    public double[] steps(String name) {
        return column(name, 0);
    }

    /** The values of a name. */
    public double[] values(String name) {
        return column(name, 1);
    }

    /** The standard errors of a name; NaN or zero where there are none. */
    public double[] standardErrors(String name) {
        return column(name, 2);
    }

    private double[] column(String name, int which) {
        return series.containsKey(name) ? series.get(name).column(which) : new double[0];
    }

    /** The last value of a name; NaN if it was never measured. */
    public double last(String name) {
        double[] values = values(name);
        return values.length == 0 ? Double.NaN : values[values.length - 1];
    }

    /** The step at which a name was last measured; -1 if it never was. */
    long lastStep(String name) {
        double[] steps = steps(name);
        return steps.length == 0 ? -1 : (long) steps[steps.length - 1];
    }

    /** A table with a column for the step, one for each name, and one for each name's standard error if it has any. */
    public Table toTable() {
        Map<String, Map<Long, Double>> columns = columns();
        long[] steps = stepsOfAll(columns);
        Table table = Table.create("history").addColumns(LongColumn.create("step", steps));
        columns.forEach((name, cells) -> table.addColumns(DoubleColumn.create(
                name,
                Arrays.stream(steps)
                        .mapToDouble(step -> cells.getOrDefault(step, Double.NaN))
                        .toArray())));
        return table;
    }

    /** Writes the table as CSV; a cell that was not measured is empty. */
    public Path writeCsv(Path file) {
        Map<String, Map<Long, Double>> columns = columns();
        // Written by hand: the library of tables looks through the whole class path when it is first used.
        StringBuilder text = new StringBuilder("step");
        columns.keySet().forEach(name -> text.append(',').append(name));
        for (long step : stepsOfAll(columns)) {
            text.append('\n').append(step);
            columns.values().forEach(cells -> {
                double cell = cells.getOrDefault(step, Double.NaN);
                text.append(',').append(Double.isNaN(cell) ? "" : Double.toString(cell));
            });
        }
        try {
            return Files.writeString(file, text.append('\n'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The columns of the table: name to cells, by step. */
    private Map<String, Map<Long, Double>> columns() {
        Map<String, Map<Long, Double>> columns = new LinkedHashMap<>();
        series.forEach((name, s) -> {
            columns.put(name, cells(s, 1));
            if (Arrays.stream(s.column(2)).anyMatch(e -> e > 0)) {
                columns.put(name + "StandardError", cells(s, 2));
            }
        });
        return columns;
    }

    private static Map<Long, Double> cells(Series s, int which) {
        Map<Long, Double> cells = new HashMap<>();
        for (int i = 0; i < s.length; i++) {
            cells.put((long) s.numbers[3 * i], s.numbers[3 * i + which]);
        }
        return cells;
    }

    private static long[] stepsOfAll(Map<String, Map<Long, Double>> columns) {
        return columns.values().stream()
                .flatMap(cells -> cells.keySet().stream())
                .mapToLong(Long::longValue)
                .sorted()
                .distinct()
                .toArray();
    }

    /** All numbers, for saving: name to triples of step, value, standard error. */
    Map<String, double[]> save() {
        Map<String, double[]> all = new LinkedHashMap<>();
        series.forEach((name, s) -> all.put(name, Arrays.copyOf(s.numbers, 3 * s.length)));
        return all;
    }

    static History restore(Map<String, double[]> saved) {
        History history = new History();
        saved.forEach((name, numbers) -> {
            Series s = new Series();
            for (int i = 0; i < numbers.length; i += 3) {
                s.add(numbers[i], numbers[i + 1], numbers[i + 2]);
            }
            history.series.put(name, s);
        });
        return history;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("History");
        series.forEach((name, s) -> text.append(text.length() == 7 ? " of " : ", ")
                .append(name)
                .append(" (")
                .append(s.length)
                .append(")"));
        return text.toString();
    }
}
