package org.ebvlm.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.graph.Shapes;
import org.ebvlm.graph.Structure;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * One loop nest: an expression worked out element by element, and stored or summed. Everything that is not in memory is
 * computed in the loop body, each value once, as far out as it can be.
 */
final class LoopKernel implements Kernel {

    /** What happens to the value at each element. */
    enum Ending {
        STORE,
        SUM,
        LARGEST
    }

    /** A value in the loop body: a number, a load, or an operation on earlier values. */
    private static final class Value {
        final String name;
        Double number;
        Location from;
        Affine at;
        Pointwise op;
        List<Value> arguments = List.of();

        Value(String name) {
            this.name = name;
        }

        /** How many loops it is inside of. */
        int level() {
            if (at != null) {
                return depth(at);
            }
            return arguments.stream().mapToInt(Value::level).max().orElse(0);
        }
    }

    private record Key(Expr node, List<Affine> index) {}

    private final Function<Expr, Location> located;
    private final Map<Key, Value> known = new HashMap<>();
    private final List<Value> body = new ArrayList<>();
    private final Ending ending;
    private final Location target;
    private final int counters;
    private Affine store;
    private final Value result;
    private final List<Integer> sizes;
    private final List<Boolean> reduced;

    /**
     * A loop nest over the elements of a value.
     *
     * @param value what is computed; also gives the loops
     * @param ending what is done with each element
     * @param target where results go
     * @param store position in the target for an index of the value, from the index
     * @param located where an expression is in memory, or null
     */
    LoopKernel(
            Expr value,
            Ending ending,
            Location target,
            Function<Affine[], Affine> store,
            Function<Expr, Location> located) {
        this.located = located;
        this.ending = ending;
        this.target = target;
        this.counters = value.rank();
        Affine[] index = new Affine[counters];
        for (int a = 0; a < counters; a++) {
            index[a] = value.shape()[a] == 1 ? Affine.zero(counters) : Affine.counter(a, counters);
        }
        this.store = store.apply(index);
        this.result = value(value, index);
        sizes = new ArrayList<>(Structure.list(value.shape()));
        reduced = new ArrayList<>();
        for (int a = 0; a < counters; a++) {
            reduced.add(ending != Ending.STORE && this.store.factor()[a] == 0);
        }
        mergeLoops();
    }

    // ---------------------------------------------------------------- the body

    private Value value(Expr node, Affine[] index) {
        Key key = new Key(node, List.of(index));
        Value value = known.get(key);
        if (value == null) {
            value = fresh(node, index);
            known.put(key, value);
        }
        return value;
    }

    private Value fresh(Expr node, Affine[] index) {
        if (node.op() instanceof Leaf.Constant constant && node.isUniform()) {
            Value number = new Value("");
            number.number = constant.at(0);
            return number;
        }
        Location location = located.apply(node);
        if (location != null) {
            return load(location, Affine.position(index, node.shape(), counters));
        }
        if (node.op() instanceof Pointwise op) {
            List<Value> arguments = new ArrayList<>();
            for (Expr input : node.inputs()) {
                arguments.add(value(input, index));
            }
            Value applied = named();
            applied.op = op;
            applied.arguments = arguments;
            return applied;
        }
        return value(node.input(), inputIndex(node, index));
    }

    private Value load(Location location, Affine at) {
        Value load = named();
        load.from = location;
        load.at = at.plus(location.offset());
        return load;
    }

    private Value named() {
        Value value = new Value("t" + body.size());
        body.add(value);
        return value;
    }

    /** The index into the input of a folded operation that moves elements. */
    private Affine[] inputIndex(Expr node, Affine[] index) {
        int[] from = node.input().shape();
        Affine[] out = new Affine[from.length];
        if (node.op() instanceof Structure.Permute permute) {
            for (int a = 0; a < out.length; a++) {
                out[permute.order().get(a)] = index[a];
            }
        } else if (node.op() instanceof Structure.Slice slice) {
            for (int a = 0; a < out.length; a++) {
                out[a] = index[a].times(slice.step().get(a)).plus(slice.begin().get(a));
            }
        } else if (node.op() instanceof Structure.Reshape) {
            int next = 0;
            for (int a = 0; a < out.length; a++) {
                while (from[a] != 1 && node.shape()[next] == 1) {
                    next++;
                }
                out[a] = from[a] == 1 ? Affine.zero(counters) : index[next++];
            }
        } else {
            for (int a = 0; a < out.length; a++) {
                out[a] = from[a] == 1 ? Affine.zero(counters) : index[a];
            }
        }
        return out;
    }

    // ---------------------------------------------------------------- the loops

    /** Makes one loop of two where every position is the same function of both counters together. */
    private void mergeLoops() {
        for (int p = sizes.size() - 1; p >= 0; p--) {
            if (sizes.get(p) == 1) {
                drop(p);
            }
        }
        for (int p = sizes.size() - 2; p >= 0; p--) {
            if (reduced.get(p).equals(reduced.get(p + 1)) && runsOn(p)) {
                sizes.set(p + 1, sizes.get(p) * sizes.get(p + 1));
                drop(p);
            }
        }
    }

