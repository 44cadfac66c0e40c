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
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
 * <p>Inputs must be given before the first run. Noise inputs are filled by {@link #draw}. Results agree with the
 * double-precision {@link org.ebvlm.graph.Interpreter} to 3e-5 of an output's largest element. Loops run many elements at a
 * time where Java has the {@linkplain Vectors Vector API}; large products, and convolutions that are not {@linkplain Winograd
 * small windows of many channels}, are ND4J's native operations.
 * Compiling costs a few milliseconds (the first time about half a second), and the JVM needs some thousand runs until a
 * small program is at full speed; a run then allocates nothing. Equal loops share their code among programs. Not
 * thread-safe: one thread at a time, but different programs may run at the same time.
 *
 * <p>This is the only class that knows how expressions run.
 */
public final class Program implements AutoCloseable {
    private final List<Expr> outputs;
    private final List<Location> results = new ArrayList<>();
    private final Map<Expr, Buffer> inputs = new LinkedHashMap<>();
    private final float[][] arrays;
    private final List<Call> calls = new ArrayList<>();
    private final String source;
    private final Action[] sequence;
    private final Set<Expr> missing = new LinkedHashSet<>();
    private final Leaf.Source[] noiseSources;
    private final int[] noiseSlots;
    private final NoiseFill noiseFill;

    /** With loops of a width of the caller's choice. */
    Program(List<Expr> outputs, Vectors.Width width) {
        this.outputs = List.copyOf(outputs);
        List<Expr> planned = RelaxedDraws.withoutLogarithms(outputs);
        Plan plan = new Plan(planned, width);
        arrays = new float[plan.slots().size()][];
        for (Buffer buffer : plan.slots()) {
            arrays[buffer.slot] = new float[buffer.size];
            if (buffer.leaf != null) {
                hold(buffer);
            }
        }
        planned.forEach(output -> results.add(plan.output(output)));
        for (Step step : plan.steps()) {
            if (step instanceof Call call) {
                call.bind(arrays);
                calls.add(call);
            }
        }
        List<String> bodies = plan.steps().stream().flatMap(Program::bodies).toList();
        source = source(plan.steps(), bodies);
        sequence = sequence(plan.steps(), Compiler.loops(bodies, width.lanes() > 1));
        missing.addAll(inputs.keySet());
        List<Expr> noises = inputs.keySet().stream()
                .filter(e -> source(e) != Leaf.Source.GIVEN)
                .sorted()
                .toList();
        noiseSources = noises.stream().map(Program::source).toArray(Leaf.Source[]::new);
        noiseSlots = noises.stream().mapToInt(e -> inputs.get(e).slot).toArray();
        noiseFill = noises.isEmpty() ? null : new NoiseFill();
    }

    /** Compiles expressions that are wanted together. */
    public static Program of(Expr... outputs) {
        return of(List.of(outputs));
    }

    /** Compiles expressions that are wanted together. */
    public static Program of(List<Expr> outputs) {
        return new Program(outputs, Vectors.preferred());
    }

    private void hold(Buffer buffer) {
        if (buffer.leaf.op() instanceof Leaf.Constant constant) {
            for (int i = 0; i < buffer.size; i++) {
                arrays[buffer.slot][Layout.position(i, buffer.strides, buffer.leaf.shape())] = (float) constant.at(i);
            }
        } else {
            inputs.put(buffer.leaf, buffer);
        }
    }

    // ---------------------------------------------------------------- code

    /** A step of the schedule. */
    private interface Action {
        void run(float[][] arrays);
    }

    /** The loops of a step as statements. */
    private static Stream<String> bodies(Step step) {
        if (step instanceof Kernel kernel) {
            return Stream.of(body(kernel.operands(), "", kernel.text()));
        } else if (step instanceof Blocked blocked) {
            return blocked.stages().stream()
                    .map(stage -> body(
                            stage.operands(),
                            "            int block = at[%d];\n"
                                    .formatted(2 * stage.operands().size()),
                            stage.text()));
        }
        return Stream.empty();
    }

    private static String body(List<Kernel.Operand> operands, String more, String statements) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < operands.size(); i++) {
            text.append("            float[] b%1$d = b[at[%2$d]];\n            int o%1$d = at[%3$d];\n"
                    .formatted(i, 2 * i, 2 * i + 1));
        }
        return text.append(more).append(statements).toString();
    }

    private static int[] at(Kernel kernel) {
        return kernel.operands().stream()
                .flatMapToInt(each -> IntStream.of(each.buffer().slot, each.offset()))
                .toArray();
    }

    /**
     * Generated loops and calls in the order of the plan. Loops of many classes run through one interface, which keeps the
     * JVM from compiling them into one another: each is compiled for itself, however many there are.
     */
    private Action[] sequence(List<Step> steps, List<GeneratedLoop> loops) {
        Action[] sequence = new Action[steps.size()];
        int next = 0;
        for (int i = 0; i < sequence.length; i++) {
            if (steps.get(i) instanceof Kernel kernel) {
                GeneratedLoop loop = loops.get(next++);
                int[] at = at(kernel);
                sequence[i] = arrays -> loop.run(arrays, at);
            } else if (steps.get(i) instanceof Blocked blocked) {
                int stages = blocked.stages().size();
                Runnable all = blocked.action(loops.subList(next, next + stages), arrays);
                next += stages;
                sequence[i] = arrays -> all.run();
            } else {
                Call call = (Call) steps.get(i);
                sequence[i] = arrays -> call.run();
            }
        }
        return sequence;
    }

    /** The schedule and, once each, the loops that it calls, for people. */
    private static String source(List<Step> steps, List<String> bodies) {
        List<String> distinct = bodies.stream().distinct().toList();
        StringBuilder text = new StringBuilder("// operand = array + offset\n");
        int next = 0;
        for (Step step : steps) {
            if (step instanceof Kernel kernel) {
                text.append(call(distinct.indexOf(bodies.get(next++)), kernel.operands()))
                        .append(";\n");
            } else if (step instanceof Blocked blocked) {
                StringBuilder calls = new StringBuilder();
                for (Stage stage : blocked.stages()) {
                    calls.append(calls.isEmpty() ? "" : ", ")
                            .append(call(distinct.indexOf(bodies.get(next++)), stage.operands()));
                }
                text.append("each block: ").append(calls).append(";\n");
            } else {
                text.append(step).append(";\n");
            }
        }
        for (int i = 0; i < distinct.size(); i++) {
            text.append("\nloop").append(i).append(":\n").append(distinct.get(i));
        }
        return text.toString();
    }

    private static String call(int loop, List<Kernel.Operand> operands) {
        return operands.stream()
                .map(o -> o.buffer().slot + (o.offset() == 0 ? "" : "+" + o.offset()))
                .collect(Collectors.joining(", ", "loop" + loop + "(", ")"));
    }

    // ---------------------------------------------------------------- running

    /** Copies values, row-major, into an input. An input that no output depends on is ignored. */
    public void set(Expr input, float[] values) {
        requireInput(input, values.length);
        missing.remove(input);
        Buffer buffer = inputs.get(input);
        if (buffer == null) {
            return;
        }
        float[] array = arrays[buffer.slot];
        if (Layout.isRowMajor(buffer.strides, input.shape())) {
            System.arraycopy(values, 0, array, 0, values.length);
        } else {
            for (int i = 0; i < values.length; i++) {
                array[Layout.position(i, buffer.strides, input.shape())] = values[i];
            }
        }
    }

    /** Lets an input, which is not noise, read the caller's array itself from now on, at each run as it then is. */
    public void bind(Expr input, float[] values) {
        requireInput(input, values.length);
        if (source(input) != Leaf.Source.GIVEN) {
            throw new SettingException(Facts.that("Program.bind: " + input + " is noise")
                    .expected("an input that is given")
                    .butWas(source(input))
                    .hint("copy values with set, or draw them"));
        }
        missing.remove(input);
        Buffer buffer = inputs.get(input);
        if (buffer != null) {
            arrays[buffer.slot] = values;
        }
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
            noiseFill.fill(noiseSources[i], noise, arrays[noiseSlots[i]]);
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
        for (Action action : sequence) {
            action.run(arrays);
        }
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

    /** The schedule and the generated Java text of its loops. */
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
        calls.forEach(Call::close);
    }

    @Override
    public String toString() {
        return "Program[" + outputs.size() + " outputs, " + inputs.size() + " inputs, " + arrays.length + " arrays]";
    }
}
