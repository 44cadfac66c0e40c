package org.ebvlm.variational;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.model.ModelFile;
import org.ebvlm.model.Network;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Fitted posteriors on disk, beside the model in its folder: {@code posterior.sd}, the encoder as SameDiff's own file, and
 * {@code posterior.json}, the family.
 */
public final class PosteriorFile {
    private static final String GRAPH = "posterior.sd";
    private static final String FACTS = "posterior.json";

    private PosteriorFile() {}

    /** Writes a Bernoulli or Gaussian posterior into a folder. */
    public static void save(Posterior posterior, Path folder) {
        JsonObject facts = new JsonObject();
        Network encoder;
        if (posterior instanceof BernoulliPosterior bernoulli) {
            facts.addProperty("family", "Bernoulli");
            facts.addProperty("temperature", bernoulli.temperature());
            encoder = bernoulli.encoder();
        } else if (posterior instanceof GaussianPosterior gaussian) {
            facts.addProperty("family", "Gaussian");
            encoder = gaussian.encoder();
        } else {
            throw new DataException(Facts.that("PosteriorFile.save: there is nothing to save")
                    .expected("a Bernoulli or Gaussian posterior")
                    .butWas(posterior));
        }
        facts.addProperty("output", encoder.function().output());
        ModelFile.saveGraph(encoder.function(), folder, GRAPH);
        ModelFile.writeJson(facts, folder.resolve(FACTS));
    }

    /** Reads the posterior of a folder, if there is one. */
    public static Optional<Posterior> load(Path folder) {
        if (!Files.exists(folder.resolve(FACTS))) {
            return Optional.empty();
        }
        JsonObject facts = ModelFile.readJson(folder.resolve(FACTS));
        SameDiff graph = ModelFile.loadGraph(folder, GRAPH);
        try {
            return Optional.of(posterior(facts, graph));
        } catch (RuntimeException e) {
            throw ModelFile.damaged(folder.resolve(FACTS), e);
        }
    }

    private static Posterior posterior(JsonObject facts, SameDiff graph) {
        Network encoder = Network.of(graph, facts.get("output").getAsString());
        return switch (facts.get("family").getAsString()) {
            case "Gaussian" -> new GaussianPosterior(encoder, null);
            case "Bernoulli" -> new BernoulliPosterior(encoder, temperature(facts), null);
            default -> throw new IllegalArgumentException("the family is not known: " + facts.get("family"));
        };
    }

    private static double temperature(JsonObject facts) {
        double value = facts.get("temperature").getAsDouble();
        if (!(value >= 0)) {
            throw new IllegalArgumentException("not a temperature: " + value);
        }
        return value;
    }
}
