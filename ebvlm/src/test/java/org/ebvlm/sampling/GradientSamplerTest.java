package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every gradient sampler: a row each. */
class GradientSamplerTest {
    private static final Target NORMAL =
            Target.density("normal", 2, x -> x.square().sum(1).times(-0.5));

    static Stream<GradientSampler<?>> samplers() {
        return Stream.of(
                Langevin.steps(12).temperatures(Temperatures.plain()).stepSize(0.3),
                Mala.steps(12),
                Hmc.steps(12).leaps(3),
                Hmc.steps(12).warmup(120).scaling());
    }

    private static LatentEnergy mlp() {
        return MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void sameSeedGivesTheSameChainsAndAnotherSeedOthers(GradientSampler<?> sampler) {
        Chains once = sampler.draw(NORMAL, 7, Noise.seed(1));
        Chains again = sampler.draw(NORMAL, 7, Noise.seed(1));
        assertArrayEquals(once.all().values(), again.all().values());
        assertEquals(once.toString(), again.toString());
        assertFalse(once.at(0, 0, 0) == sampler.draw(NORMAL, 7, Noise.seed(2)).at(0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void sampleIsWhereTheChainsOfDrawEnd(GradientSampler<?> sampler) {
        Chains chains = sampler.draw(NORMAL, 5, Noise.seed(1));
        Data sample = sampler.sample(NORMAL, 5, Noise.seed(1));
        assertArrayEquals(chains.last().values(), sample.values());
        assertArrayEquals(chains.draw(11).values(), sample.values());
        assertEquals("samples of normal", sample.name());
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void samplesOfAModelAreItsVOnly(GradientSampler<?> sampler) {
        Data sample = sampler.sample(mlp(), 5, Noise.seed(1));
        assertEquals(5, sample.rows());
        assertEquals(2, sample.width());
        Chains joint = sampler.draw(mlp(), 5, Noise.seed(1));
        assertEquals(5, joint.width());
        for (int i = 0; i < 10; i++) {
            assertEquals(joint.last().at(i / 2, i % 2), sample.at(i / 2, i % 2));
        }
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void thinningKeepsEveryThirdDraw(GradientSampler<?> sampler) {
        Chains all = sampler.draw(NORMAL, 4, Noise.seed(3));
        Chains some = sampler.thin(3).draw(NORMAL, 4, Noise.seed(3));
        assertEquals(12, all.draws());
        assertEquals(4, some.draws());
        for (int t = 0; t < 4; t++) {
            assertArrayEquals(all.draw(3 * t + 2).values(), some.draw(t).values());
        }
        assertThrows(SettingException.class, () -> sampler.thin(13).draw(NORMAL, 4, Noise.seed(3)));
        assertEquals(4, sampler.thin(13).sample(NORMAL, 4, Noise.seed(3)).rows());
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void anInterruptBeforeTheFirstDrawIsAnError(GradientSampler<?> sampler) {
        Thread.currentThread().interrupt();
        assertThrows(InterruptionException.class, () -> sampler.draw(NORMAL, 2, Noise.seed(1)));
        assertFalse(Thread.interrupted(), "the error has spent the interrupt");
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void chainsTellTheirStoryInAtMostFiveLines(GradientSampler<?> sampler) {
        String text = sampler.draw(NORMAL, 5, Noise.seed(1)).toString();
        assertTrue(text.lines().count() <= 5, text);
        assertTrue(text.contains("on normal") && text.contains("acceptance") && text.contains("R-hat"), text);
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void noChainsAreRefused(GradientSampler<?> sampler) {
        assertThrows(SettingException.class, () -> sampler.sample(NORMAL, 0, Noise.seed(1)));
    }

    // ---------------------------------------------------------------- starts

    /** Steps too small to see, so that starts can be seen. */
    private static final Langevin STILL = Langevin.steps(1).stepSize(1e-7).temperatures(Temperatures.plain());

    @Test
    void chainsStartAtRandomRowsOrEachAtItsOwn() {
        Data rows = Data.of("rows", new float[] {1, 2, 3, 4, 5, 6}, 2);
        assertArrayEquals(
                rows.values(),
                STILL.continuingFrom(rows).sample(NORMAL, 3, Noise.seed(1)).values(),
                1e-5f);
        Data random = STILL.startingAt(rows).sample(NORMAL, 300, Noise.seed(1));
        int[] seen = new int[3];
        for (int i = 0; i < 300; i++) {
            int row = Math.round(random.at(i, 0)) / 2;
            assertEquals(rows.at(row, 1), random.at(i, 1), 1e-5);
            seen[row]++;
        }
        for (int count : seen) {
            assertEquals(100, count, 4 * Math.sqrt(300 * 2 / 9.0));
        }
        assertThrows(ShapeException.class, () -> STILL.continuingFrom(rows).sample(NORMAL, 4, Noise.seed(1)));
        Data narrow = Data.of("narrow", new float[] {1, 2}, 1);
        assertThrows(ShapeException.class, () -> STILL.startingAt(narrow).sample(NORMAL, 2, Noise.seed(1)));
    }

    @Test
    void rowsOfVStartJointChainsWithHAtNoise() {
        Data v = Data.of("v", new float[] {1, 2, 3, 4}, 2);
        Chains chains = STILL.continuingFrom(v).draw(Target.joint(mlp()), 2, Noise.seed(1));
        for (int i = 0; i < 4; i++) {
            assertEquals(v.at(i / 2, i % 2), chains.at(0, i / 2, i % 2), 1e-5);
        }
        assertTrue(Math.abs(chains.at(0, 0, 2)) > 1e-3 && Math.abs(chains.at(0, 1, 4)) > 1e-3);
    }

    @Test
    void noiseStartsAreStandardNormalAboutTheirCenterAndThatIsForVOnly() {
        Data drawn = STILL.startingAround(5).sample(Target.joint(mlp()), 2000, Noise.seed(1));
        for (int j = 0; j < 5; j++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 2000; i++) {
                double off = drawn.at(i, j) - (j < 2 ? 5 : 0);
                sum += off / 2000;
                squares += off * off / 2000;
            }
            assertEquals(0, sum, 4 / Math.sqrt(2000), "column " + j);
            assertEquals(1, squares, 4 * Math.sqrt(2 / 2000.0), "column " + j);
        }
    }

    // ---------------------------------------------------------------- Chains

    @Test
    void meansHaveTheirStandardErrors() {
        // Of 100 runs the means are off by their standard error: chi-square with 100 degrees of freedom.
        double sum = 0;
        for (int seed = 0; seed < 100; seed++) {
            Chains chains = Mala.steps(200)
                    .stepSize(0.8)
                    .continuingFrom(normalRows(4, seed))
                    .draw(NORMAL, 4, Noise.seed(seed));
            double off = chains.mean()[1] / chains.standardError()[1];
            sum += off * off / 100;
        }
        assertEquals(1, sum, 4 * Math.sqrt(2 / 100.0));
    }

    private static Data normalRows(int rows, int seed) {
        float[] x = new float[2 * rows];
        Noise.seed(1000 + seed).normal(x, 0, x.length);
        return Data.of("starts", x, 2);
    }

    @Test
    void chainsInModesOfTheirOwnAreSeenToDisagree() {
        Grbm far = Grbm.visible(1).hidden(1).of(new float[] {12}, new float[] {-72}, new float[1], new float[] {1});
        Data starts = Data.of("starts", new float[] {0, 12}, 1);
        Chains chains = Hmc.steps(100).startingAt(starts).draw(far, 20, Noise.seed(1));
        // Ranks of two camps apart are the halves of a normal: variance 1 - 2/pi each, means that vary by 2/pi; R-hat
        // 1.66.
        assertTrue(chains.rhat()[0] > 1.5, chains + "");
        assertTrue(chains.effectiveSamples()[0] < 100, chains + "");
    }

    @Test
    void everySamplerIsNamed() {
        List<String> texts = samplers().map(Object::toString).toList();
        assertEquals("Langevin, 12 steps of 0.3 from noise", texts.get(0));
        assertEquals("Mala, 12 steps after 12 of warm-up from noise", texts.get(1));
        assertEquals("Hmc, 12 steps of about 3 leaps after 12 of warm-up from noise", texts.get(2));
    }
}
