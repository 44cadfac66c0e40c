package org.ebvlm.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * Expressions compiled for single precision: a fixed schedule of generated loops and library calls on arrays that are
 * allocated once. Common parts are computed once, parts that no output needs not at all, and arithmetic is folded into
 * the loops that use it.
 *
 * <pre>{@code
 * Expr x = Expr.input("x", 100, 2);
 * try (Program program = Program.of(x.square().sum(1))) {
 *     program.set(x, values);
 *     program.run();
 *     float[] norms = program.value(0);
 * }
 * }</pre>
 *
 * <p>Inputs must be given before the first run. Noise inputs are filled by {@link #draw}. Results agree with the double-precision
 * {@link org.ebvlm.graph.Interpreter} up to rounding. Compiling costs a few milliseconds (the first time about half a
 * second); a run allocates nothing. Not thread-safe: one thread at a time.
 *
 * <p>This is the only class that knows how expressions run.
 */
public final class Program implements AutoCloseable {
    private final List<Expr> outputs;
    private final List<Location> results = new ArrayList<>();
    private final Map<Expr, Integer> inputs = new LinkedHashMap<>();
    private final float[][] arrays;
    private final List<NativeStep> natives = new ArrayList<>();
    private final Runnable[] calls;
    private final String source;
    private final Schedule schedule;
    private final Set<Expr> missing = new LinkedHashSet<>();
    private final Leaf.Source[] noiseSources;
    private final int[] noiseSlots;

    private Program(List<Expr> outputs) {
        this.outputs = List.copyOf(outputs);
        Plan plan = new Plan(outputs);
        arrays = new float[plan.slots().size()][];
        for (Buffer buffer : plan.slots()) {
            arrays[buffer.slot] = new float[buffer.size];
            if (buffer.leaf != null) {
                hold(buffer);
            }
        }
        outputs.forEach(output -> results.add(plan.location(output)));
        for (Step step : plan.steps()) {
            if (step instanceof NativeStep each) {
                each.bind(arrays);
                natives.add(each);
            }
        }
        calls = natives.stream().map(each -> (Runnable) each::run).toArray(Runnable[]::new);
        source = source(plan.steps());
        schedule = Compiler.compile(source);
        missing.addAll(inputs.keySet());
        List<Expr> noises = inputs.keySet().stream()
                .filter(e -> source(e) != Leaf.Source.GIVEN)
                .sorted()
                .toList();
        noiseSources = noises.stream().map(Program::source).toArray(Leaf.Source[]::new);
        noiseSlots = noises.stream().mapToInt(inputs::get).toArray();
    }

    /** Compiles expressions that are wanted together. */
    public static Program of(Expr... outputs) {
        return new Program(List.of(outputs));
    }

    /** Compiles expressions that are wanted together. */
    public static Program of(List<Expr> outputs) {
        return new Program(outputs);
    }

    private void hold(Buffer buffer) {
        if (buffer.leaf.op() instanceof Leaf.Constant constant) {
            for (int i = 0; i < buffer.size; i++) {
                arrays[buffer.slot][i] = (float) constant.at(i);
            }
        } else {
            inputs.put(buffer.leaf, buffer.slot);
        }
    }

    private static String source(List<Step> steps) {
        StringBuilder kernels = new StringBuilder();
        StringBuilder run = new StringBuilder();
        int call = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Kernel kernel) {
                List<Integer> slots =
                        kernel.buffers().stream().map(b -> b.slot).distinct().toList();
                kernels.append("    static void k%d(%s) {\n%s    }\n\n"
                        .formatted(i, joined(slots, "float[] b%d"), kernel.text()));
                run.append("        k%d(%s);\n".formatted(i, joined(slots, "b[%d]")));
            } else {
                run.append("        calls[%d].run();\n".formatted(call++));
            }
        }
        return """
                package org.ebvlm.generated;

                import org.ebvlm.math.FastMath;
                import org.ebvlm.program.Schedule;

                public final class Generated implements Schedule {
                    public void run(float[][] b, Runnable[] calls) {
                %s    }

                %s}
                """.formatted(run, kernels);
    }

    private static String joined(List<Integer> slots, String pattern) {
        return slots.stream().map(pattern::formatted).collect(Collectors.joining(", "));
    }

    // ---------------------------------------------------------------- running

    /** Copies values into an input. An input that no output depends on is ignored. */
    public void set(Expr input, float[] values) {
        requireInput(input, values.length);
        missing.remove(input);
        Integer slot = inputs.get(input);
        if (slot != null) {
            System.arraycopy(values, 0, arrays[slot], 0, values.length);
        }
    }

    /** Lets an input read the caller's array itself from now on, at each run as it then is. */
    public void bind(Expr input, float[] values) {
        requireInput(input, values.length);
        missing.remove(input);
        Integer slot = inputs.get(input);
        if (slot != null) {
            arrays[slot] = values;
        }
    }

    /** The program's own array of an input, to be filled by the caller; empty if no output depends on it. */
    public float[] array(Expr input) {
        requireInput(input, input.size());
        missing.remove(input);
        Integer slot = inputs.get(input);
        return slot == null ? new float[0] : arrays[slot];
    }

    private static void requireInput(Expr input, int length) {
        if (!(input.op() instanceof Leaf.Input) || length != input.size()) {
            throw new ShapeException(Facts.that("Program: a value does not fit input " + input)
                    .expected(input.size() + " numbers, " + Shapes.text(input.shape()))
                    .butWas(length));
        }
    }

    /** Fills all noise inputs, in the order of their making. */
    public void draw(Noise noise) {
        if (!missing.isEmpty()) {
            missing.removeIf(input -> source(input) != Leaf.Source.GIVEN);
        }
        for (int i = 0; i < noiseSlots.length; i++) {
            float[] array = arrays[noiseSlots[i]];
            switch (noiseSources[i]) {
                case NORMAL -> noise.normal(array, 0, array.length);
                case UNIFORM -> noise.uniform(array, 0, array.length);
                case RADEMACHER -> noise.rademacher(array, 0, array.length);
                case GIVEN -> throw new IllegalStateException("not a noise input");
            }
        }
    }

    private static Leaf.Source source(Expr input) {
        return ((Leaf.Input) input.op()).source();
    }

    /** Computes all outputs from the inputs as they are now. */
    public void run() {
        if (!missing.isEmpty()) {
            throw new SettingException(Facts.that("Program.run: inputs have no values")
                    .expected("each input set, bound, or drawn")
                    .butWas("nothing for " + missing));
        }
        schedule.run(arrays, calls);
    }

    /** An output's array, row-major; each run writes it anew. */
    public float[] value(int output) {
        Location location = results.get(output);
        return arrays[location.buffer().slot];
    }

    /** The one number of a scalar output. */
    public float scalar(int output) {
        return value(output)[0];
    }

    /** The outputs' expressions. */
    public List<Expr> outputs() {
        return outputs;
    }

    /** Runs once on given inputs, for those who need a value and not a program. */
    public static float[] evaluate(Expr output, Map<Expr, float[]> values) {
        try (Program program = of(output)) {
            new HashMap<>(values).forEach(program::set);
            program.run();
            return program.value(0).clone();
        }
    }

    /** The generated Java text. */
    public String source() {
        return source;
    }

    /** Size of all arrays together, in bytes. */
    public long bytes() {
        return Arrays.stream(arrays).mapToLong(a -> 4L * a.length).sum();
    }

    /** Frees what lies outside the Java heap; the program must not be run again. */
    @Override
    public void close() {
        natives.forEach(NativeStep::close);
    }

    @Override
    public String toString() {
        return "Program[" + outputs.size() + " outputs, " + inputs.size() + " inputs, " + arrays.length + " arrays]";
    }
}
