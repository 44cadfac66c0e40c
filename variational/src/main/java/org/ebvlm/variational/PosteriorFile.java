package org.ebvlm.variational;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.model.ModelFile;
import org.ebvlm.model.Network;

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
        Network encoder = Network.of(
                ModelFile.loadGraph(folder, GRAPH), facts.get("output").getAsString());
        return Optional.of(
                facts.get("family").getAsString().equals("Gaussian")
                        ? new GaussianPosterior(encoder, null)
                        : new BernoulliPosterior(
                                encoder, facts.get("temperature").getAsDouble(), null));
    }
}
