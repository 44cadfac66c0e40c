package org.ebvlm.reproduce;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.model.ModelFile;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Drawing;
import org.ebvlm.report.Page;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;

/**
 * What an experiment is given, and what it tells: tables, pictures and numbers, which end as a page beside them. Trainings
 * are kept in the folder as they go, so an experiment that is asked for again in the same folder goes on where it was.
 */
public final class Account {
    private final Experiment what;
    private final Path folder;
    private final Scale scale;
    private final Noise noise;
    private final Path data;
    private final Consumer<String> screen;
    private final Consumer<Progress> progress;
    private final Page page;
    private final JsonObject numbers = new JsonObject();
    private final Map<String, List<List<String>>> tables = new LinkedHashMap<>();

    /**
     * An empty account.
     *
     * @param what the experiment
     * @param folder where everything is written
     * @param scale how much is done
     * @param noise the source of all random numbers
     * @param data a file that the experiment reads; null if none was given
     * @param screen is told what goes on
     * @param progress is told where a training stands
     */
    public Account(
            Experiment what,
            Path folder,
            Scale scale,
            Noise noise,
            Path data,
            Consumer<String> screen,
            Consumer<Progress> progress) {
        this.what = what;
        this.folder = folder;
        this.scale = scale;
        this.noise = noise;
        this.data = data;
        this.screen = screen;
        this.progress = progress;
        this.page = new Page(what.title());
        page.text("ebvlm reproduce " + what.name() + " --scale " + scale.name().toLowerCase(java.util.Locale.ROOT));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException(
                    Facts.that("the folder cannot be made").expected(folder).causedBy(e));
        }
    }

    // ---------------------------------------------------------------- what is given

    Scale scale() {
        return scale;
    }

    /** A source of its own for a part of the experiment. */
    Noise noise(String part) {
        return noise.split(part);
    }

    /** The file that the experiment reads, if one was given. */
    Optional<Path> data() {
        return Optional.ofNullable(data);
    }

    Path folder() {
        return folder;
    }

    /**
     * Fits, or goes on with a fit of that label that is in the folder already.
     *
     * @param training a sentence without checkpoint and report
     */
    Run fit(String label, Training training, long steps, Noise source) {
        Path file = folder.resolve("checkpoints").resolve(label.replaceAll("[^A-Za-z0-9.]+", "-") + ".bin");
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new DataException(Facts.that("the folder of checkpoints cannot be made")
                    .expected(file.getParent())
                    .causedBy(e));
        }
        training.steps(steps).checkpoint(file, Math.max(1, steps / 20)).reporting(progress);
        if (Files.exists(file)) {
            training.resuming(file);
        }
        Run run = training.fit(source);
        if (run.ending() == Run.Ending.INTERRUPTED) {
            throw Interruption.of(label + ", after " + run.steps() + " of " + steps + " steps,");
        }
        return run;
    }

    private InterruptionException interrupted(String where) {
        return new InterruptionException(Facts.that("the experiment was interrupted")
                .expected("to be left alone")
                .butWas(where)
                .hint("what is done lies in " + folder + "; the same command with --out " + folder + " goes on"));
    }

    // ---------------------------------------------------------------- what is told

    /** A line on the screen. */
    void say(String text) {
        screen.accept(text);
    }

    /** A heading and a paragraph of the page. */
    void about(String heading, String text) {
        page.heading(heading).text(text);
    }

    /** A table, on the page and on the screen. */
    void table(String title, List<String> head, List<List<String>> rows) {
        page.heading(title).table(head, rows);
        tables.put(title, rows);
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        all.addAll(rows);
        say("\n" + title + "\n" + aligned(all));
    }

    /** A picture beside the page. */
    void picture(String file, String caption, Drawing drawing) {
        drawing.save(folder.resolve(file));
        page.figure(file, caption);
    }

    /** A number that programs may read. */
    void number(String name, double value) {
        if (Double.isFinite(value)) {
            numbers.addProperty(name, value);
        }
    }

    /** The numbers told so far. */
    public JsonObject numbers() {
        return numbers;
    }

    /**
     * Does the experiment, then writes {@code report.html} and {@code result.json}.
     *
     * @throws InterruptionException if it was interrupted; done again in the same folder it goes on
     */
    public void perform() {
        long began = System.nanoTime();
        try {
            what.run(this);
        } catch (InterruptionException e) {
            throw interrupted(e.getMessage().lines().findFirst().orElseThrow());
        }
        numbers.addProperty("seconds", (System.nanoTime() - began) * 1e-9);
        page.write(folder.resolve("report.html"));
        ModelFile.writeJson(numbers, folder.resolve("result.json"));
    }

    private static String aligned(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int c = 0; c < columns; c++) {
                line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
