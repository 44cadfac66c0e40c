package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Checkerboard;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class ExactFisherDivergenceTest {
    private static final double[] MEAN = {0.5, -1};
    private static final double[] STD = {0.8, 1.5};
    /** Not a multiple of the rows that are measured at once. */
    private static final int ROWS = 10_300;

    private static Noise seed() {
        return Noise.seed(11);
    }

    private static Data normal() {
        return Gaussian.diagonal(MEAN, STD).sample(ROWS, Noise.seed(3));
    }

    /** N(b, s^2) as a machine: W = 0. */
    private static Grbm uncoupled(float[] b, float[] s) {
        return Grbm.visible(2).hidden(1).of(new float[2], new float[] {0.4f}, b, s);
    }

    /** 1/2 || (v - b) / s^2 - (v - MEAN) / STD^2 ||^2. */
    private static double term(float[] v, float[] b, float[] s) {
        double sum = 0;
        for (int i = 0; i < 2; i++) {
            double gap = (v[i] - b[i]) / (s[i] * s[i]) - (v[i] - MEAN[i]) / (STD[i] * STD[i]);
            sum += 0.5 * gap * gap;
        }
        return sum;
    }

    @Test
    void valueBetweenGaussiansIsTheClosedForm() {
        float[] b = {0.9f, -0.7f};
        float[] s = {1.1f, 1.2f};
        double expected = 0;
        for (int i = 0; i < 2; i++) {
            double slope = 1 / (s[i] * s[i]) - 1 / (STD[i] * STD[i]);
            double shift = (MEAN[i] - b[i]) / (s[i] * s[i]);
            expected += 0.5 * (slope * slope * STD[i] * STD[i] + shift * shift);
        }
        Measurement measured = ExactFisherDivergence.against(normal()).of(uncoupled(b, s), seed());
        assertEquals("exactFisherDivergence", measured.name());
        assertEquals(expected, measured.value(), 4 * measured.standardError(), "" + measured);
        assertTrue(measured.standardError() < 0.02 * expected, "the error is small enough to say something");
    }

    @Test
    void valueAndErrorAreThoseOfTheTermsOfTheRows() {
        float[] b = {0.9f, -0.7f};
        float[] s = {1.1f, 1.2f};
        Data data = normal();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < ROWS; i++) {
            double term = term(data.row(i), b, s);
            sum += term;
            squares += term * term;
        }
        double mean = sum / ROWS;
        double variance = (squares - ROWS * mean * mean) / (ROWS - 1);
        Measurement measured = ExactFisherDivergence.against(data).of(uncoupled(b, s), seed());
        assertEquals(mean, measured.value(), 1e-5 * mean);
        assertEquals(Math.sqrt(variance / ROWS), measured.standardError(), 1e-4 * measured.standardError());
    }

    @Test
    void aShiftAloneHasTheSameTermInEachRow() {
        float[] s = {0.8f, 1.5f};
        Measurement measured =
                ExactFisherDivergence.against(normal()).of(uncoupled(new float[] {0.9f, -0.7f}, s), seed());
        double expected = 0.5 * (Math.pow(0.4 / 0.64, 2) + Math.pow(0.3 / 2.25, 2));
        assertEquals(expected, measured.value(), 1e-5);
        assertEquals(0, measured.standardError(), 1e-6);
    }

    @Test
    void valueIsZeroWhereTheModelIsTheDensity() {
        Measurement measured = ExactFisherDivergence.against(normal())
                .of(uncoupled(new float[] {0.5f, -1}, new float[] {0.8f, 1.5f}), seed());
        assertEquals(0, measured.value(), 1e-11, "rounding of scores to floats, squared");
    }

    @Test
    void noisyScoresAddHalfTheirVariance() {
        Grbm drawn = Models.machine();
        float[] strong = {2, -1, 1.5f, -1, 2, 1};
        Grbm model = drawn.with(drawn.parameters().with("W", strong));
        Data data = normal();
        float[] w = model.parameters().values("W");
        float[] c = model.parameters().values("c");
        double extra = 0;
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < 3; j++) {
                double p = 1 / (1 + Math.exp(-c[j] - data.at(r, 0) * w[j] - data.at(r, 1) * w[3 + j]));
                extra += p * (1 - p) * (w[j] * w[j] + w[3 + j] * w[3 + j]) / ROWS;
            }
        }
        Measurement exact = ExactFisherDivergence.against(data).of(model, seed());
        Measurement noisy = ExactFisherDivergence.against(data)
                .using(Vaes.particles(2).posterior(Posteriors.exact(model)))
                .of(model, seed());
        double error = Math.hypot(exact.standardError(), noisy.standardError());
        assertEquals(exact.value() + 0.5 * extra / 2, noisy.value(), 4 * error, "standard error " + error);
        assertTrue(0.5 * extra / 2 > 8 * error, "the variance is large enough to show: " + extra + ", error " + error);
    }

    @Test
    void refusesDataWhoseDensityIsNotKnownAndSaysWhatToTake() {
        Data unknown = Data.of(new float[][] {{1, 2}, {3, 4}});
        DataException error = assertThrows(DataException.class, () -> ExactFisherDivergence.against(unknown));
        assertTrue(
                error.getMessage().contains("expected")
                        && error.getMessage().contains("use FisherDivergence, which learns a critic"),
                error.getMessage());
        Data bent = normal().binarized(0.5);
        assertThrows(DataException.class, () -> ExactFisherDivergence.against(bent), "no longer from that density");
    }

    @Test
    void refusesRowsOfZeroDensityAndNamesTheFirst() {
        float[][] rows = new float[1200][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {0.2f, i == 1100 ? 0.7f : 0.3f};
        }
        Data outside = Data.of(rows).drawnFrom(new Checkerboard(2));
        DataException error = assertThrows(DataException.class, () -> ExactFisherDivergence.against(outside)
                .of(Models.machine(), seed()));
        assertTrue(error.getMessage().contains("checkerboard"), error.getMessage());
        assertTrue(error.getMessage().contains("noised("), "a way out: " + error.getMessage());
        assertTrue(error.getMessage().contains("row 1100"), "the row of the data: " + error.getMessage());
    }

    @Test
    void aNoisedBoardIsTakenWhole() {
        Data board = Datasets.checkerboard(2000, Noise.seed(1)).noised(0.2, Noise.seed(2));
        Measurement measured = ExactFisherDivergence.against(board).of(Models.machine(), seed());
        assertTrue(measured.value() > 0 && Double.isFinite(measured.value()), "" + measured);
    }

    @Test
    void rejectsAModelOfAnotherWidth() {
        Grbm wide = Grbm.visible(3).hidden(2).init(Noise.seed(1));
        assertThrows(ShapeException.class, () -> ExactFisherDivergence.against(normal())
                .of(wide, seed()));
    }
}
