package org.ebvlm.program;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * A product of small matrices as loops, without a call. Which of three forms is used depends on what fits into local
 * variables: all of B, all of the result, or neither.
 */
final class MatMulKernel implements Kernel {
    /** Entries kept in local variables at most. */
    private static final int LOCALS = 64;

    private final Product product;
    private final Location a;
    private final Location b;
    private final Location c;

    MatMulKernel(Product product, Location a, Location b, Location c) {
        this.product = product;
        this.a = a;
        this.b = b;
        this.c = c;
    }

    @Override
    public Set<Buffer> buffers() {
        return new LinkedHashSet<>(List.of(a.buffer(), b.buffer(), c.buffer()));
    }

    @Override
    public String text() {
        Text text = new Text();
        if (product.k() * product.n() <= LOCALS) {
            heldWeights(text);
        } else if (product.m() * product.n() <= LOCALS) {
            heldResult(text);
        } else if (product.transposeB()) {
            dots(text);
        } else {
            rows(text);
        }
        return text.toString();
    }

    /** C[i, :] = A[i, :] B with B in locals. */
    private void heldWeights(Text text) {
        for (int l = 0; l < product.k(); l++) {
            for (int j = 0; j < product.n(); j++) {
                text.line("float w" + l + "_" + j + " = " + at(b, product.b("" + l, "" + j)) + ";");
            }
        }
        text.open(loop("i", product.m()));
        for (int l = 0; l < product.k(); l++) {
            text.line("float x" + l + " = " + at(a, product.a("i", "" + l)) + ";");
        }
        for (int j = 0; j < product.n(); j++) {
            StringBuilder sum = new StringBuilder();
            for (int l = 0; l < product.k(); l++) {
                sum.append(l == 0 ? "" : " + ").append("x" + l + " * w" + l + "_" + j);
            }
            text.line(at(c, product.c("i", "" + j)) + " = " + sum + ";");
        }
        text.close();
    }

    /** C = sum over l of A[:, l] B[l, :] with C in locals. */
    private void heldResult(Text text) {
        each((i, j) -> text.line("float s" + i + "_" + j + " = 0f;"));
        text.open(loop("l", product.k()));
        for (int i = 0; i < product.m(); i++) {
            text.line("float x" + i + " = " + at(a, product.a("" + i, "l")) + ";");
        }
        for (int j = 0; j < product.n(); j++) {
            text.line("float y" + j + " = " + at(b, product.b("l", "" + j)) + ";");
        }
        each((i, j) -> text.line("s" + i + "_" + j + " += x" + i + " * y" + j + ";"));
        text.close();
        each((i, j) -> text.line(at(c, product.c("" + i, "" + j)) + " = s" + i + "_" + j + ";"));
    }

    private interface Entry {
        void at(int i, int j);
    }

    private void each(Entry entry) {
        for (int i = 0; i < product.m(); i++) {
            for (int j = 0; j < product.n(); j++) {
                entry.at(i, j);
            }
        }
    }

    /** C[i, j] = A[i, :] . B'[j, :]. */
    private void dots(Text text) {
        text.open(loop("i", product.m()));
        text.open(loop("j", product.n()));
        text.line("float s = 0f;");
        text.open(loop("l", product.k()));
        text.line("s += " + at(a, product.a("i", "l")) + " * " + at(b, product.b("l", "j")) + ";");
        text.close();
        text.line(at(c, product.c("i", "j")) + " = s;");
        text.close();
        text.close();
    }

    /** C[i, :] = sum over l of A[i, l] B[l, :], a row of B at a time. */
    private void rows(Text text) {
        text.open(loop("i", product.m()));
        text.open(loop("j", product.n()));
        text.line(at(c, product.c("i", "j")) + " = 0f;");
        text.close();
        text.open(loop("l", product.k()));
        text.line("float x = " + at(a, product.a("i", "l")) + ";");
        text.open(loop("j", product.n()));
        text.line(at(c, product.c("i", "j")) + " += x * " + at(b, product.b("l", "j")) + ";");
        text.close();
        text.close();
        text.close();
    }

    private static String loop(String counter, int size) {
        return "for (int %1$s = 0; %1$s < %2$d; %1$s++) {".formatted(counter, size);
    }

    private static String at(Location location, String position) {
        return "b" + location.buffer().slot + "[" + location.offset() + " + " + position + "]";
    }
}
