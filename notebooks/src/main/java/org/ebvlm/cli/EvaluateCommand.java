package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ebvlm.model.EnergyModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates the model of a run folder on its test rows. */
@Command(
        name = "evaluate",
        description =
                "Evaluates a run: Fisher divergence, kernel Stein discrepancy with a test of fit, log-likelihood; each "
                        + "where it is defined.",
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Shared shared = new Shared();

    @Parameters(paramLabel = "RUN", description = "A folder that 'ebvlm fit' made.")
    Path run;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        long began = System.nanoTime();
        RunFolder folder = RunFolder.existing(run);
        Recipe recipe = folder.recipe();
        Source source = Source.of(recipe.data(), recipe.columns(), recipe.seed());
        shared.applyThreads();
        EnergyModel model = folder.loadModel();
        Findings findings = new Judge(recipe, source).evaluate(model, folder.loadPosterior());
        JsonObject result = new JsonObject();
        result.addProperty("run", run.toString());
        result.addProperty("model", model.name());
        result.addProperty("seconds", (System.nanoTime() - began) * 1e-9);
        findings.writeTo(result);
        shared.say(screen, model + "\n" + findings.text());
        shared.finish(screen, result);
        return 0;
    }
}
