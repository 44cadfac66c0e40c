package org.ebvlm.scoring;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    public record Row(String estimator, int particles, int innerSteps, Quality score, Optional<Quality> gradient) {}

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

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Audit, " + setting + "; truth: " + truth + "\n");
        text.append(String.format(
                Locale.ROOT,
                "%8s %6s %12s %-20s %10s %8s %8s   %s%n",
                "estimate",
                "steps",
                "particles",
                " bias (error)",
                "std",
                "SNR",
                "ms",
                "by"));
        for (Row row : rows) {
            line(text, row, "score", row.score());
            row.gradient().ifPresent(gradient -> line(text, row, "gradient", gradient));
        }
        return text + objective.map(name -> "gradient of " + name).orElse("score only");
    }

    private static void line(StringBuilder text, Row row, String what, Quality found) {
        text.append(String.format(
                Locale.ROOT,
                "%8s %6d %12s %-20s %10.3g %8.3g %8.3g   %s%n",
                what,
                row.innerSteps(),
                row.particles() == 0 ? "-" : row.particles(),
                String.format(Locale.ROOT, " %.3g (%.1g)", found.bias(), found.biasError()),
                found.std(),
                found.signalToNoise(),
                found.millis(),
                row.estimator()));
    }
}
