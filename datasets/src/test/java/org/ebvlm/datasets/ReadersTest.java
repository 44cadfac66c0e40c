package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.ebvlm.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;

/** Readers on tiny files made here: the values they must give, and the many ways in which a file can be wrong. */
class ReadersTest {
    @TempDir
    Path folder;

    /** A reader, a name that it goes by, and a good file. */
    record Format(String name, Function<Path, Data> reader, String fileName, byte[] good) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Formats that do not say how many rows follow, so that some beginnings are files in their own right. */
    private static final List<String> BREAKABLE = List.of("cifar10", "amat", "csv");

    static Stream<Format> formats() throws IOException {
        return Stream.of(
                new Format("idx", Datasets::idx, "images-idx3-ubyte", images(2, 3, 2)),
                new Format("mat", Datasets::mat, "x.mat", mat(file -> file.addArray("X", matrix(3, 2)))),
                new Format("Frey faces", Datasets::freyFaces, "frey.mat", mat(file -> file.addArray("ff", film(4)))),
                new Format("cifar10", Datasets::cifar10, "batch.bin", records(2)),
                new Format("amat", Datasets::amat, "rows.amat", text("1 0 0.5\n0 1 -2e-1\n")),
                new Format(
                        "csv",
                        path -> Datasets.csv(path, "a", "b", "c"),
                        "rows.csv",
                        text("a,b,c\n1,0,0.5\n0,1,-2e-1\n")));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void readsAGoodFileWithOrWithoutGzipAndFindsItsFormat(Format format) throws IOException {
        Data plain = format.reader.apply(write(format.fileName, format.good));
        Data packed = format.reader.apply(write(format.fileName + ".gz", gzip(format.good)));
        assertArrayEquals(plain.values(), packed.values());
        assertEquals(plain.width(), packed.width());
        Path path = write(format.fileName, format.good);
        if (!format.name.equals("Frey faces")) {
            assertArrayEquals(plain.values(), Datasets.read(path).values());
        }
        assertTrue(plain.name().contains(format.fileName) || plain.name().equals("Frey faces"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anAbsentFileOrAFolderIsNamed(Format format) throws IOException {
        Path absent = folder.resolve("absent-" + format.fileName);
        assertSays("nothing", absent, format.reader);
        Path child = Files.createDirectory(folder.resolve("folder"));
        assertSays("a folder", child, format.reader);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anEmptyFileIsRefused(Format format) throws IOException {
        assertSays("0 bytes", write(format.fileName, new byte[0]), format.reader);
        assertSays("0 bytes", write(format.fileName + ".gz", gzip(new byte[0])), format.reader);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aDamagedGzipIsRefused(Format format) throws IOException {
        byte[] packed = gzip(format.good);
        assertSays("gzip", write("cut.gz", Arrays.copyOf(packed, packed.length - 9)), format.reader);
        packed[packed.length - 6] ^= 0x55;
        assertSays("gzip", write("flipped.gz", packed), format.reader);
        assertSays("gzip", write("head.gz", new byte[] {0x1f, (byte) 0x8b}), format.reader);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aFileThatBreaksOffIsRefusedOrGivesWholeRowsOfItsBeginning(Format format) throws IOException {
        float[] whole = format.reader.apply(write(format.fileName, format.good)).values();
        int step = Math.max(1, format.good.length / 97);
        for (int length = 1; length < format.good.length; length += step) {
            Path cut = write("cut-" + format.fileName, Arrays.copyOf(format.good, length));
            try {
                Data read = format.reader.apply(cut);
                assertTrue(BREAKABLE.contains(format.name), "read " + length + " bytes of " + format.good.length);
                // The last number of a text may have lost digits.
                int sure = read.values().length - 1;
                assertArrayEquals(Arrays.copyOf(whole, sure), Arrays.copyOf(read.values(), sure));
            } catch (DataException refused) {
                assertTrue(refused.getMessage().contains("cut-" + format.fileName), refused.getMessage());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void filesOfOtherFormatsAreRefused(Format format) throws IOException {
        byte[] noise = new byte[999];
        Arrays.fill(noise, (byte) 0xEE);
        assertSays("expected", write("noise", noise), format.reader);
        assertSays("expected", write("words.txt", text("no number\nanywhere here\n")), format.reader);
    }

    @Test
    void idxImagesAreScaledAndKnowTheirGridButLabelsAreRaw() throws IOException {
        Data images = Datasets.idx(write("i", images(2, 3, 2)));
        assertEquals(Grid.grey(3, 2), images.grid().orElseThrow());
        assertEquals(7 / 255f, images.at(1, 1));
        Data labels = Datasets.idx(write("l", new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 9, 0, (byte) 200}));
        assertArrayEquals(new float[] {9, 0, 200}, labels.values());
        assertEquals(1, labels.width());
    }

    @Test
    void idxTellsWhatIsWrongWithAHeader() throws IOException {
        assertSays("00 00 0d 03", write("floats", new byte[] {0, 0, 0x0d, 3, 0, 0, 0, 1}), Datasets::idx);
        assertSays("header alone", write("short", new byte[] {0, 0, 8, 3, 0, 0, 0, 1}), Datasets::idx);
        assertSays("[0]", write("none", new byte[] {0, 0, 8, 1, 0, 0, 0, 0}), Datasets::idx);
        assertSays("[-1]", write("negative", new byte[] {0, 0, 8, 1, -1, -1, -1, -1}), Datasets::idx);
        byte[] large = new byte[17];
        Arrays.fill(large, (byte) 0x7f);
        System.arraycopy(new byte[] {0, 0, 8, 3}, 0, large, 0, 4);
        assertSays("1 values", write("large", large), Datasets::idx);
        byte[] longer = Arrays.copyOf(images(2, 3, 2), 29);
        assertSays("13 values", write("longer", longer), Datasets::idx);
    }

    @Test
    void cifarPixelsComeWithChannelsLast() throws IOException {
        Data images = Datasets.cifar10(write("c.bin", records(2)));
        Grid grid = images.grid().orElseThrow();
        assertEquals(new Grid(32, 32, 3), grid);
        // Plane c of record r holds 10 r + c + pixel mod 2.
        assertEquals(12 / 255f, images.at(1, grid.index(3, 4, 2)));
        assertEquals(12 / 255f, images.at(1, grid.index(3, 5, 1)));
        Labelled labelled = Datasets.labelledCifar10(write("c.bin", records(2)));
        assertArrayEquals(new float[] {0, 1}, labelled.labels().values());
        assertArrayEquals(images.values(), labelled.rows().values());
        byte[] wrong = records(2);
        wrong[3073] = 10;
        assertSays("10 in record 1", write("w.bin", wrong), Datasets::cifar10);
    }

    @Test
    void matListsTheMatricesThereAre() throws IOException {
        Path several = write("several.mat", mat(file -> file.addArray("A", matrix(3, 2))
                .addArray("words", Mat5.newString("text"))
                .addArray("B", matrix(1, 4))));
        assertSays("A [3, 2], B [1, 4]", several, Datasets::mat);
        assertSays("A [3, 2], B [1, 4]", several, path -> Datasets.mat(path, "words"));
        Data b = Datasets.mat(several, "B");
        assertArrayEquals(new float[] {0, 1, 2, 3}, b.values());
        assertEquals(4, b.width());
        assertArrayEquals(
                new float[] {0, 1, 10, 11, 20, 21}, Datasets.mat(several, "A").values());
        assertSays("none", write("w.mat", mat(f -> f.addArray("w", Mat5.newString("text")))), Datasets::mat);
    }

    @Test
    void freyFacesStandOneARowAndHaveTheirGrid() throws IOException {
        Data faces = Datasets.freyFaces(write("f.mat", mat(file -> file.addArray("ff", film(4)))));
        assertEquals(4, faces.rows());
        assertEquals(Grid.grey(28, 20), faces.grid().orElseThrow());
        assertEquals((555 % 251) / 255f + 3 / 255f, faces.at(3, 555), 1e-6f);
        assertSays("3 rows", write("g.mat", mat(file -> file.addArray("ff", matrix(3, 2)))), Datasets::freyFaces);
    }

    @Test
    void amatTakesAnyBlanksAndTellsTheLineOfAMistake() throws IOException {
        Data data = Datasets.amat(write("ok.amat", text("\n 1\t2.5 \r\n\n3  -4e2\r\n\n")));
        assertArrayEquals(new float[] {1, 2.5f, 3, -400}, data.values());
        assertSays("1 in line 3", write("ragged.amat", text("1 2\n\n3\n")), Datasets::amat);
        assertSays("\"x\" in line 2", write("word.amat", text("1 2\n3 x\n")), Datasets::amat);
        assertSays("2 blank lines", write("blank.amat", text(" \n\n")), Datasets::amat);
        assertSays("NaN in row 1", write("nan.amat", text("1 2\n3 NaN\n")), Datasets::amat);
    }

    @Test
    void csvFindsSeparatorAndHeader() throws IOException {
        String[] same = {
            "a,b\n1,2\n3,4\n",
            "a;b\n1;2\n3;4",
            "a\tb\n1\t2\n3\t4\n",
            "a b\n1   2\n 3 4\n",
            "a,b\r\n1,2\r\n3,4\r\n",
            "\uFEFFa,b\n1,2\n\n3,4\n"
        };
        for (String table : same) {
            Data data = Datasets.csv(write("t.csv", text(table)));
            assertEquals(List.of("a", "b"), data.columns());
            assertArrayEquals(new float[] {1, 2, 3, 4}, data.values());
        }
        Data bare = Datasets.csv(write("bare.csv", text("1,x,2\n3,y,4\n")));
        assertEquals(List.of("C0", "C2"), bare.columns());
        assertArrayEquals(new float[] {1, 2, 3, 4}, bare.values());
        assertEquals(
                List.of("columns that are not numeric left out: C1"),
                bare.provenance().steps());
        Data single = Datasets.csv(write("single.csv", text("value\n1\n2\n")));
        assertArrayEquals(new float[] {1, 2}, single.values());
        Data quoted = Datasets.csv(write("quoted.csv", text("\"a;1\";\"b\"\n1;2\n")));
        assertEquals(List.of("a;1", "b"), quoted.columns());
    }

    @Test
    void csvColumnsAreChosenByNameInTheOrderAskedFor() throws IOException {
        Path path = write("t.csv", text("a,word,b\n1,x,2\n3,y,4\n"));
        assertArrayEquals(new float[] {2, 1, 4, 3}, Datasets.csv(path, "b", "a").values());
        assertSays("[a, word, b]", path, p -> Datasets.csv(p, "c"));
        assertSays("column word", path, p -> Datasets.csv(p, "word"));
        assertSays("no column is numeric", write("w.csv", text("p,q\nx,y\n")), Datasets::csv);
    }

    @Test
    void csvNamesTheRowAndColumnOfAGap() throws IOException {
        for (String gap : new String[] {"", "?", "NA", "NaN"}) {
            Path path = write("gap.csv", text("a,b\n1,2\n3," + gap + "\n5,6\n"));
            assertSays("column b", path, Datasets::csv);
            assertSays("row 1", path, Datasets::csv);
            assertArrayEquals(new float[] {1, 3, 5}, Datasets.csv(path, "a").values());
        }
    }

    @Test
    void csvRefusesLinesOfDifferentLengthAndPrintsNothing() throws IOException {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            System.setErr(capture);
            assertSays("','", write("short.csv", text("a,b,c\n1,2,3\n4,5\n")), Datasets::csv);
            assertSays("','", write("long.csv", text("a,b\n1,2\n4,5,6\n")), Datasets::csv);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void anUnknownFormatIsRefusedWithTheOnesThatAreKnown() throws IOException {
        Path path = write("picture.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, 0, 0});
        assertSays(".amat", path, Datasets::read);
        assertSays("MATLAB", write("new.mat", text("\u0089HDF")), Datasets::read);
    }

    private void assertSays(String part, Path path, Function<Path, Data> reader) {
        String message =
                assertThrows(DataException.class, () -> reader.apply(path)).getMessage();
        String name = String.valueOf(path.getFileName());
        for (String fact : List.of(part, name, "expected", "but was")) {
            assertTrue(message.contains(fact), message + "\n\nlacks " + fact);
        }
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] text(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(content);
        }
        return out.toByteArray();
    }

    /** An idx file of images whose values count up from zero. */
    private static byte[] images(int n, int height, int width) {
        byte[] bytes = new byte[16 + n * height * width];
        System.arraycopy(
                new byte[] {0, 0, 8, 3, 0, 0, 0, (byte) n, 0, 0, 0, (byte) height, 0, 0, 0, (byte) width},
                0,
                bytes,
                0,
                16);
        for (int i = 16; i < bytes.length; i++) {
            bytes[i] = (byte) (i - 16);
        }
        return bytes;
    }

    private static byte[] records(int n) {
        byte[] bytes = new byte[n * 3073];
        for (int r = 0; r < n; r++) {
            bytes[r * 3073] = (byte) r;
            for (int i = 0; i < 3072; i++) {
                bytes[r * 3073 + 1 + i] = (byte) (10 * r + i / 1024 + i % 2);
            }
        }
        return bytes;
    }

    /** Element (i, j) is 10 i + j. */
    private static Matrix matrix(int rows, int columns) {
        Matrix matrix = Mat5.newMatrix(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.setDouble(i, j, 10 * i + j);
            }
        }
        return matrix;
    }

    private static Matrix film(int faces) {
        Matrix film = Mat5.newMatrix(560, faces, MatlabType.UInt8);
        for (int face = 0; face < faces; face++) {
            for (int pixel = 0; pixel < 560; pixel++) {
                film.setInt(pixel, face, pixel % 251 + face);
            }
        }
        return film;
    }

    private static byte[] mat(Function<MatFile, MatFile> content) throws IOException {
        Path path = Files.createTempFile("ebvlm", ".mat");
        try (MatFile file = content.apply(Mat5.newMatFile())) {
            Mat5.writeToFile(file, path.toFile());
            return Files.readAllBytes(path);
        } finally {
            Files.delete(path);
        }
    }
}
