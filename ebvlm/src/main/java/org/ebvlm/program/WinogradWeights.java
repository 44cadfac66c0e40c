package org.ebvlm.program;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.ebvlm.program.Storage.Role;

/** The weights of a {@link Winograd} convolution: G g G' for each pair of channels, [16, in, out]. */
final class WinogradWeights implements Kernel {
    private final Winograd.Sizes sizes;
    private final Location given;
    private final boolean turned;
    private final Location target;
    private final Buffer own;
    private final int lanes;

    /**
     * @param sizes of the convolution they are for
     * @param given [3, 3, in, out]; if they are to be turned round, [3, 3, out, in]
     * @param turned whether rows, columns and channels run the other way
     * @param target [16, in, out]
     */
    WinogradWeights(Winograd.Sizes sizes, Location given, boolean turned, Location target, Vectors.Width width) {
        this.sizes = sizes;
        this.given = given;
        this.turned = turned;
        this.target = target;
        this.lanes = width.lanes();
        this.own = new Buffer((turned ? 9 * sizes.in() * sizes.out() : 0) + 12 * sizes.out(), Role.SCRATCH);
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
        return List.of(
                new Operand(target.buffer(), target.offset()),
                new Operand(given.buffer(), given.offset()),
                new Operand(own, 0));
    }

    @Override
    public String text() {
        int in = sizes.in();
        int out = sizes.out();
        Text text = new Text();
        text.line("float[] g = b1;");
        text.line("int first = o1;");
        text.line("int half = o2;");
        if (turned) {
            turn(text);
        }
        text.open("for (int c = 0; c < %d; c++) {".formatted(in));
        // G g
        text.open("for (int l = 0; l < 3; l++) {");
        text.line("int of = first + l * %d + c * %d;".formatted(in * out, out));
        text.line("int to = half + l * %d;".formatted(out));
        transform(text, "g", 3 * in * out, "b2", 3 * out);
        text.close();
        // (G g) G'
        text.open("for (int k = 0; k < 4; k++) {");
        text.line("int of = half + k * %d;".formatted(3 * out));
        text.line("int to = o0 + (4 * k * %d + c) * %d;".formatted(in, out));
        transform(text, "b2", out, "b0", in * out);
        text.close(2);
        return text.toString();
    }

    /** Four of three: g0, (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2. */
    private void transform(Text text, String from, int strideFrom, String into, int strideInto) {
        text.open("for (int i = 0; i < %d; i += %d) {".formatted(sizes.out(), lanes));
        for (int k = 0; k < 3; k++) {
            text.line(
                    "FloatVector g%d = FloatVector.fromArray(F, %s, of + i + %d);".formatted(k, from, k * strideFrom));
        }
        String[] four = {"g0", "g0.add(g1).add(g2).mul(0.5f)", "g0.sub(g1).add(g2).mul(0.5f)", "g2"};
        for (int k = 0; k < 4; k++) {
            text.line("%s.intoArray(%s, to + i + %d);".formatted(four[k], into, k * strideInto));
        }
        text.close();
    }

    private void turn(Text text) {
        int in = sizes.in();
        int out = sizes.out();
        text.open("for (int k = 0; k < 9; k++) {");
        text.open("for (int c = 0; c < %d; c++) {".formatted(in));
        text.open("for (int i = 0; i < %d; i++) {".formatted(out));
        text.line("b2[o2 + (k * %1$d + c) * %2$d + i] = b1[o1 + ((8 - k) * %2$d + i) * %1$d + c];".formatted(in, out));
        text.close(3);
        text.line("g = b2;");
        text.line("first = o2;");
        text.line("half = o2 + %d;".formatted(9 * in * out));
    }
}
