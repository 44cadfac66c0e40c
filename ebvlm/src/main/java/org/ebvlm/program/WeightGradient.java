package org.ebvlm.program;

import java.util.List;
import java.util.Set;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.program.Kernel.Operand;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.ebvlm.program.Storage.Role;

/**
 * The weight gradient of a convolution: for each row of each image a product of the windows above it with the result's slope,
 *
 * <pre>w[k, l, c, o] += sum over j of x[n, i - p + k, j - p + l, c] y[n, i, j, o]</pre>
 *
 * in which (l, c) is one axis, because the elements of a window's row lie side by side. Images are copied with their padding,
 * and add up in a few groups, whatever the number of threads, so that sums have the same order on all machines.
 */
final class WeightGradient extends Blocked {
    /** Sums that are added at the end. */
    private static final int GROUPS = 4;
    /** Floats of an image and a slope that are gone through again and again. */
    private static final int CACHED = 8_400;

    private final Winograd.Sizes sizes;
    private final Location image;
    private final Location slope;
    private final Buffer sums;
    private final Buffer padded;
    private final int lanes;

    /**
     * @param sizes of the convolution; its windows are 3 x 3
     * @param image row-major
     * @param slope of the result, row-major
     */
    WeightGradient(Winograd.Sizes sizes, Location image, Location slope, Vectors.Width width) {
        super(GROUPS, 9L * sizes.tiles() * 4 * sizes.in() * sizes.out());
        this.sizes = sizes;
        this.image = image;
        this.slope = slope;
        this.lanes = width.lanes();
        this.sums = new Buffer(GROUPS * weights(), Role.SCRATCH);
        this.padded = new Buffer(THREADS * height() * width() * sizes.in(), Role.SCRATCH);
    }

    /** Adds the groups' sums. */
    Kernel total(Location target) {
        return new Total(target, sums, weights(), lanes);
    }

    private int weights() {
        return 9 * sizes.in() * sizes.out();
    }

    /** Rows of a result that are taken at a time: as many as stay in the cache next to the core, with their windows. */
    private int rows() {
        int image = width() * sizes.in();
        int slopes = sizes.geometry().outWidth() * sizes.out();
        return Math.max(1, Math.min(sizes.geometry().outHeight(), (CACHED - 2 * image) / (image + slopes)));
    }

    private int height() {
        return sizes.geometry().outHeight() + 2;
    }

    private int width() {
        return sizes.geometry().outWidth() + 2;
    }

    @Override
    Set<Buffer> own() {
        return Set.of(padded);
    }

    @Override
    public Set<Buffer> reads() {
        return Set.of(image.buffer(), slope.buffer());
    }

    @Override
    List<Stage> stages() {
        return List.of(new Stage(
                List.of(
                        new Operand(sums, 0),
                        new Operand(image.buffer(), image.offset()),
                        new Operand(slope.buffer(), slope.offset()),
                        new Operand(padded, 0)),
                text()));
    }

    /** For all images of a group: pads one, and goes through a few of its rows with all windows and channels. */
    private String text() {
        Geometry g = sizes.geometry();
        int row = 3 * sizes.in();
        Text text = new Text();
        text.line("int w = o0 + block * %d;".formatted(weights()));
        text.line("java.util.Arrays.fill(b0, w, w + %d, 0f);".formatted(weights()));
        text.line("java.util.Arrays.fill(b3, o3, o3 + %d, 0f);".formatted(height() * width() * sizes.in()));
        text.open("for (int n = block * %1$d / %2$d; n < (block + 1) * %1$d / %2$d; n++) {"
                .formatted(sizes.images(), GROUPS));
        pad(text);
        text.open("for (int top = 0; top < %d; top += %d) {".formatted(g.outHeight(), rows()));
        text.open("for (int k = 0; k < 3; k++) {");
        text.open("for (int o = 0; o < %d; o += %d) {".formatted(sizes.out(), vectors() * lanes));
        text.open("for (int c = 0; c < %d; c += %d) {".formatted(row, LoopNest.ROWS));
        text.line("int to = w + (k * %1$d + c) * %2$d + o;".formatted(row, sizes.out()));
        eachSum(text, "FloatVector sum%1$d_%2$d = FloatVector.fromArray(F, b0, to + %3$d);");
        addRows(text);
        eachSum(text, "sum%1$d_%2$d.intoArray(b0, to + %3$d);");
        text.close(5);
        return text.toString();
    }

