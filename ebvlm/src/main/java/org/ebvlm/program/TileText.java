package org.ebvlm.program;

import org.ebvlm.program.Combinations.Runs;
import org.ebvlm.program.Tiling.Side;

/** The text of loops that take tiles out of images and transform them, and that make images of transformed tiles. */
final class TileText {
    private final Tiling tiling;
    private final Filtering down;
    private final Filtering across;
    private final Side from;
    private final Side to;
    private final int block;
    private final int lanes;

    /**
     * @param block tiles that are taken at a time
     */
    TileText(Tiling tiling, int block, int lanes) {
        this.tiling = tiling;
        this.down = tiling.down();
        this.across = tiling.across();
        this.from = tiling.from();
        this.to = tiling.to();
        this.block = block;
        this.lanes = lanes;
    }

    /** Each tile of the block, its image and its row and column of tiles; the last block begins earlier, to be full. */
    private void openTiles(Text text) {
        int perImage = down.tiles() * across.tiles();
        text.open("for (int q = 0; q < %d; q++) {".formatted(block));
        text.line("int t = Math.min(block * %1$d, %2$d) + q;".formatted(block, tiling.tiles() - block));
        text.line("int n = t / %d;".formatted(perImage));
        text.line("int y = t %% %d / %d;".formatted(perImage, across.tiles()));
        text.line("int x = t %% %d;".formatted(across.tiles()));
    }

    /** From images b1 into transformed tiles b0, [places, block, channels]: B' d, and then (B' d) B. */
    String from() {
        return read(from, down.from(), across.from(), new int[] {
            down.first(), down.stepFrom(), across.first(), across.stepFrom()
        });
    }

    /** From slopes of results b1 into transformed tiles b0, [places, block, channels]: A y, and then (A y) A'. */
    String slope() {
        return read(to, down.to(), across.to(), new int[] {0, down.stepTo(), 0, across.stepTo()});
    }

    /**
     * Tiles of a side, transformed.
     *
     * @param steps first row and rows from tile to tile, first column and columns
     */
    private String read(Side side, double[][] rows, double[][] columns, int[] steps) {
        int c = side.channels();
        int height = rows[0].length;
        int width = columns[0].length;
        Text text = new Text();
        openTiles(text);
        text.line("int top = y * %d + %d;".formatted(steps[1], steps[0]));
        text.line("int left = x * %d + %d;".formatted(steps[3], steps[2]));
        findPixels(text, side, height, width);
        text.line("int half = o2 + %d;".formatted(height * width * c));
        Combinations sums = new Combinations(text, lanes);
        sums.write(rows, width * c, new Runs("d", "first", "row"), new Runs("b2", "half", width * c));
        text.open("for (int k = 0; k < %d; k++) {".formatted(rows.length));
        text.line("int to = o0 + (k * %d * %d + q) * %d;".formatted(columns.length, block, c));
        text.line("int of = half + k * %d;".formatted(width * c));
        sums.write(columns, c, new Runs("b2", "of", c), new Runs("b0", "to", block * c));
        text.close(2);
        return text.toString();
    }

    /** Where the pixels of a tile are: in array d from {@code first} on, with {@code row} numbers from one row to the next. */
    private static void findPixels(Text text, Side side, int height, int width) {
        int c = side.channels();
        text.line("float[] d = b1;");
        text.line("int row = %d;".formatted(side.width() * c));
        text.line("int first = o1 + (n * %d + top) * row + left * %d;".formatted(side.height(), c));
        text.open("if (top < 0 || left < 0 || top > %d || left > %d) {"
                .formatted(side.height() - height, side.width() - width));
        // What lies outside of the image is zero.
        text.line("java.util.Arrays.fill(b2, o2, o2 + %d, 0f);".formatted(height * width * c));
        text.line("int from = Math.max(0, -left);");
        text.line("int size = (Math.min(%d, %d - left) - from) * %d;".formatted(width, side.width(), c));
        text.open(
                "for (int i = Math.max(0, -top); i < Math.min(%d, %d - top); i++) {".formatted(height, side.height()));
        text.line("System.arraycopy(b1, first + i * row + from * %1$d, b2, o2 + (%2$d * i + from) * %1$d, size);"
                .formatted(c, width));
        text.close();
        text.line("d = b2;");
        text.line("row = %d;".formatted(width * c));
        text.line("first = o2;");
        text.close();
    }

    /** From products b1, [places, block, channels], into results b0: A' m, and then (A' m) A. */
    String to() {
        double[][] rows = Filtering.transposed(down.to());
        double[][] columns = Filtering.transposed(across.to());
        int c = to.channels();
        int place = block * c;
        int half = across.places() * c;
        Text text = new Text();
        openTiles(text);
        text.line("int top = y * %d;".formatted(down.stepTo()));
        text.line("int left = x * %d;".formatted(across.stepTo()));
        Combinations sums = new Combinations(text, lanes);
        text.open("for (int l = 0; l < %d; l++) {".formatted(across.places()));
        text.line("int of = o1 + l * %d + q * %d;".formatted(place, c));
        text.line("int to = o2 + l * %d;".formatted(c));
        sums.write(rows, c, new Runs("b1", "of", across.places() * place), new Runs("b2", "to", half));
        text.close();
        text.open("for (int k = 0; k < Math.min(%d, %d - top); k++) {".formatted(rows.length, to.height()));
        text.line("int of = o2 + k * %d;".formatted(half));
        text.line("int row = o0 + ((n * %d + top + k) * %d + left) * %d;".formatted(to.height(), to.width(), c));
        // A row that reaches beyond the result is made elsewhere first.
        text.line("boolean fits = left <= %d;".formatted(to.width() - columns.length));
        text.line("float[] into = fits ? b0 : b2;");
        text.line("int to = fits ? row : o2 + %d;".formatted(rows.length * half));
        sums.write(columns, c, new Runs("b2", "of", c), new Runs("into", "to", c));
        text.open("if (!fits) {");
        text.line("System.arraycopy(b2, to, b0, row, (%d - left) * %d);".formatted(to.width(), c));
        text.close(3);
        return text.toString();
    }
}
