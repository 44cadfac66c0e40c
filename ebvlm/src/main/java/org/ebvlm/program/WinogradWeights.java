package org.ebvlm.program;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.ebvlm.program.Storage.Role;

/** The weights of a {@link Winograd} convolution: G g G' for each pair of channels, [classes, in, out]. */
final class WinogradWeights implements Kernel {
    private final Tiling tiling;
    private final Location given;
    private final boolean turned;
    private final Location target;
    private final Buffer own;
    private final int lanes;

    /**
     * @param tiling of the convolution they are for
     * @param given [3, 3, in, out]; if they are to be turned round, [3, 3, out, in]
     * @param turned whether channels run the other way
     * @param target [classes, in, out]
     */
    WinogradWeights(Tiling tiling, Location given, boolean turned, Location target, Vectors.Width width) {
        this.tiling = tiling;
        this.given = given;
        this.turned = turned;
        this.target = target;
        this.lanes = width.lanes();
        this.own = new Buffer(
                (turned ? 9 * tiling.weights() : 0)
                        + 3 * tiling.down().classes() * tiling.to().channels(),
                Role.SCRATCH);
    }

    @Override
    public Set<Buffer> buffers() {
        return new LinkedHashSet<>(List.of(target.buffer(), given.buffer(), own));
    }

    @Override
    public Set<Buffer> reads() {
        return Set.of(given.buffer());
    }

    @Override
    public List<Operand> operands() {
        return List.of(Operand.of(target), Operand.of(given), new Operand(own, 0));
    }

    @Override
    public String text() {
        int in = tiling.from().channels();
        int out = tiling.to().channels();
        int pair = in * out;
        Text text = new Text();
        Combinations sums = new Combinations(text, lanes);
        text.line("float[] g = b1;");
        text.line("int first = o1;");
        text.line("int half = o2;");
        if (turned) {
            turn(text);
        }
        text.open("for (int c = 0; c < %d; c++) {".formatted(in));
        // G g
        text.open("for (int l = 0; l < 3; l++) {");
        text.line("int of = first + l * %d + c * %d;".formatted(pair, out));
        text.line("int to = half + l * %d;".formatted(out));
        sums.write(
                tiling.down().weights(),
                out,
                new Combinations.Runs("g", "of", 3 * pair),
                new Combinations.Runs("b2", "to", 3 * out));
        text.close();
        // (G g) G'
        text.open("for (int k = 0; k < %d; k++) {".formatted(tiling.down().classes()));
        text.line("int of = half + k * %d;".formatted(3 * out));
        text.line("int to = o0 + (k * %d * %d + c) * %d;"
                .formatted(tiling.across().classes(), in, out));
        sums.write(
                tiling.across().weights(),
                out,
                new Combinations.Runs("b2", "of", out),
                new Combinations.Runs("b0", "to", pair));
        text.close(2);
        return text.toString();
    }

    /** Turns matrices of channels round, a few columns at a time: those of one row may not be far apart in memory. */
    private void turn(Text text) {
        int in = tiling.from().channels();
        int out = tiling.to().channels();
        text.open("for (int k = 0; k < 9; k++) {");
        text.open("for (int o = 0; o < %d; o += %d) {".formatted(out, lanes));
        text.open("for (int c = 0; c < %d; c++) {".formatted(in));
        text.line("int to = o2 + (k * %d + c) * %d + o;".formatted(in, out));
        text.line("int of = o1 + (k * %d + o) * %d + c;".formatted(out, in));
        text.open("for (int i = 0; i < %d; i++) {".formatted(lanes));
        text.line("b2[to + i] = b1[of + i * %d];".formatted(in));
        text.close(4);
        text.line("g = b2;");
        text.line("first = o2;");
        text.line("half = o2 + %d;".formatted(9 * in * out));
    }
}
