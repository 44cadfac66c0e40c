package org.ebvlm.scoring;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What an {@link EstimatorAudit} found: a row for each setting.
 *
 * @param rows in the order of inner steps, then particles
 * @param truth what the estimates were compared with
 * @param objective whose parameter gradient was estimated; empty if the score alone was
 * @param setting of the measurement: rows of data and repeats
 */
public record Audit(List<Row> rows, String truth, Optional<String> objective, String setting) {

    /** Keeps a copy of the rows. */
    public Audit {
        rows = List.copyOf(rows);
    }

    /**
     * One setting.
     *
     * @param estimator its name
     * @param particles draws of h for each row; 0 where an estimator was given as it is
     * @param innerSteps of the posterior before
     * @param score accuracy of the score, a row of data at a time: root mean squares over rows, in the unit of 1 / v
     * @param gradient accuracy of the parameter gradient as one vector
     */
    public record Row(String estimator, int particles, int innerSteps, Quality score, Optional<Quality> gradient) {
        @Override
        public String toString() {
            return estimator + " after " + innerSteps + " inner steps\n  score     " + score
                    + gradient.map(found -> "\n  gradient  " + found).orElse("");
        }
    }

    /** The rows of one number of particles. */
    public List<Row> ofParticles(int number) {
        return rows.stream().filter(row -> row.particles() == number).toList();
    }

    /** The rows of one number of inner steps. */
    public List<Row> ofInnerSteps(int number) {
        return rows.stream().filter(row -> row.innerSteps() == number).toList();
    }

    /** As a table: a column for each number, a row for each setting and each of score and gradient. */
    public Table toTable() {
        Table table = Table.create(
                "audit",
                StringColumn.create("estimator"),
                StringColumn.create("estimates"),
                IntColumn.create("innerSteps"),
                IntColumn.create("particles"),
                DoubleColumn.create("bias"),
                DoubleColumn.create("biasError"),
                DoubleColumn.create("std"),
                DoubleColumn.create("signal"),
                DoubleColumn.create("signalToNoise"),
                DoubleColumn.create("millis"));
        for (Row row : rows) {
            append(table, row, "score", row.score());
            row.gradient().ifPresent(gradient -> append(table, row, "gradient", gradient));
        }
        return table;
    }

    private static void append(Table table, Row row, String what, Quality found) {
        table.stringColumn("estimator").append(row.estimator());
        table.stringColumn("estimates").append(what);
        table.intColumn("innerSteps").append(row.innerSteps());
        table.intColumn("particles").append(row.particles());
        table.doubleColumn("bias").append(found.bias());
        table.doubleColumn("biasError").append(found.biasError());
        table.doubleColumn("std").append(found.std());
        table.doubleColumn("signal").append(found.signal());
        table.doubleColumn("signalToNoise").append(found.signalToNoise());
        table.doubleColumn("millis").append(found.millis());
    }

    /** Four lines at most; {@link #toTable} has all settings. */
    @Override
    public String toString() {
        return "Audit, " + setting + "; truth: " + truth
                + summary("score   ", rows.stream().map(Row::score).toList())
                + summary(
                        "gradient",
                        rows.stream().flatMap(row -> row.gradient().stream()).toList())
                + objective.map(name -> "\n  gradient of " + name).orElse("");
    }

    /** From the least to the greatest over settings; nothing if there are none. */
    private static String summary(String what, List<Quality> found) {
        return found.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%n  %s  bias %s, std %s, signal to noise %s, ms %s in %d settings",
                        what,
                        range(found, Quality::bias),
                        range(found, Quality::std),
                        range(found, Quality::signalToNoise),
                        range(found, Quality::millis),
                        found.size());
    }

    private static String range(List<Quality> found, ToDoubleFunction<Quality> number) {
        DoubleSummaryStatistics all = found.stream().mapToDouble(number).summaryStatistics();
        return found.size() == 1
                ? String.format(Locale.ROOT, "%.3g", all.getMin())
                : String.format(Locale.ROOT, "%.3g to %.3g", all.getMin(), all.getMax());
    }
}
