package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ebvlm.errors.DataException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Layer;
import org.ebvlm.model.LayeredModel;
import org.ebvlm.model.ModelFile;
import org.ebvlm.model.Network;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PosteriorFileTest {
    @TempDir
    Path folder;

    static List<Posterior> posteriors() {
        BernoulliPosterior linear = Posteriors.bernoulli(Models.machine());
        LayeredPosterior layered =
                Posteriors.layered(Sbn.visible(4).hidden(3, 2).init(Noise.seed(1)));
        return Stream.of(
                        linear,
                        linear.temperature(0.37),
                        linear.hard(),
                        Posteriors.bernoulli(Models.interacting(), Network.elu(5), Noise.seed(2)),
                        Posteriors.gaussian(Models.halving(), Network.leakyRelu(6, 4), Noise.seed(3)),
                        layered,
                        layered.relaxed(0.4),
                        layered.straightThrough(),
                        Posteriors.layered(
                                LayeredModel.visible(Layer.bernoulli(3))
                                        .hidden(Layer.gaussian(2), Layer.categorical(1, 3), Layer.bernoulli(2))
                                        .init(Noise.seed(1)),
                                Network.elu(4),
                                Noise.seed(5),
                                Layer.gaussian(2).fixedStd(0.3),
                                Layer.categorical(1, 3),
                                Layer.bernoulli(2)))
                .map(PosteriorFileTest::moved)
                .toList();
    }

    /** With other values than the encoder was made with, as after a fit. */
    private static Posterior moved(Posterior q) {
        float[] values = q.parameters().values();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.1 * Math.sin(i));
        }
        return q.with(q.parameters().with(values));
    }

    private Path saved(Posterior q, String name) {
        Path its = folder.resolve(name);
        PosteriorFile.save(q, its);
        return its;
    }

    // ---------------------------------------------------------------- there and back

    @ParameterizedTest
    @MethodSource("posteriors")
    void aLoadedPosteriorIsTheSavedOneToTheLastBit(Posterior q) {
        Posterior loaded = PosteriorFile.load(saved(q, "a/b")).orElseThrow();
        assertEquals(q.getClass(), loaded.getClass());
        assertEquals(q.name(), loaded.name());
        assertEquals(q.visible(), loaded.visible());
        assertEquals(q.hidden(), loaded.hidden());
        assertEquals(Optional.empty(), loaded.fit());
        assertEquals(PosteriorFingerprint.of(q), PosteriorFingerprint.of(loaded));
    }

    @Test
    void anotherProcessLoadsTheSamePosteriors() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                // The same flags, as equality to the last bit needs.
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                PosteriorFingerprint.class.getName()));
        StringBuilder expected = new StringBuilder();
        for (Posterior q : posteriors()) {
            expected.append(PosteriorFingerprint.of(q));
            command.add(saved(q, "posterior" + command.size()).toString());
        }
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), Files.readString(errors));
        assertEquals(expected.toString(), printed.replace("\r\n", "\n"));
    }

    @Test
    void itLiesBesideTheModelInTheModelsFolder() throws IOException {
        EnergyModel model = Models.machine();
        ModelFile.save(model, folder, Map.of("seed", "7"));
        PosteriorFile.save(Posteriors.bernoulli(model), folder);
        assertEquals(List.of("energy.sd", "model.json", "posterior.json", "posterior.sd"), names());
        assertEquals(model.name(), ModelFile.load(folder).name());
        assertEquals(3, PosteriorFile.load(folder).orElseThrow().hidden());
    }

    @Test
    void aFolderWithoutAPosteriorHasNone() {
        assertEquals(Optional.empty(), PosteriorFile.load(folder));
        ModelFile.save(Models.machine(), folder, Map.of());
        assertEquals(Optional.empty(), PosteriorFile.load(folder));
        assertEquals(Optional.empty(), PosteriorFile.load(folder.resolve("nowhere")));
    }

    @Test
    void aLoadedPosteriorCanBeFittedAndSavedAgain() {
        for (Posterior q : posteriors()) {
            Posterior once = PosteriorFile.load(saved(q, "once")).orElseThrow();
            Posterior twice = PosteriorFile.load(saved(moved(once), "twice")).orElseThrow();
            assertEquals(PosteriorFingerprint.of(moved(once)), PosteriorFingerprint.of(twice));
        }
        Posterior relaxed = PosteriorFile.load(saved(posteriors().get(0), "relaxed"))
                .orElseThrow()
                .fittedBy(Elbo.innerSteps(3));
        assertTrue(relaxed.fit().isPresent());
    }

    @Test
    void jsonSaysTheFamily() throws IOException {
        JsonObject bernoulli = json(saved(posteriors().get(1), "b"));
        assertEquals("Bernoulli", bernoulli.get("family").getAsString());
        assertEquals(0.37, bernoulli.get("temperature").getAsDouble());
        assertEquals(
                "Gaussian", json(saved(posteriors().get(4), "g")).get("family").getAsString());
    }

    private static JsonObject json(Path of) throws IOException {
        return JsonParser.parseString(Files.readString(of.resolve("posterior.json")))
                .getAsJsonObject();
    }

    // ---------------------------------------------------------------- damage and refusals

    private void assertNames(String file) {
        String message = assertThrows(DataException.class, () -> PosteriorFile.load(folder))
                .getMessage();
        assertTrue(message.contains(file), message);
        assertTrue(message.contains("expected"), message);
    }

    @Test
    void aMissingEncoderIsNamed() throws IOException {
        PosteriorFile.save(posteriors().get(0), folder);
        Files.delete(folder.resolve("posterior.sd"));
        assertNames("posterior.sd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"posterior.sd", "posterior.json"})
    void aTruncatedFileIsNamed(String file) throws IOException {
        PosteriorFile.save(posteriors().get(0), folder);
        byte[] whole = Files.readAllBytes(folder.resolve(file));
        for (double share : new double[] {0, 0.1, 0.5, 0.9}) {
            Files.write(folder.resolve(file), Arrays.copyOf(whole, (int) (share * whole.length)));
            assertNames(file);
        }
    }

    @Test
    void aLayeredPosteriorWithoutOneOfItsEncodersOrWithOtherLayersIsRefused() throws IOException {
        PosteriorFile.save(posteriors().get(5), folder);
        Files.delete(folder.resolve("posterior2.sd"));
        assertNames("posterior2.sd");
        PosteriorFile.save(posteriors().get(5), folder);
        Path file = folder.resolve("posterior.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("bernoulli 2", "bernoulli 3"));
        assertNames("posterior.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"posterior.sd", "posterior.json"})
    void aForeignFileIsNamed(String file) throws IOException {
        PosteriorFile.save(posteriors().get(0), folder);
        for (String other : List.of("hello", "[1, 2]", "{}", "null")) {
            Files.writeString(folder.resolve(file), other);
            assertNames(file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bernoulli -> Cauchy", "temperature -> warmth", "0.1 -> -1", "output\": \" -> output\": \"no "})
    void aFactThatIsNotRightIsLaidToTheFile(String change) throws IOException {
        PosteriorFile.save(posteriors().get(0), folder);
        Path file = folder.resolve("posterior.json");
        String[] sides = change.split(" -> ", 2);
        String text = Files.readString(file);
        assertTrue(text.contains(sides[0]), text);
        Files.writeString(file, text.replace(sides[0], sides[1]));
        assertNames("posterior.json");
    }

    @Test
    void theModelsOwnPosteriorHasNothingToSave() throws IOException {
        DataException error =
                assertThrows(DataException.class, () -> PosteriorFile.save(Posteriors.exact(Models.machine()), folder));
        assertTrue(error.getMessage().contains("a Bernoulli, Gaussian or layered posterior"), error.getMessage());
        assertEquals(List.of(), names());
    }

    @Test
    void aFileInTheFoldersPlaceStaysAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "mine");
        DataException error = assertThrows(
                DataException.class, () -> PosteriorFile.save(posteriors().get(0), file));
        assertTrue(error.getMessage().contains("taken"), error.getMessage());
        assertEquals("mine", Files.readString(file));
        assertEquals(List.of("taken"), names());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
