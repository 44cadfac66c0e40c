package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.ebvlm.notebook.ProgressBar;
import org.ebvlm.reproduce.Account;
import org.ebvlm.reproduce.Experiment;
import org.ebvlm.reproduce.Experiments;
import org.ebvlm.reproduce.Scale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Repeats a published experiment and writes a report with the reference values beside ours. */
@Command(
        name = "reproduce",
        description = {
            "Repeats a published experiment, shortened unless asked otherwise, and leaves a folder with report.html.",
            "The same command with the same --out goes on where an interrupted one was."
        },
        mixinStandardHelpOptions = true)
final class ReproduceCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Shared shared = new Shared();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The experiment; see --list.")
    String name;

    @Option(names = "--list", description = "List the experiments.")
    boolean list;

    @Option(
            names = "--scale",
            paramLabel = "short|night|published",
            description = "How much is done: about two minutes, a night, or the published setting. Default: short.")
    String scale = "short";

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description =
                    "The file that the experiment reads, where it needs one; steingan also takes a folder of photographs.")
    Path data;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random numbers. Default: 1.")
    long seed = 1;

    @Option(names = "--out", paramLabel = "DIR", description = "The folder. Default: runs/NAME-SCALE.")
    Path out;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        if (list || name == null) {
            Experiments.all().forEach(each -> screen.println(line(each)));
            screen.flush();
            return 0;
        }
        Experiment experiment = Experiments.named(name);
        Scale much = scale();
        if (data != null && !Files.exists(data)) {
            throw new DataException(Facts.that("--data: there is no such file or folder")
                    .expected(experiment.needs().isEmpty() ? "a file of data" : experiment.needs())
                    .butWas(data));
        }
        if (data == null && !experiment.needs().isEmpty()) {
            throw new DataException(Facts.that("reproduce " + name + ": it reads a file")
                    .expected("--data with " + experiment.needs())
                    .butWas("nothing"));
        }
        shared.applyThreads();
        Path folder = out != null ? out : Path.of("runs", name + "-" + scale);
        Account account = new Account(
                experiment,
                folder,
                much,
                Noise.seed(seed),
                data,
                text -> shared.say(screen, text),
                shared.quiet ? at -> {} : ProgressBar.onStandardError());
        shared.say(screen, experiment.title());
        account.perform();
        shared.say(screen, "report: " + folder.resolve("report.html"));
        JsonObject result = account.numbers().deepCopy();
        result.addProperty("folder", folder.toString());
        shared.finish(screen, result);
        return 0;
    }

    private static String line(Experiment each) {
        String needs = each.needs().isEmpty() ? "" : "   (--data: " + each.needs() + ")";
        return String.format(Locale.ROOT, "%-14s %s%s", each.name(), each.title(), needs);
    }

    private Scale scale() {
        try {
            return Scale.valueOf(scale.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SettingException(Facts.that("--scale has an unknown value")
                    .expected("short, night or published")
                    .butWas(scale)
                    .causedBy(e));
        }
    }
}
