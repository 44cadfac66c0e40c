package org.ebvlm.variational;

import java.nio.file.Path;
import java.util.TreeSet;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** What a posterior computes, to the last bit: parameters, log q, and a draw from a seed, as hexadecimal numbers. */
public final class PosteriorFingerprint {
    private static final int ROWS = 5;

    private PosteriorFingerprint() {}

    /** Prints the fingerprints of the posteriors in these folders: a process of its own that loads them. */
    public static void main(String[] folders) {
        for (String folder : folders) {
            System.out.print(of(PosteriorFile.load(Path.of(folder)).orElseThrow()));
        }
    }

    static String of(Posterior q) {
        StringBuilder text = new StringBuilder(q.name() + "\n");
        for (String name : new TreeSet<>(q.parameters().names())) {
            append(text, name, q.parameters().values(name));
        }
        Expr v = Expr.input("v", ROWS, q.visible());
        Expr h = Expr.input("h", ROWS, q.hidden());
        Particle draw = q.sampleAndLogProb(v);
        try (Program program = Program.of(q.logProb(v, h), draw.h(), draw.logProb())) {
            q.parameters().give(program);
            program.set(v, numbers(v.size(), 0.9f));
            program.set(h, numbers(h.size(), 0.4f));
            program.draw(Noise.seed(6));
            program.run();
            append(text, "log q", program.value(0));
            append(text, "draws", program.value(1));
            append(text, "log q of the draws", program.value(2));
        }
        return text.toString();
    }

    private static float[] numbers(int n, float turn) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) Math.sin(1 + turn * i);
        }
        return x;
    }

    private static void append(StringBuilder text, String what, float[] values) {
        text.append(what);
        for (float value : values) {
            text.append(' ').append(Float.toHexString(value));
        }
        text.append('\n');
    }
}