    private boolean runsOn(int p) {
        int inner = sizes.get(p + 1);
        return positions().stream().allMatch(f -> f.factor()[p] == f.factor()[p + 1] * inner);
    }

    private void drop(int p) {
        store = without(store, p);
        body.stream().filter(v -> v.at != null).forEach(v -> v.at = without(v.at, p));
        sizes.remove(p);
        reduced.remove(p);
    }

    private static Affine without(Affine f, int counter) {
        int[] factor = new int[f.factor().length - 1];
        for (int i = 0; i < factor.length; i++) {
            factor[i] = f.factor()[i < counter ? i : i + 1];
        }
        return new Affine(f.constant(), factor);
    }

    private List<Affine> positions() {
        List<Affine> all = new ArrayList<>();
        all.add(store);
        body.stream().filter(v -> v.at != null).forEach(v -> all.add(v.at));
        return all;
    }

    private static int depth(Affine f) {
        int depth = 0;
        for (int i = 0; i < f.factor().length; i++) {
            depth = f.factor()[i] == 0 ? depth : i + 1;
        }
        return depth;
    }

    // ---------------------------------------------------------------- the text

    @Override
    public Set<Buffer> buffers() {
        Set<Buffer> all = new LinkedHashSet<>();
        all.add(target.buffer());
        body.stream().filter(v -> v.from != null).forEach(v -> all.add(v.from.buffer()));
        return all;
    }

    @Override
    public String text() {
        Text text = new Text();
        int loops = sizes.size();
        // Reduced loops at the inside sum into a local; those outside of kept ones sum into memory.
        int local = loops;
        while (ending != Ending.STORE && local > 0 && reduced.get(local - 1)) {
            local--;
        }
        boolean intoMemory = ending != Ending.STORE && reduced.subList(0, local).contains(true);
        if (intoMemory) {
            text.line("java.util.Arrays.fill(%s, %d, %d, %s);"
                    .formatted(name(target), target.offset(), target.offset() + targetSize(), neutral()));
        }
        for (int level = 0; level <= loops; level++) {
            if (level == local && local < loops) {
                text.line("double sum = %s;".formatted(neutral()));
            }
            statements(text, level);
            if (level < loops) {
                text.open("for (int i%1$d = 0; i%1$d < %2$d; i%1$d++) {".formatted(level, sizes.get(level)));
            }
        }
        String at = name(target) + "[" + position(store.plus(target.offset())) + "]";
        if (local < loops) {
            text.line(combine("sum", term(result)));
            for (int level = loops; level > local; level--) {
                text.close();
            }
            text.line(intoMemory ? combine(at, "(float) sum") : at + " = (float) sum;");
        } else {
            text.line(intoMemory ? combine(at, term(result)) : at + " = " + term(result) + ";");
        }
        for (int level = local; level > 0; level--) {
            text.close();
        }
        return text.toString();
    }

    private int targetSize() {
        int size = 1;
        for (int i = 0; i < sizes.size(); i++) {
            size *= reduced.get(i) ? 1 : sizes.get(i);
        }
        return size;
    }

    private String neutral() {
        return ending == Ending.SUM ? "0f" : "Float.NEGATIVE_INFINITY";
    }

    private String combine(String into, String value) {
        return ending == Ending.SUM ? into + " += " + value + ";" : into + " = Math.max(" + into + ", " + value + ");";
    }

    private void statements(Text text, int level) {
        for (Value value : body) {
            if (value.level() == level) {
                text.line("float " + value.name + " = " + right(value) + ";");
            }
        }
    }

    private static String right(Value value) {
        if (value.from != null) {
            return name(value.from) + "[" + position(value.at) + "]";
        }
        return PointwiseText.of(
                value.op, value.arguments.stream().map(LoopKernel::term).toArray(String[]::new));
    }

    private static String term(Value value) {
        return value.number != null ? PointwiseText.number(value.number) : value.name;
    }

    private static String position(Affine f) {
        StringBuilder sum = new StringBuilder();
        if (f.constant() != 0 || depth(f) == 0) {
            sum.append(f.constant());
        }
        for (int i = 0; i < f.factor().length; i++) {
            if (f.factor()[i] != 0) {
                sum.append(sum.isEmpty() ? "" : " + ").append('i').append(i);
                sum.append(f.factor()[i] == 1 ? "" : " * " + f.factor()[i]);
            }
        }
        return sum.toString();
    }

    private static String name(Location location) {
        return "b" + location.buffer().slot;
    }

    /** The row-major position of an index in an array of a shape. */
    static Function<Affine[], Affine> rowMajor(int[] shape) {
        return index -> Affine.position(index, shape, index.length == 0 ? 0 : index[0].factor().length);
    }

    /** The position in an array of a shape of an index into a box of it. */
    static Function<Affine[], Affine> boxed(int[] shape, int[] begin, int[] step) {
        return index -> {
            int counters = index.length == 0 ? 0 : index[0].factor().length;
            int[] strides = Shapes.strides(shape);
            Affine sum = Affine.zero(counters);
            for (int a = 0; a < shape.length; a++) {
                sum = sum.plus(index[a].times(step[a]).plus(begin[a]).times(strides[a]));
            }
            return sum;
        };
    }
}