    /** Vectors of channels that are taken at a time. */
    private int vectors() {
        return sizes.out() % (2 * lanes) == 0 ? 2 : 1;
    }

    /** A line for each sum that is held in a register: its row, its vector, and how far it lies from the first. */
    private void eachSum(Text text, String line) {
        for (int r = 0; r < LoopNest.ROWS; r++) {
            for (int v = 0; v < vectors(); v++) {
                text.line(line.formatted(r, v, r * sizes.out() + v * lanes));
            }
        }
    }

    /** Adds x y for all pixels of a few rows. */
    private void addRows(Text text) {
        Geometry g = sizes.geometry();
        int out = sizes.out();
        text.open("for (int y = top; y < Math.min(top + %d, %d); y++) {".formatted(rows(), g.outHeight()));
        text.line("int x = o3 + (y + k) * %d + c;".formatted(width() * sizes.in()));
        text.line("int s = o2 + (n * %d + y) * %d + o;".formatted(g.outHeight(), g.outWidth() * out));
        text.open("for (int j = 0; j < %d; j++) {".formatted(g.outWidth()));
        for (int v = 0; v < vectors(); v++) {
            text.line("FloatVector y%1$d = FloatVector.fromArray(F, b2, s + j * %2$d + %3$d);"
                    .formatted(v, out, v * lanes));
        }
        for (int r = 0; r < LoopNest.ROWS; r++) {
            text.line("float x%1$d = b3[x + j * %2$d + %1$d];".formatted(r, sizes.in()));
        }
        eachSum(text, "sum%1$d_%2$d = FloatVector.broadcast(F, x%1$d).fma(y%2$d, sum%1$d_%2$d);");
        text.close(2);
    }

    /** Copies an image into the middle of zeros. */
    private void pad(Text text) {
        Geometry g = sizes.geometry();
        int in = sizes.in();
        int columns = Math.min(g.width(), width() - g.padLeft());
        text.open("for (int i = 0; i < %d; i++) {".formatted(Math.min(g.height(), height() - g.padTop())));
        text.line("System.arraycopy(b1, o1 + (n * %d + i) * %d, b3, o3 + ((i + %d) * %d + %d) * %d, %d);"
                .formatted(g.height(), g.width() * in, g.padTop(), width(), g.padLeft(), in, columns * in));
        text.close();
    }

    /** The sum of several runs of memory. */
    private record Total(Location target, Buffer sums, int size, int lanes) implements Kernel {
        @Override
        public Set<Buffer> buffers() {
            return Set.of(target.buffer(), sums);
        }

        @Override
        public Set<Buffer> reads() {
            return Set.of(sums);
        }

        @Override
        public List<Operand> operands() {
            return List.of(new Operand(target.buffer(), target.offset()), new Operand(sums, 0));
        }

        @Override
        public String text() {
            Text text = new Text();
            text.open("for (int i = 0; i < %d; i += %d) {".formatted(size, lanes));
            StringBuilder sum = new StringBuilder("FloatVector.fromArray(F, b1, o1 + i)");
            for (int k = 1; k < GROUPS; k++) {
                sum.append(".add(FloatVector.fromArray(F, b1, o1 + i + %d))".formatted(k * size));
            }
            text.line(sum + ".intoArray(b0, o0 + i);");
            text.close();
            return text.toString();
        }
    }
}
