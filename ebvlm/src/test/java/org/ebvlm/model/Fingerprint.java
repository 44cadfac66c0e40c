package org.ebvlm.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;

/** What a model computes, to the last bit: parameters, energies and slopes of energies, as hexadecimal numbers. */
public final class Fingerprint {
    private static final int ROWS = 5;

    private Fingerprint() {}

    /** Prints the fingerprints of the models in these folders: a process of its own that loads them. */
    public static void main(String[] folders) {
        for (String folder : folders) {
            System.out.print(of(ModelFile.load(Path.of(folder))));
        }
    }

    static String of(EnergyModel model) {
        StringBuilder text = new StringBuilder(model + "\n");
        for (String name : new TreeSet<>(model.parameters().names())) {
            append(text, name, model.parameters().values(name));
        }
        Expr v = Expr.input("v", ROWS, model.visible());
        Expr h = Expr.input("h", ROWS, model.hidden());
        Expr energy = model.energy(v, h);
        append(text, "energies", model, energy, v, h);
        append(text, "slopes in v", model, Differentiation.gradient(energy, v), v, h);
        if (model.hasFreeEnergy()) {
            append(text, "free energies", model, model.freeEnergy(v), v, h);
            append(text, "scores", model, model.score(v), v, h);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String what, EnergyModel model, Expr y, Expr v, Expr h) {
        try (Program program = Program.of(y)) {
            model.parameters().give(program);
            Map<Expr, float[]> inputs = Map.of(v, numbers(v.size(), 0.9f), h, numbers(h.size(), 0.4f));
            inputs.forEach((input, values) -> {
                if (Expr.sorted(List.of(y)).contains(input)) {
                    program.set(input, values);
                }
            });
            program.run();
            append(text, what, program.value(0));
        }
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
