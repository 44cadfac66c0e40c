package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.EbvlmException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class DataTest {
    private static final Data SMALL = Data.of(new float[][] {{1, 10}, {2, 20}, {3, 60}});

    /** Row i holds i and i + 0.5. */
    private static Data counting(int n) {
        float[] values = new float[2 * n];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 2f;
        }
        return Data.of("counting", values, 2);
    }

    @Test
    void holdsRowsAsGivenAndKeepsNoneOfTheArrays() {
        float[][] rows = {{1, 2, 3}, {4, 5, 6}};
        Data data = Data.of(rows);
        rows[0][0] = 99;
        data.values()[0] = 99;
        data.row(0)[0] = 99;
        assertEquals(2, data.rows());
        assertEquals(3, data.width());
        assertEquals(1, data.at(0, 0));
        assertEquals(6, data.at(1, 2));
        assertArrayEquals(new float[] {4, 5, 6}, data.row(1));
        float[] out = new float[8];
        data.copyRow(1, out, 2);
        assertArrayEquals(new float[] {0, 0, 4, 5, 6, 0, 0, 0}, out);
        data.gather(new int[] {1, 0}, out);
        assertArrayEquals(new float[] {4, 5, 6, 1, 2, 3, 0, 0}, out);
        assertThrows(IndexOutOfBoundsException.class, () -> data.at(0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> data.row(2));
    }

    @Test
    void goesToAnNd4jMatrixAndBackWhateverItsTypeOrOrder() {
        assertEquals(20, SMALL.toArray().getDouble(1, 1));
        assertEquals(DataType.FLOAT, SMALL.toArray().dataType());
        assertArrayEquals(new long[] {3, 2}, SMALL.toArray().shape());
        assertArrayEquals(SMALL.values(), Data.of(SMALL.toArray()).values());
        assertArrayEquals(
                SMALL.values(), Data.of(SMALL.toArray().castTo(DataType.DOUBLE)).values());
        assertArrayEquals(SMALL.values(), Data.of(SMALL.toArray().dup('f')).values());
        assertArrayEquals(
                new float[] {1, 2, 3, 10, 20, 60},
                Data.of(SMALL.toArray().transpose()).values());
        assertSays(ShapeException.class, "[2, 2, 2]", () -> Data.of(Nd4j.zeros(2, 2, 2)));
    }

    @Test
    void goesToATableAndBack() {
        Table table = SMALL.withColumns(List.of("a", "b")).named("small").toTable();
        assertEquals(List.of("a", "b"), table.columnNames());
        assertEquals(60, table.numberColumn("b").getDouble(2));
        Data back = Data.of(table);
        assertArrayEquals(SMALL.values(), back.values());
        assertEquals("small", back.name());
        assertEquals(List.of("a", "b"), back.columns());
        assertEquals(List.of("x0", "x1"), SMALL.toTable().columnNames());
    }

    @Test
    void refusesTablesWithTextOrGapsNamingColumnAndRow() {
        Table text = Table.create("t", IntColumn.create("n", new int[] {1, 2}), StringColumn.create("s", "a", "b"));
        assertSays(DataException.class, "column s", () -> Data.of(text));
        Table gap = Table.create("t", DoubleColumn.create("n", 1.0, Double.NaN));
        assertSays(DataException.class, "row 1", () -> Data.of(gap));
        assertSays(DataException.class, "empty", () -> Data.of(Table.create("t")));
    }

    @Test
    void refusesWhatIsNoMatrixOfFiniteNumbers() {
        assertSays(DataException.class, "no rows", () -> Data.of(new float[0][]));
        assertSays(DataException.class, "empty first row", () -> Data.of(new float[][] {{}}));
        assertSays(DataException.class, "1 values in row 1", () -> Data.of(new float[][] {{1, 2}, {3}}));
        assertSays(
                DataException.class, "NaN in row 1, column x0", () -> Data.of(new float[][] {{1, 2}, {Float.NaN, 4}}));
        assertSays(DataException.class, "Infinity", () -> Data.of("d", new float[] {Float.POSITIVE_INFINITY}, 1));
        assertSays(DataException.class, "3 values, width 2", () -> Data.of("d", new float[3], 2));
        assertSays(DataException.class, "width 0", () -> Data.of("d", new float[3], 0));
        assertSays(DataException.class, "0 values", () -> Data.of("d", new float[0], 2));
    }

    @Test
    void provenanceHoldsTheHashOfTheContentAndEveryStep() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(8 + 24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(3)
                .putInt(2);
        for (float value : SMALL.values()) {
            bytes.putFloat(value);
        }
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        assertEquals(hash, SMALL.provenance().sha256());
        assertEquals(hash, SMALL.named("other").provenance().sha256());
        Provenance provenance = SMALL.take(2).standardized().provenance();
        assertEquals("array", provenance.name());
        assertEquals(List.of("first 2 rows", "standardized"), provenance.steps());
        assertNotEquals(hash, provenance.sha256());
        assertTrue(SMALL.shuffled(Noise.seed(1)).provenance().steps().get(0).contains("stream"));
    }

    @Test
    void hashCoversDataLongerThanOneChunk() {
        float[] values = new float[50_001];
        Data zeros = Data.of("zeros", values, 1);
        values[50_000] = 1;
        assertNotEquals(
                zeros.provenance().sha256(),
                Data.of("one", values, 1).provenance().sha256());
    }

    @Test
    void rowsAreTakenSelectedAndShuffledWhole() {
        Data data = counting(100);
        assertArrayEquals(new float[] {0, 0.5f, 1, 1.5f}, data.take(2).values());
        assertArrayEquals(new float[] {5, 5.5f}, data.rows(5, 6).values());
        assertArrayEquals(
                new float[] {7, 7.5f, 3, 3.5f, 7, 7.5f},
                data.select(new int[] {7, 3, 7}).values());
        Data shuffled = data.shuffled(Noise.seed(1));
        TreeSet<Float> seen = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            assertEquals(shuffled.at(i, 0) + 0.5f, shuffled.at(i, 1));
            seen.add(shuffled.at(i, 0));
        }
        assertEquals(100, seen.size());
        assertFalse(Arrays.equals(data.values(), shuffled.values()));
        assertArrayEquals(shuffled.values(), data.shuffled(Noise.seed(1)).values());
        assertSays(SettingException.class, "0 to 99", () -> data.take(101));
        assertSays(SettingException.class, "0 to 99", () -> data.rows(5, 5));
        assertSays(SettingException.class, "0 to 99", () -> data.select(new int[] {100}));
        assertSays(SettingException.class, "at least 1", () -> data.select(new int[0]));
    }

    @Test
    void standardizedColumnsHaveMeanZeroAndStandardDeviationOne() {
        Data data = SMALL.standardized();
        // Column 0: mean 2, variance 2/3; column 1: mean 30, variance (400 + 100 + 900) / 3.
        assertEquals(-1 / Math.sqrt(2.0 / 3), data.at(0, 0), 1e-6);
        assertEquals(30 / Math.sqrt(1400.0 / 3), data.at(2, 1), 1e-6);
        Scaling scaling = data.scaling().orElseThrow();
        assertArrayEquals(new double[] {2, 30}, scaling.mean(), 1e-12);
        assertArrayEquals(SMALL.values(), scaling.invert(data).values(), 1e-5f);
        assertArrayEquals(data.values(), scaling.apply(SMALL).values());
        assertSays(ShapeException.class, "1", () -> scaling.apply(Data.of(new float[][] {{1}})));
    }

    @Test
    void constantColumnsAreNamedAndCanBeLeftOut() {
        Data data = Data.of(new float[][] {{1, 5, 2}, {1, 6, 3}}).withColumns(List.of("flat", "b", "c"));
        assertSays(DataException.class, "column flat is constant", data::standardized);
        assertSays(DataException.class, "withoutConstantColumns()", data::standardized);
        Data rest = data.withoutConstantColumns();
        assertArrayEquals(new float[] {5, 2, 6, 3}, rest.values());
        assertEquals(List.of("b", "c"), rest.columns());
        assertArrayEquals(new float[] {-1, -1, 1, 1}, rest.standardized().values());
        assertSame(rest, rest.withoutConstantColumns());
        assertThrows(DataException.class, () -> data.take(1).withoutConstantColumns());
    }

    @Test
    void centringShiftsAConstantColumnAndKeepsItsUnit() {
        Scaling scaling = Scaling.centring(Data.of("points", new float[] {1, 7, 3, 7}, 2));
        assertArrayEquals(new double[] {2, 7}, scaling.mean());
        assertArrayEquals(new double[] {1, 1}, scaling.std());
        Scaling wide = Scaling.centring(Data.of("points", new float[] {0, 7, 8, 7}, 2));
        assertArrayEquals(new double[] {4, 1}, wide.std());
    }

    @Test
    void scalingsComposeAndStayInvertible() {
        Data twice = SMALL.standardized().scaled(-1, 1);
        assertEquals(-1, least(twice), 1e-6);
        assertArrayEquals(
                SMALL.values(), twice.scaling().orElseThrow().invert(twice).values(), 1e-4f);
        assertArrayEquals(
                new float[] {0, 9 / 59f, 1 / 59f, 19 / 59f, 2 / 59f, 1},
                SMALL.normalized().values(),
                1e-6f);
        assertSays(SettingException.class, "-2.0", () -> SMALL.scaled(1, -1));
        assertSays(DataException.class, "all values", () -> Data.of(new float[][] {{3, 3}})
                .normalized());
    }

    @Test
    void densityFollowsRescaling() {
        Data board = Datasets.checkerboard(20_000, Noise.seed(1)).standardized();
        Density density = board.density().orElseThrow();
        double area = Arrays.stream(board.scaling().orElseThrow().std()).reduce(1, (a, b) -> a * b);
        assertEquals(Math.log(2 * area), density.logDensity(DensityContractTest.point(board, 0)), 1e-12);
    }

    @Test
    void noiseHasTheStandardDeviationAskedForAndConvolvesTheDensity() {
        Data clean = Datasets.checkerboard(50_000, Noise.seed(1));
        Data noised = clean.noised(0.3, Noise.seed(2));
        double square = 0;
        int n = noised.rows() * 2;
        for (int i = 0; i < n; i++) {
            square += Math.pow(noised.at(i / 2, i % 2) - clean.at(i / 2, i % 2), 2);
        }
        assertEquals(0.09, square / n, 4 * 0.09 * Math.sqrt(2.0 / n));
        assertTrue(noised.density().orElseThrow() instanceof NoisedCheckerboard);
        assertTrue(Datasets.twoMoons(10, Noise.seed(1))
                .noised(0.1, Noise.seed(2))
                .density()
                .isEmpty());
        // Two widths make round noise in the new units not round in the old ones.
        assertTrue(clean.standardized().noised(0.1, Noise.seed(2)).density().isEmpty());
        Density halved =
                clean.scaled(0, 0.5).noised(0.1, Noise.seed(2)).density().orElseThrow();
        assertEquals(2, halved.width());
    }

    @Test
    void binarizingComparesOrDraws() {
        Data grey = Data.of(new float[][] {{0, 0.25f, 0.5f, 1}});
        assertArrayEquals(new float[] {0, 0, 0, 1}, grey.binarized(0.5).values());
        int n = 100_000;
        float[] quarters = new float[n];
        Arrays.fill(quarters, 0.25f);
        Data drawn = Data.of("quarters", quarters, 1).binarized(Noise.seed(1));
        double ones = 0;
        for (int i = 0; i < n; i++) {
            ones += drawn.at(i, 0);
        }
        assertEquals(0.25, ones / n, 4 * Math.sqrt(0.25 * 0.75 / n));
        Data ends = Data.of(new float[][] {{0, 1}}).binarized(Noise.seed(2));
        assertArrayEquals(new float[] {0, 1}, ends.values());
        assertSays(DataException.class, "10.0 in row 0, column x1", () -> SMALL.take(1)
                .binarized(Noise.seed(1)));
    }

    @Test
    void dequantizingSpreadsEveryLevelEvenlyOverItsStep() {
        int n = 100_000;
        float[] thirds = new float[n];
        for (int i = 0; i < n; i++) {
            thirds[i] = (i % 4) / 3f;
        }
        Data spread = Data.of("thirds", thirds, 1).dequantized(4, Noise.seed(1));
        double mean = 0;
        for (int i = 0; i < n; i++) {
            assertEquals(i % 4, (int) (spread.at(i, 0) * 4));
            mean += spread.at(i, 0) / (double) n;
        }
        assertEquals(0.5, mean, 4 * Math.sqrt(1 / 12.0 / n));
        assertSays(DataException.class, "multiple of 1/3", () -> Data.of(new float[][] {{0.5f}})
                .dequantized(4, Noise.seed(1)));
    }

    @Test
    void shapesAndNamesMustFitTheWidth() {
        Data image = Data.of(new float[][] {{1, 2, 3, 4, 5, 6}}).onGrid(new Grid(2, 1, 3));
        assertEquals(new Grid(2, 1, 3), image.take(1).grid().orElseThrow());
        assertEquals(5, image.at(0, new Grid(2, 1, 3).index(1, 0, 1)));
        assertSays(ShapeException.class, "2 x 2 x 1", () -> SMALL.onGrid(Grid.grey(2, 2)));
        assertSays(ShapeException.class, "names", () -> SMALL.withColumns(List.of("a")));
        assertSays(ShapeException.class, "Gaussian", () -> SMALL.drawnFrom(Gaussian.isotropic(new double[3], 1)));
        assertSays(SettingException.class, "0, 1, 1", () -> new Grid(0, 1, 1));
    }

    @Test
    void splitsHoldEveryRowOnce() {
        Split split = counting(100).split(0.9, Noise.seed(7));
        assertEquals(90, split.train().rows());
        assertEquals(10, split.test().rows());
        TreeSet<Float> seen = new TreeSet<>();
        for (Data part : List.of(split.train(), split.test())) {
            for (int i = 0; i < part.rows(); i++) {
                seen.add(part.at(i, 0));
            }
        }
        assertEquals(100, seen.size());
        SplitWithValidation three = counting(100).split(0.5, 0.3, Noise.seed(7));
        assertEquals(50, three.train().rows());
        assertEquals(30, three.validation().rows());
        assertEquals(20, three.test().rows());
        assertArrayEquals(
                counting(3).row(2), counting(3).splitInOrder(2 / 3.0).test().row(0));
        assertArrayEquals(
                counting(5).row(3), counting(5).splitInOrder(3, 1).validation().row(0));
        assertSays(SettingException.class, "test part", () -> counting(100).split(0.999, Noise.seed(7)));
        assertSays(SettingException.class, "test part", () -> counting(5).splitInOrder(3, 2));
        assertSays(SettingException.class, "train part", () -> counting(5).split(Double.NaN, Noise.seed(7)));
        assertSays(SettingException.class, "validation part", () -> counting(5).splitInOrder(3, Integer.MAX_VALUE));
    }

    @Test
    void aSplitIsStandardizedByItsTrainPartAlone() {
        Split split = counting(100).splitInOrder(0.5).standardized();
        assertEquals(0, mean(split.train()), 1e-6);
        // Test rows begin 50 rows above, in units of the train part's standard deviation.
        double std = Math.sqrt((50.0 * 50 - 1) / 12);
        assertEquals(50 / std, split.test().at(0, 0) - split.train().at(0, 0), 1e-5);
        SplitWithValidation three = counting(100).splitInOrder(50, 25).standardized();
        assertEquals(split.test().at(0, 0), three.validation().at(0, 0));
        assertEquals(split.test().at(25, 1), three.test().at(0, 1));
    }

    @Test
    void saysWhatItIsInOneLine() {
        String text = Datasets.checkerboard(100, Noise.seed(1)).take(10).toString();
        assertTrue(text.startsWith("checkerboard: 10 rows x 2, values from 0."), text);
        assertTrue(text.contains("drawn from checkerboard of 2 x 2 cells"), text);
        assertEquals(1, text.lines().count());
        assertTrue(counting(8).onGrid(Grid.grey(1, 2)).toString().contains("8 images of 1 x 2 x 1"));
        assertEquals(
                "counting: 90 rows to train, 10 to test, width 2",
                counting(100).splitInOrder(0.9).toString());
    }

    private static double mean(Data data) {
        double sum = 0;
        for (float value : data.values()) {
            sum += value;
        }
        return sum / data.values().length;
    }

    private static double least(Data data) {
        double least = Double.POSITIVE_INFINITY;
        for (float value : data.values()) {
            least = Math.min(least, value);
        }
        return least;
    }

    private static void assertSays(Class<? extends EbvlmException> type, String part, Executable action) {
        String message = assertThrows(type, action).getMessage();
        assertTrue(message.contains(part) && message.contains("expected") && message.contains("but was"), message);
    }
}
