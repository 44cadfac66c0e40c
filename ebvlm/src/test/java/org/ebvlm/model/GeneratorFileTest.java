package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.DataException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorFileTest {
    private static final Map<String, String> MADE = Map.of("data", "ring, sha-256 12ab", "seed", "7");

    @TempDir
    Path folder;

    static List<Generator> generators() {
        return Stream.of(
                        Generator.noise(3).visible(2).init(Noise.seed(1)),
                        Generator.noise(3)
                                .uniform()
                                .visible(2)
                                .network(Network.linear())
                                .init(Noise.seed(2)),
                        labelled(),
                        Generator.noise(4)
                                .visible(64)
                                .network(Network.deconvolutions(Grid.grey(8, 8), 3, 2))
                                .range(0, 1)
                                .init(Noise.seed(3)),
                        Generator.noise(4)
                                .visible(64)
                                .labelFrequencies(1, 0, 3)
                                .network(Network.deconvolutions(Grid.grey(8, 8), 3, 2)
                                        .window(5)
                                        .batchNormalised())
                                .reference(30)
                                .init(Noise.seed(3)))
                .map(GeneratorFileTest::moved)
                .toList();
    }

    private static Generator labelled() {
        return Generator.noise(2).uniform().visible(3).labels(4).range(-1, 2.5).init(Noise.seed(4));
    }

    /** With other values than the network was made with, as after a fit. */
    private static Generator moved(Generator generator) {
        float[] values = generator.parameters().values();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.1 * Math.sin(i));
        }
        return generator.with(generator.parameters().with(values));
    }

    // ---------------------------------------------------------------- there and back

    @ParameterizedTest
    @MethodSource("generators")
    void aLoadedSamplerMakesTheSavedOnesSamples(Generator saved) {
        Generator loaded = GeneratorFile.load(GeneratorFile.save(saved, folder.resolve("a/b"), MADE));
        assertEquals(saved.toString(), loaded.toString());
        assertEquals(saved.labels(), loaded.labels());
        assertEquals(saved.noiseWidth(), loaded.noiseWidth());
        assertEquals(
                Set.copyOf(saved.parameters().names()),
                Set.copyOf(loaded.parameters().names()));
        assertArrayEquals(
                saved.samples(7, Noise.seed(5)).values(),
                loaded.samples(7, Noise.seed(5)).values());
    }

    @Test
    void aLoadedSamplerKnowsItsLabels() {
        Generator saved = moved(labelled());
        Generator loaded = GeneratorFile.load(GeneratorFile.save(saved, folder, MADE));
        int[] labels = {3, 0, 1};
        assertArrayEquals(
                saved.samples(labels, Noise.seed(5)).values(),
                loaded.samples(labels, Noise.seed(5)).values());
    }

    @Test
    void aLoadedSamplerCanBeSavedAgain() {
        for (Generator generator : generators()) {
            Generator once = GeneratorFile.load(GeneratorFile.save(generator, folder.resolve("once"), MADE));
            Generator twice = GeneratorFile.load(GeneratorFile.save(moved(once), folder.resolve("twice"), MADE));
            assertArrayEquals(
                    moved(once).samples(3, Noise.seed(6)).values(),
                    twice.samples(3, Noise.seed(6)).values());
        }
    }

    @Test
    void aSamplerLiesBesideAModel() throws IOException {
        EnergyModel model = AutoencoderEnergyTest.squashed(true);
        ModelFile.save(model, folder, MADE);
        GeneratorFile.save(labelled(), folder, MADE);
        assertEquals(Fingerprint.of(model), Fingerprint.of(ModelFile.load(folder)));
        assertEquals(labelled().toString(), GeneratorFile.load(folder).toString());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("decoder.sd", "encoder.sd", "generator.json", "generator.sd", "model.json"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void jsonSaysWhatTheSamplerIsAndHowItWasMade() throws IOException {
        GeneratorFile.save(labelled(), folder, MADE);
        JsonObject facts = JsonParser.parseString(Files.readString(folder.resolve("generator.json")))
                .getAsJsonObject();
        assertEquals(2, facts.get("noise").getAsInt());
        assertTrue(facts.get("uniform").getAsBoolean());
        assertEquals(4, facts.get("labels").getAsInt());
        assertEquals(3, facts.get("visible").getAsInt());
        assertEquals(-1, facts.get("low").getAsDouble());
        assertEquals(2.5, facts.get("high").getAsDouble());
        assertEquals("7", facts.getAsJsonObject("made").get("seed").getAsString());
    }

    // ---------------------------------------------------------------- damage

    private void assertNames(String file) {
        String message = assertThrows(DataException.class, () -> GeneratorFile.load(folder))
                .getMessage();
        assertTrue(message.contains(file), message);
        assertTrue(message.contains("expected"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"generator.sd", "generator.json"})
    void aMissingTruncatedOrForeignFileIsNamed(String file) throws IOException {
        GeneratorFile.save(labelled(), folder, MADE);
        Path its = folder.resolve(file);
        byte[] whole = Files.readAllBytes(its);
        for (double share : new double[] {0, 0.1, 0.9}) {
            Files.write(its, Arrays.copyOf(whole, (int) (share * whole.length)));
            assertNames(file);
        }
        for (String other : List.of("hello", "[1, 2]", "{}", "null")) {
            Files.writeString(its, other);
            assertNames(file);
        }
        Files.delete(its);
        assertNames(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"noise\": 2 -> \"noise\": 3",
                "\"noise\": 2 -> \"noise\": \"white\"",
                "\"labels\": 4 -> \"labels\": 0",
                "\"noise\": 2 -> \"noise\": 7, \"labels\": -1, \"rest\": 0",
                "\"labels\" -> \"marks\"",
                "\"uniform\" -> \"even\"",
                "\"low\": -1.0 -> \"low\": 3.0",
                "\"low\" -> \"least\"",
                "\"output\" -> \"result\"",
                "\"output\": \" -> \"output\": \"no such "
            })
    void aFactThatIsNotRightIsLaidToTheFile(String change) throws IOException {
        GeneratorFile.save(labelled(), folder, MADE);
        Path file = folder.resolve("generator.json");
        String[] sides = change.split(" -> ", 2);
        String text = Files.readString(file);
        assertTrue(text.contains(sides[0]), text);
        Files.writeString(file, text.replace(sides[0], sides[1]));
        assertNames("generator.json");
    }
}
