package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.picture.Curves;

/** How a training step grows, as rows of Markdown or JSON, and as a picture. */
final class ScalingTable {
    /** The lines above the rows. */
    static final String HEAD = """
            | grows     |   extent | ms a step | to the row before | bytes a step | programs MB | peak MB |
            |:----------|---------:|----------:|------------------:|-------------:|------------:|--------:|""";

    private static final double MB = 1 << 20;

    private static final String PAGE = """
            # How a training step grows

            %s

            ![Time of a step against growth](scaling.png)

            A VaGES-DSM step of a Gaussian RBM: five updates of the posterior, one of the model. Each extent grows
            alone about 64 visible and 64 hidden units, batches of 100, L = 2 particles; rows grow at 2/4 units. Times
            are medians. Bytes are allocated on the Java heap, programs are the arrays of the compiled programs, the
            peak is that of the resident memory of a process that does nothing else, most of it the virtual machine
            and its heap. In the picture, time and growth are relative to the base (to 1,000 rows where rows grow);
            the growth of a width is that of the geometric mean of visible and hidden units.

            %s
            """;

    private final List<Row> rows = new ArrayList<>();

    /**
     * A point with what was measured.
     *
     * @param ratio of its time to that of the row before; NaN for the first of what grows
     */
    record Row(ScalingPoint point, JsonObject timed, double ratio) {
        double ms() {
            return timed.get("msPerStep").getAsDouble();
        }

        JsonObject json() {
            JsonObject json = timed.deepCopy();
            json.addProperty("case", point.name());
            json.addProperty("grows", point.grows());
            json.addProperty("extent", point.extent());
            json.addProperty("factor", point.factor());
            if (!Double.isNaN(ratio)) {
                json.addProperty("ratio", ratio);
            }
            return json;
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "| %-9s | %8s | %9s | %17s | %12d | %11.2f | %7d |",
                    point.grows(),
                    point.extent(),
                    BenchCommand.digits(ms()),
                    Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio),
                    timed.get("bytesPerStep").getAsLong(),
                    timed.get("programBytes").getAsLong() / MB,
                    timed.get("peakMb").getAsLong());
        }
    }

    Row add(ScalingPoint point, JsonObject timed) {
        Row before = rows.isEmpty() ? null : rows.get(rows.size() - 1);
        boolean first = before == null || !before.point().grows().equals(point.grows());
        Row row = new Row(point, timed, Double.NaN);
        row = first ? row : new Row(point, timed, row.ms() / before.ms());
        rows.add(row);
        return row;
    }

    /** The line of a point that could not be timed. */
    static String failure(ScalingPoint point) {
        return String.format(
                "| %-9s | %8s | %9s | %17s | %12s | %11s | %7s |",
                point.grows(), point.extent(), "failed", "", "", "", "");
    }

    // ---------------------------------------------------------------- files

    /** The folder to write into, made if it is missing. */
    static Path folder(Path asked) {
        try {
            return Files.createDirectories(asked);
        } catch (IOException e) {
            throw new DataException(Facts.that("bench --out: the folder cannot be made")
                    .expected("a folder, or a path where one can be made")
                    .butWas(asked)
                    .causedBy(e));
        }
    }

    /** Writes the table and the picture; every extent needs its base among the rows. */
    void save(Path folder, String environment) {
        picture().save(folder.resolve("scaling.png"));
        String lines = rows.stream().map(Row::line).collect(Collectors.joining("\n"));
        try {
            Files.writeString(
                    folder.resolve("scaling.md"),
                    PAGE.formatted(Processor.description() + ". " + environment + ".", HEAD + "\n" + lines));
        } catch (IOException e) {
            throw new DataException(
                    Facts.that("bench --out: scaling.md cannot be written").causedBy(e));
        }
    }

    /** Relative time against relative growth, a curve for each extent. */
    private Curves picture() {
        Curves curves = null;
        for (String grows :
                rows.stream().map(row -> row.point().grows()).distinct().toList()) {
            List<Row> its = rows.stream()
                    .filter(row -> row.point().grows().equals(grows))
                    .toList();
            double base = its.stream()
                    .filter(row -> row.point().factor() == 1)
                    .findFirst()
                    .orElseThrow()
                    .ms();
            double[] x = its.stream().mapToDouble(row -> row.point().factor()).toArray();
            double[] y = its.stream().mapToDouble(row -> row.ms() / base).toArray();
            curves = curves == null ? Curves.of(grows, x, y) : curves.and(grows, x, y);
        }
        return curves.logX().logY().labelled("growth, relative to the base", "time of a step, relative to the base");
    }
}
