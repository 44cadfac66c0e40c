package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.ebvlm.errors.DataException;
import org.junit.jupiter.api.Test;

/**
 * Readers on published files, against figures published with them or counted from the raw bytes. They are no part of this
 * repository: the tests look for them in the folder that the system property {@code ebvlm.data} names, by default {@code
 * ../../shared/data}, and are skipped where it is absent.
 */
class RealFilesTest {
    private static Path file(String name) {
        Path path = Path.of(System.getProperty("ebvlm.data", "../../shared/data"), name);
        assumeTrue(Files.exists(path), "skipped: no " + name + " at " + path + "; set -Debvlm.data=<folder>");
        return path;
    }

    @Test
    void mnistTestImagesHaveTheValuesOfTheRawBytes() throws IOException {
        Path path = file("mnist/t10k-images-idx3-ubyte.gz");
        Data images = Datasets.idx(path);
        assertEquals(10_000, images.rows());
        assertEquals(Grid.grey(28, 28), images.grid().orElseThrow());
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(path))) {
            byte[] raw = in.readAllBytes();
            for (int i = 0; i < 7_840_000; i += 101) {
                assertEquals((raw[16 + i] & 0xFF) / 255.0, images.at(i / 784, i % 784), 1e-7);
            }
        }
        assertEquals(0.1325, mean(images), 5e-5);
        // Pixels at the rim are never inked.
        assertThrows(DataException.class, images::standardized);
        assertEquals(784 - 116, images.withoutConstantColumns().width());
    }

    @Test
    void mnistLabelsAreDigitsAsPublished() {
        Data labels = Datasets.read(file("mnist/t10k-labels-idx1-ubyte.gz"));
        assertEquals(10_000, labels.rows());
        int[] counts = new int[10];
        for (float label : labels.values()) {
            counts[(int) label]++;
        }
        assertArrayEquals(new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, counts);
    }

    @Test
    void freyFacesAre1965FramesOf560Pixels() {
        Path path = file("frey/frey_rawface.mat");
        Data faces = Datasets.freyFaces(path);
        assertEquals(1965, faces.rows());
        assertEquals(560, faces.width());
        assertEquals(Grid.grey(28, 20), faces.grid().orElseThrow());
        assertEquals(8 / 255f, range(faces)[0]);
        assertEquals(238 / 255f, range(faces)[1]);
        Data raw = Datasets.mat(path);
        assertEquals(560, raw.rows());
        assertEquals(raw.at(123, 1000) / 255f, faces.at(1000, 123));
        // A film read upright: neighbouring frames, and neighbouring rows of pixels, are alike.
        assertTrue(meanStep(faces, 560) < 0.5 * meanStep(faces, 100 * 560));
        assertTrue(meanStep(faces, 20) < meanStep(faces, 10));
    }

    @Test
    void cifarImagesBeginWithThePublishedPixel() {
        Data images = Datasets.cifar10(file("cifar10/data_batch_1_first4000.bin.gz"));
        assertEquals(4000, images.rows());
        assertArrayEquals(
                new float[] {59, 62, 63},
                new float[] {images.at(0, 0) * 255, images.at(0, 1) * 255, images.at(0, 2) * 255});
        Data labels = Datasets.labelledCifar10(file("cifar10/data_batch_1_first4000.bin.gz"))
                .labels();
        assertArrayEquals(
                new float[] {6, 9, 9, 4, 1, 1, 2, 7, 8, 3}, labels.take(10).values());
        Data test = Datasets.read(file("cifar10/test_batch_first1000.bin.gz"));
        assertEquals(1000, test.rows());
        assertEquals(158 / 255f, test.at(0, 0));
        assertEquals(49 / 255f, test.at(0, 2));
    }

    @Test
    void binarizedMnistIsTheSameAsTextAndAsMatrix() {
        Data text = Datasets.amat(file("binarized_mnist/binarized_mnist_test.amat.gz"));
        Data matrix = Datasets.mat(file("binarized_mnist/binarized_mnist_test.mat"));
        assertEquals(10_000, text.rows());
        assertEquals(784, text.width());
        assertEquals(0.132512, mean(text), 1e-6);
        assertEquals(matrix.provenance().sha256(), text.provenance().sha256());
    }

    @Test
    void silhouettesAreFoundByTheNameOfTheirMatrix() {
        Path path = file("caltech101_silhouettes/caltech101_silhouettes_28_split1.mat");
        Data train = Datasets.mat(path, "train_data");
        assertEquals(4100, train.rows());
        assertEquals(784, train.width());
        assertArrayEquals(new float[] {0, 1}, range(train));
        String message =
                assertThrows(DataException.class, () -> Datasets.mat(path)).getMessage();
        assertTrue(message.contains("train_data [4100, 784]") && message.contains("val_data [2264, 784]"), message);
    }

    @Test
    void wineIsReadByTheNamesOfItsColumns() {
        Path path = file("uci/winequality-red.csv");
        Data wine = Datasets.csv(path);
        assertEquals(1599, wine.rows());
        assertEquals(12, wine.width());
        assertEquals("fixed acidity", wine.columns().get(0));
        Data two = Datasets.csv(path, "alcohol", "pH");
        assertEquals(List.of("alcohol", "pH"), two.columns());
        assertArrayEquals(new float[] {9.4f, 3.51f}, two.row(0));
        assertEquals(4898, Datasets.read(file("uci/winequality-white.csv")).rows());
    }

    @Test
    void tablesWithoutHeaderKeepTheirFirstLine() {
        Data cancer = Datasets.read(file("uci/wdbc.data"));
        assertEquals(569, cancer.rows());
        assertEquals(31, cancer.width()); // all but the diagnosis in C1
        assertEquals(17.99f, cancer.at(0, 1));
        assertThrows(DataException.class, () -> Datasets.csv(file("uci/wdbc.data"), "C1"));
        Data ionosphere = Datasets.read(file("uci/ionosphere.data"));
        assertEquals(351, ionosphere.rows());
        assertEquals(34, ionosphere.width());
        assertEquals(33, ionosphere.withoutConstantColumns().standardized().width());
        assertEquals(
                1372,
                Datasets.read(file("uci/data_banknote_authentication.txt")).rows());
    }

    @Test
    void otherTablesHaveTheirPublishedSizes() {
        Data plant = Datasets.read(file("uci/power-plant.txt"));
        assertEquals(9568, plant.rows());
        assertEquals(5, plant.width());
        assertEquals(480.48f, plant.at(0, 4));
        Data power = Datasets.read(file("uci/household_power_consumption_2days.txt"));
        assertEquals(2880, power.rows());
        assertEquals(7, power.width()); // all but date and time
        assertEquals(2.744f, power.at(0, 0));
        Data digits = Datasets.read(file("digits/optdigits.tra.gz"));
        assertEquals(3823, digits.rows());
        assertEquals(65, digits.width());
        Data gas = Datasets.csv(file("uci/gas-drift_2565x129.csv.gz"));
        assertEquals(2565, gas.rows());
        assertEquals(129, gas.width());
    }

    private static double mean(Data data) {
        double sum = 0;
        for (float value : data.values()) {
            sum += value;
        }
        return sum / ((double) data.rows() * data.width());
    }

    private static float[] range(Data data) {
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : data.values()) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        return new float[] {least, greatest};
    }

    /** Mean absolute difference of values this far apart. */
    private static double meanStep(Data data, int apart) {
        float[] values = data.values();
        double sum = 0;
        for (int i = apart; i < values.length; i++) {
            sum += Math.abs(values[i] - values[i - apart]);
        }
        return sum / (values.length - apart);
    }
}
