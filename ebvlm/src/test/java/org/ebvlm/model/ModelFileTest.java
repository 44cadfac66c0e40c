package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.DataException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
    private static final Map<String, String> MADE = Map.of("data", "checkerboard, sha-256 12ab", "seed", "7");

    @TempDir
    Path folder;

    static List<EnergyModel> models() {
        EnergyModel fixed = Grbm.visible(3).hidden(4).fixedStd(0.3).init(Noise.seed(2));
        LatentEnergy own = LatentEnergy.visible(2)
                .binary(3)
                .named("my own")
                .uniform("W", 1.5, 2, 3)
                .uniform("scale", 1)
                .layer("deep", 2, 2)
                .energy((g, v, h) -> g.math.square(v.mul(g.getVariable("scale")))
                        .sum(1)
                        .sub(g.math.tanh(v.mmul(g.getVariable("W"))).mul(h).sum(1))
                        .add(g.math.square(Blueprint.linear(g, "deep", v)).sum(1)))
                .init(Noise.seed(8));
        EnergyModel mlp = MlpEnergy.visible(2).hidden(3).width(7).init(Noise.seed(4));
        List<BoltzmannMachine> machines = Machines.all();
        return Stream.of(
                        GrbmTest.machine(),
                        fixed,
                        own,
                        mlp,
                        EnergyTest.bumpy(),
                        machines.get(2),
                        machines.get(3),
                        machines.get(5),
                        machines.get(7),
                        VaeTest.real(),
                        VaeTest.binary(),
                        AutoencoderEnergyTest.squashed(false),
                        AutoencoderEnergyTest.squashed(true),
                        AutoencoderEnergyTest.linear(true),
                        AutoencoderEnergyTest.published(),
                        labelled())
                .map(ModelFileTest::moved)
                .toList();
    }

    private static LabelledEnergy labelled() {
        return LabelledEnergy.of(AutoencoderEnergyTest.squashed(true))
                .labels(3)
                .slack(0.25)
                .classifier(Network.elu(4))
                .init(Noise.seed(6));
    }

    /** With other values than the graph was made with, as after a fit. */
    private static EnergyModel moved(EnergyModel model) {
        float[] values = model.parameters().values();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.1 * Math.sin(i));
        }
        return model.with(model.parameters().with(values));
    }

    // ---------------------------------------------------------------- there and back

    @ParameterizedTest
    @MethodSource("models")
    void aLoadedModelIsTheSavedOneToTheLastBit(EnergyModel model) {
        EnergyModel loaded = ModelFile.load(ModelFile.save(model, folder.resolve("a/b"), MADE));
        assertEquals(model.getClass(), loaded.getClass());
        assertEquals(model.name(), loaded.name());
        assertEquals(model.latents(), loaded.latents());
        assertEquals(model.visible(), loaded.visible());
        assertEquals(model.hidden(), loaded.hidden());
        assertEquals(model.toString(), loaded.toString());
        assertEquals(Fingerprint.of(model), Fingerprint.of(loaded));
        for (String name : model.parameters().names()) {
            assertArrayEquals(
                    model.parameters().shape(name), loaded.parameters().shape(name), name);
        }
    }

    @Test
    void aLoadedMachineKeepsItsStandardDeviation() {
        for (EnergyModel model : models()) {
            if (model instanceof Grbm grbm) {
                ModelFile.save(grbm, folder, MADE);
                Grbm loaded = (Grbm) ModelFile.load(folder);
                assertEquals(grbm.fixedStd(), loaded.fixedStd());
                assertArrayEquals(grbm.stdValues(), loaded.stdValues());
                Expr h = Expr.input("h", 1, grbm.hidden());
                double[] state = Machines.bits(13, grbm.hidden());
                assertArrayEquals(
                        new Doubles().set(grbm.parameters()).set(h, state).of(grbm.visibleMean(h)),
                        new Doubles().set(loaded.parameters()).set(h, state).of(loaded.visibleMean(h)));
            }
        }
    }

    @Test
    void aLoadedMachineKeepsItsSides() {
        for (BoltzmannMachine model : Machines.all()) {
            ModelFile.save(model, folder, MADE);
            BoltzmannMachine loaded = (BoltzmannMachine) ModelFile.load(folder);
            assertEquals(model.hasBinaryVisible(), loaded.hasBinaryVisible());
            assertEquals(model.oddUnits(), loaded.oddUnits());
            assertArrayEquals(model.sides().evenBias(), loaded.sides().evenBias());
            assertArrayEquals(model.sides().std(), loaded.sides().std());
            assertArrayEquals(model.sides().oddBias(), loaded.sides().oddBias());
            assertArrayEquals(model.sides().coupling(), loaded.sides().coupling());
        }
    }

    @Test
    void aLoadedAutoencoderHasTheSavedOnesFeaturesAndReconstructions() {
        for (EnergyModel model : models()) {
            if (model instanceof AutoencoderEnergy saved && saved.visible() == 3) {
                AutoencoderEnergy loaded = (AutoencoderEnergy) ModelFile.load(ModelFile.save(saved, folder, MADE));
                Expr v = Expr.input("v", 2, 3);
                double[] rows = {0.4, -1.1, 0.9, -2, 0.3, 0.1};
                Doubles before = new Doubles().set(saved.parameters()).set(v, rows);
                Doubles after = new Doubles().set(loaded.parameters()).set(v, rows);
                assertEquals(saved.featureWidth(), loaded.featureWidth());
                assertArrayEquals(before.of(saved.features(v)), after.of(loaded.features(v)));
                assertArrayEquals(before.of(saved.reconstruction(v)), after.of(loaded.reconstruction(v)));
                assertArrayEquals(before.of(saved.score(v)), after.of(loaded.score(v)));
            }
        }
    }

    @Test
    void anAutoencoderOfImageNetworksComesBack() {
        Grid grid = Grid.grey(8, 8);
        EnergyModel model = moved(AutoencoderEnergy.visible(64)
                .features(3)
                .encoder(Network.convolutions(grid, 2, 3))
                .decoder(Network.deconvolutions(grid, 3, 2))
                .range(0, 1)
                .init(Noise.seed(4)));
        assertEquals(Fingerprint.of(model), Fingerprint.of(ModelFile.load(ModelFile.save(model, folder, MADE))));
    }

    @Test
    void aLoadedAutoencoderLearnsAsTheSavedOneDoes() {
        AutoencoderEnergy saved = AutoencoderEnergyTest.published();
        AutoencoderEnergy loaded = (AutoencoderEnergy) ModelFile.load(ModelFile.save(saved, folder, MADE));
        Expr v = Expr.input("v", 1, saved.visible());
        double[] row = new double[saved.visible()];
        Arrays.fill(row, 0.4);
        assertEquals(slopeUnderDropout(saved, v, row), slopeUnderDropout(loaded, v, row));
    }

    /** By the names of the parameters, whose order is not kept. */
    private static Map<String, List<Double>> slopeUnderDropout(AutoencoderEnergy model, Expr v, double... row) {
        Map<String, List<Double>> slopes = new TreeMap<>();
        Expr energy = model.learning().freeEnergy(v).sum();
        Doubles at = new Doubles().set(model.parameters()).set(v, row).draw(Noise.seed(3), energy);
        for (String name : model.parameters().names()) {
            Expr its = Differentiation.gradient(energy, model.parameters().get(name));
            slopes.put(name, Arrays.stream(at.of(its)).boxed().toList());
        }
        return slopes;
    }

    @Test
    void aLoadedLabelledEnergyHasTheSavedOnesLogitsAndTakesItsRows() {
        LabelledEnergy saved = labelled();
        LabelledEnergy loaded = (LabelledEnergy) ModelFile.load(ModelFile.save(saved, folder, MADE));
        Expr x = Expr.input("x", 2, 3);
        double[] rows = {0.4, -1.1, 0.9, -2, 0.3, 0.1};
        assertArrayEquals(
                new Doubles().set(saved.parameters()).set(x, rows).of(saved.logits(x)),
                new Doubles().set(loaded.parameters()).set(x, rows).of(loaded.logits(x)));
        assertEquals(saved.width(), loaded.width());
        assertEquals(saved.labels(), loaded.labels());
    }

    @Test
    void aMachineSavedBeforeThereWasScaledCouplingHasPlainCoupling() throws IOException {
        ModelFile.save(models().get(1), folder, MADE);
        Path file = folder.resolve("model.json");
        String text = Files.readString(file);
        assertTrue(text.contains("scaledCoupling"), text);
        Files.writeString(file, text.replaceAll("(?m)^.*scaledCoupling.*$", ""));
        assertEquals(Fingerprint.of(models().get(1)), Fingerprint.of(ModelFile.load(folder)));
    }

    @Test
    void anotherProcessLoadsTheSameModels() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                // The same flags, as equality to the last bit needs.
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Fingerprint.class.getName()));
        StringBuilder expected = new StringBuilder();
        for (EnergyModel model : models()) {
            expected.append(Fingerprint.of(model));
            Path its = folder.resolve("model" + command.size());
            command.add(ModelFile.save(model, its, MADE).toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile())
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> text(folder.resolve("errors")));
        assertEquals(expected.toString(), printed.replace("\r\n", "\n"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aLoadedModelCanBeSavedAgain() {
        for (EnergyModel model : models()) {
            EnergyModel once = ModelFile.load(ModelFile.save(model, folder.resolve("once"), MADE));
            EnergyModel twice = ModelFile.load(ModelFile.save(moved(once), folder.resolve("twice"), MADE));
            assertEquals(Fingerprint.of(moved(once)), Fingerprint.of(twice));
        }
    }

    @Test
    void savingOverAModelReplacesIt() throws IOException {
        EnergyModel first = models().get(0);
        EnergyModel second = models().get(3);
        ModelFile.save(first, folder, MADE);
        ModelFile.save(second, folder, Map.of("seed", "8"));
        assertEquals(Fingerprint.of(second), Fingerprint.of(ModelFile.load(folder)));
        assertEquals(List.of("energy.sd", "model.json"), names());
    }

    @Test
    void jsonSaysWhatTheModelIsAndHowItWasMade() throws IOException {
        ModelFile.save(models().get(1), folder, MADE);
        String text = Files.readString(folder.resolve("model.json"));
        assertTrue(text.lines().count() > 8, "one fact a line: " + text);
        JsonObject facts = JsonParser.parseString(text).getAsJsonObject();
        assertEquals("Grbm", facts.get("kind").getAsString());
        assertEquals("Grbm 3/4", facts.get("name").getAsString());
        assertEquals(3, facts.get("visible").getAsInt());
        assertEquals(4, facts.get("hidden").getAsInt());
        assertEquals("BINARY", facts.get("latents").getAsString());
        assertEquals(0.3, facts.get("fixedStd").getAsDouble());
        JsonObject made = facts.getAsJsonObject("made");
        assertEquals("checkerboard, sha-256 12ab", made.get("data").getAsString());
        assertEquals("7", made.get("seed").getAsString());
        ModelFile.save(models().get(3), folder, Map.of());
        JsonObject other = JsonParser.parseString(Files.readString(folder.resolve("model.json")))
                .getAsJsonObject();
        assertEquals("LatentEnergy", other.get("kind").getAsString());
        assertEquals("CONTINUOUS", other.get("latents").getAsString());
        assertNull(other.get("fixedStd"));
    }

    // ---------------------------------------------------------------- damage

    private static void assertNames(String file, Executable reading) {
        String message = assertThrows(DataException.class, reading::run).getMessage();
        assertTrue(message.contains(file), message);
        assertTrue(message.contains("expected"), message);
    }

    private interface Executable {
        void run() throws Exception;
    }

    @ParameterizedTest
    @ValueSource(strings = {"energy.sd", "model.json"})
    void aMissingFileIsNamed(String file) throws IOException {
        ModelFile.save(models().get(0), folder, MADE);
        Files.delete(folder.resolve(file));
        DataException error = assertThrows(DataException.class, () -> ModelFile.load(folder));
        assertTrue(error.getMessage().contains(file), error.getMessage());
        assertTrue(error.getMessage().contains("no such file"), error.getMessage());
    }

    @Test
    void anEmptyFolderAndNoFolderHaveNoModel() {
        assertNames("model.json", () -> ModelFile.load(folder));
        assertNames("nowhere", () -> ModelFile.load(folder.resolve("nowhere")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"energy.sd", "model.json"})
    void aTruncatedFileIsNamed(String file) throws IOException {
        ModelFile.save(models().get(0), folder, MADE);
        byte[] whole = Files.readAllBytes(folder.resolve(file));
        for (double share : new double[] {0, 0.01, 0.1, 0.5, 0.9}) {
            Files.write(folder.resolve(file), Arrays.copyOf(whole, (int) (share * whole.length)));
            assertNames(file, () -> ModelFile.load(folder));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"energy.sd", "model.json"})
    void aForeignFileIsNamed(String file) throws IOException {
        ModelFile.save(models().get(0), folder, MADE);
        for (String other : List.of("hello", "[1, 2]", "{}", "null", "\u0000\u0001\u0002\u0003 and so on, at length")) {
            Files.writeString(folder.resolve(file), other);
            assertNames(file, () -> ModelFile.load(folder));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"latents\": \"BINARY\" -> \"latents\": \"SOME\"",
                "\"latents\": \"BINARY\" -> \"latents\": null",
                "\"latents\": \"BINARY\" -> \"latents\": {}",
                "\"kind\": \"Grbm\" -> \"sort\": \"Grbm\"",
                "\"name\" -> \"title\"",
                "\"output\" -> \"result\"",
                "\"fixedStd\": 0.3 -> \"fixedStd\": \"wide\"",
                "\"output\": \" -> \"output\": \"no such ",
                "\"scaledCoupling\": false -> \"scaledCoupling\": {}",
                "\"kind\": \"Grbm\" -> \"kind\": \"Energy\"",
                "\"kind\": \"Grbm\" -> \"kind\": \"DeepBoltzmann\"",
                "\"latents\": \"BINARY\" -> \"latents\": \"NONE\""
            })
    void aFactThatIsNotRightIsLaidToTheFile(String change) throws IOException {
        ModelFile.save(models().get(1), folder, MADE);
        Path file = folder.resolve("model.json");
        String[] sides = change.split(" -> ", 2);
        String text = Files.readString(file);
        assertTrue(text.contains(sides[0]), text);
        Files.writeString(file, text.replace(sides[0], sides[1]));
        assertNames("model.json", () -> ModelFile.load(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.sd", "decoder.sd", "model.json"})
    void whatIsMissingOrDamagedOfAnAutoencoderIsNamed(String file) throws IOException {
        ModelFile.save(AutoencoderEnergyTest.squashed(false), folder, MADE);
        Path its = folder.resolve(file);
        byte[] whole = Files.readAllBytes(its);
        for (double share : new double[] {0, 0.1, 0.9}) {
            Files.write(its, Arrays.copyOf(whole, (int) (share * whole.length)));
            assertNames(file, () -> ModelFile.load(folder));
        }
        Files.delete(its);
        assertNames(file, () -> ModelFile.load(folder));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"root\" -> \"branch\"",
                "\"low\" -> \"least\"",
                "\"high\": 2.0 -> \"high\": -1.0",
                "\"high\": 2.0 -> \"high\": NaN",
                "\"high\": 2.0 -> \"high\": \"wide\"",
                "\"encoder\": \" -> \"encoder\": \"no such ",
                "\"decoder\" -> \"painter\"",
                "\"root\": true -> \"root\": {}"
            })
    void aFactOfAnAutoencoderThatIsNotRightIsLaidToTheFile(String change) throws IOException {
        ModelFile.save(AutoencoderEnergyTest.squashed(true), folder, MADE);
        Path file = folder.resolve("model.json");
        String[] sides = change.split(" -> ", 2);
        String text = Files.readString(file);
        assertTrue(text.contains(sides[0]), text);
        Files.writeString(file, text.replace(sides[0], sides[1]));
        assertNames("model.json", () -> ModelFile.load(folder));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"slack\" -> \"lack\"",
                "\"slack\": 0.25 -> \"slack\": -1.0",
                "\"classifier\" -> \"judge\"",
                "\"dropout\": 0.0 -> \"dropout\": 1.0",
                "\"kind\": \"LabelledEnergy\" -> \"kind\": \"MarkedEnergy\""
            })
    void aFactOfALabelledEnergyThatIsNotRightIsLaidToTheFile(String change) throws IOException {
        ModelFile.save(labelled(), folder, MADE);
        Path file = folder.resolve("model.json");
        String[] sides = change.split(" -> ", 2);
        String text = Files.readString(file);
        assertTrue(text.contains(sides[0]), text);
        Files.writeString(file, text.replace(sides[0], sides[1]));
        assertNames("model.json", () -> ModelFile.load(folder));
    }

    @Test
    void anAutoencoderSavedBeforeThereWereTiedWeightsHasNone() throws IOException {
        EnergyModel model = AutoencoderEnergyTest.squashed(true);
        ModelFile.save(model, folder, MADE);
        Path file = folder.resolve("model.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll("(?m)^.*\"(tied|dropout|absolute)\".*$", ""));
        assertEquals(Fingerprint.of(model), Fingerprint.of(ModelFile.load(folder)));
    }

    @Test
    void aDecoderOfAnotherModelIsRefused() throws IOException {
        ModelFile.save(AutoencoderEnergyTest.linear(false), folder.resolve("other"), MADE);
        ModelFile.save(AutoencoderEnergyTest.squashed(false), folder, MADE);
        Files.copy(
                folder.resolve("other/decoder.sd"), folder.resolve("decoder.sd"), StandardCopyOption.REPLACE_EXISTING);
        String text = Files.readString(folder.resolve("model.json"));
        String output = JsonParser.parseString(Files.readString(folder.resolve("other/model.json")))
                .getAsJsonObject()
                .get("decoder")
                .getAsString();
        Files.writeString(
                folder.resolve("model.json"),
                text.replaceAll("\"decoder\": \"[^\"]*\"", "\"decoder\": \"" + output + "\""));
        assertNames("does not lead back", () -> ModelFile.load(folder));
    }

    // ---------------------------------------------------------------- saves that fail

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileInTheFoldersPlaceStaysAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "mine");
        for (EnergyModel model : models()) {
            DataException error = assertThrows(DataException.class, () -> ModelFile.save(model, file, MADE));
            assertTrue(error.getMessage().contains("taken"), error.getMessage());
        }
        assertEquals("mine", Files.readString(file));
        assertEquals(List.of("taken"), names());
    }

    @Test
    void aGraphThatCannotBePutInItsPlaceLeavesNothing() throws IOException {
        Files.createDirectories(folder.resolve("energy.sd/full"));
        DataException error = assertThrows(DataException.class, () -> ModelFile.save(models().get(0), folder, MADE));
        assertTrue(error.getMessage().contains("energy.sd"), error.getMessage());
        assertEquals(List.of("energy.sd"), names(), "no drafts");
        assertFalse(Files.exists(folder.resolve("model.json")));
    }

    @Test
    void aDraftThatCannotBeWrittenIsAnError() throws IOException {
        Files.createDirectories(folder.resolve("energy.sd.part/full"));
        DataException error = assertThrows(DataException.class, () -> ModelFile.save(models().get(0), folder, MADE));
        assertTrue(error.getMessage().contains("energy.sd"), error.getMessage());
        assertEquals(List.of("energy.sd.part"), names());
    }

    @Test
    void factsThatCannotBePutInTheirPlaceLeaveNoDraft() throws IOException {
        Files.createDirectories(folder.resolve("model.json/full"));
        DataException error = assertThrows(DataException.class, () -> ModelFile.save(models().get(0), folder, MADE));
        assertTrue(error.getMessage().contains("model.json"), error.getMessage());
        assertFalse(names().contains("model.json.part"), "no drafts: " + names());
    }

    @Test
    void aModelWithoutAGraphIsRefused() throws IOException {
        EnergyModel other = new Wrapped(models().get(0));
        DataException error = assertThrows(DataException.class, () -> ModelFile.save(other, folder, MADE));
        assertTrue(error.getMessage().contains("a Grbm or a LatentEnergy"), error.getMessage());
        assertEquals(List.of(), names());
    }

    /** An energy of another kind. */
    private record Wrapped(EnergyModel inner) implements EnergyModel {
        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public int visible() {
            return inner.visible();
        }

        @Override
        public int hidden() {
            return inner.hidden();
        }

        @Override
        public Latents latents() {
            return inner.latents();
        }

        @Override
        public Expr energy(Expr v, Expr h) {
            return inner.energy(v, h);
        }

        @Override
        public Parameters parameters() {
            return inner.parameters();
        }

        @Override
        public EnergyModel with(Parameters values) {
            return new Wrapped(inner.with(values));
        }
    }
}
