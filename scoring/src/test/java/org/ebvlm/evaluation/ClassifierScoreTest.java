package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.training.Measurement;
import org.junit.jupiter.api.Test;

class ClassifierScoreTest {
    private static Data certain(int n, int classes, int used) {
        float[][] p = new float[n][classes];
        for (int i = 0; i < n; i++) {
            p[i][i % used] = 1;
        }
        return Data.of(p);
    }

    @Test
    void isTheNumberOfClassesThatAreEquallyOftenAndSurelyFound() {
        assertEquals(10, ClassifierScore.of(certain(40, 10, 10), 1).value(), 1e-12);
        assertEquals(3, ClassifierScore.of(certain(30, 10, 3), 1).value(), 1e-12);
        assertEquals(1, ClassifierScore.of(certain(30, 10, 1), 1).value(), 1e-12);
    }

    @Test
    void isOneWhereNothingCanBeToldApart() {
        float[][] p = new float[20][];
        for (int i = 0; i < 20; i++) {
            p[i] = new float[] {0.25f, 0.5f, 0.25f};
        }
        assertEquals(1, ClassifierScore.of(Data.of(p), 1).value(), 1e-12);
    }

    @Test
    void isTheExponentOfTheMeanDivergenceToTheMean() {
        Data p = Data.of(new float[][] {{0.75f, 0.25f}, {0.5f, 0.5f}});
        double first = 0.75 * Math.log(0.75 / 0.625) + 0.25 * Math.log(0.25 / 0.375);
        double second = 0.5 * Math.log(0.5 / 0.625) + 0.5 * Math.log(0.5 / 0.375);
        assertEquals(Math.exp((first + second) / 2), ClassifierScore.of(p, 1).value(), 1e-12);
    }

    @Test
    void splitsAreScoredByThemselvesAndTheirSpreadGivesTheError() {
        // Four rows of one class, then four of two classes, then four of four: scores 1, 2 and 4.
        float[][] p = new float[12][4];
        for (int i = 0; i < 12; i++) {
            p[i][i < 4 ? 0 : i < 8 ? i % 2 : i % 4] = 1;
        }
        Measurement measured = ClassifierScore.of(Data.of(p), 3);
        assertEquals(7 / 3.0, measured.value(), 1e-12);
        double mean = 7 / 3.0;
        double variance = (Math.pow(1 - mean, 2) + Math.pow(2 - mean, 2) + Math.pow(4 - mean, 2)) / 2;
        assertEquals(Math.sqrt(variance / 3), measured.standardError(), 1e-12);
        assertTrue(Double.isNaN(ClassifierScore.of(Data.of(p), 1).standardError()));
    }

    @Test
    void rejectsFewerImagesThanSplits() {
        assertThrows(SettingException.class, () -> ClassifierScore.of(certain(3, 2, 2), 4));
        assertThrows(SettingException.class, () -> ClassifierScore.by(null).splits(0));
    }
}
