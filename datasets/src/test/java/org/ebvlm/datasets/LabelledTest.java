package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.data"), text);
    }

    private static Labelled some() {
        float[] rows = new float[30];
        float[] labels = new float[10];
        for (int i = 0; i < 10; i++) {
            rows[3 * i] = i;
            rows[3 * i + 1] = 7;
            rows[3 * i + 2] = -100 * i * i;
            labels[i] = i;
        }
        return Labelled.of(Data.of("some", rows, 3), Data.of("labels", labels, 1));
    }

    @Test
    void wordsBecomeClassesAndNumbersStay() throws IOException {
        Labelled words = Datasets.labelled(file("17,M,1.5,2\n18,B,0.5,3\n19,M,2.5,4\n"), "C1", "C0");
        assertArrayEquals(new float[] {1.5f, 2, 0.5f, 3, 2.5f, 4}, words.rows().values());
        assertArrayEquals(new float[] {1, 0, 1}, words.labels().values());
        Labelled numbers = Datasets.labelled(file("a,b,y\n1,2,7\n3,4,5\n"), "y");
        assertArrayEquals(new float[] {1, 2, 3, 4}, numbers.rows().values());
        assertArrayEquals(new float[] {7, 5}, numbers.labels().values());
        assertArrayEquals(new float[] {1, 0}, numbers.classes().labels().values());
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        Path words = file("1,M,x\n2,B,y\n");
        assertTrue(message(words, "C7").contains("C7"));
        assertTrue(message(words, "C1").contains("C2"), "a column of words among the rows");
        assertTrue(message(file("1,M\n2,\n"), "C1").contains("a label is missing"));
        assertTrue(message(folder.resolve("none.csv"), "y").contains("no such file"));
    }

    private static String message(Path path, String label) {
        return assertThrows(DataException.class, () -> Datasets.labelled(path, label))
                .getMessage();
    }

    @Test
    void aSplitKeepsRowsWithTheirLabelsAndStandardisesByTheFirstPart() {
        LabelledSplit split = some().split(0.6, Noise.seed(1));
        assertEquals(6, split.train().size());
        assertEquals(4, split.test().size());
        // The constant column is gone.
        assertEquals(2, split.train().width());
        double mean = 0;
        double square = 0;
        for (int i = 0; i < 6; i++) {
            mean += split.train().rows().at(i, 0) / 6;
            square += Math.pow(split.train().rows().at(i, 0), 2) / 6;
        }
        assertEquals(0, mean, 1e-6);
        assertEquals(1, square, 1e-6);
        // The first column is the label itself, so it is one affine function of it in both parts.
        Map<Float, Float> place = new HashMap<>();
        for (Labelled part : new Labelled[] {split.train(), split.test()}) {
            for (int i = 0; i < part.size(); i++) {
                place.put(part.labels().at(i, 0), part.rows().at(i, 0));
            }
        }
        assertEquals(10, place.size());
        for (int i = 1; i < 9; i++) {
            assertEquals(place.get((float) i) * 2, place.get(i - 1f) + place.get(i + 1f), 1e-5);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(
                ShapeException.class,
                () -> Labelled.of(some().rows(), some().labels().take(9)));
        assertThrows(ShapeException.class, () -> Labelled.of(some().rows(), some().rows()));
        assertThrows(SettingException.class, () -> some().split(1, Noise.seed(1)));
        assertThrows(SettingException.class, () -> some().split(0.01, Noise.seed(1)));
        assertEquals(2, some().withoutConstantColumns().width());
    }

    /** The counts of the classes as they are published with the data: 357 benign and 212 malignant, 225 good and 126 bad. */
    @Test
    void publishedTablesHaveTheirPublishedClasses() {
        Path uci = Path.of(System.getProperty("ebvlm.data", "../../shared/data"), "uci");
        assumeTrue(
                Files.exists(uci.resolve("wdbc.data")),
                "skipped: no wdbc.data at " + uci + "; set -Debvlm.data=<folder>");
        Labelled breast = Datasets.labelled(uci.resolve("wdbc.data"), "C1", "C0");
        assertEquals(569, breast.size());
        assertEquals(30, breast.width());
        assertEquals(212, sum(breast));
        Labelled radar = Datasets.labelled(uci.resolve("ionosphere.data"), "C34");
        assertEquals(351, radar.size());
        assertEquals(225, sum(radar));
        assertEquals(33, radar.withoutConstantColumns().width());
    }

    private static double sum(Labelled data) {
        double sum = 0;
        for (float label : data.labels().values()) {
            sum += label;
        }
        return sum;
    }
}
