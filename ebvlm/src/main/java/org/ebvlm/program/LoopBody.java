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
import org.ebvlm.graph.Structure;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/** What a loop computes for one element, as a list of values, each once: loads, and operations on earlier values. */
final class LoopBody {

    /** A value in the loop body: a number, a load, or an operation on earlier values. */
    static final class Value {
        final String name;
        Double number;
        Location from;
        Affine at;
        /** The text of a load. */
        String load;

        Pointwise op;
        List<Value> arguments = List.of();

        private Value(String name) {
            this.name = name;
        }

        /** How many loops it is inside of. */
        int level() {
            if (at != null) {
                return at.depth();
            }
            return arguments.stream().mapToInt(Value::level).max().orElse(0);
        }

        /** Whether it changes with a loop's counter. */
        boolean variesWith(int counter) {
            return at != null
                    ? at.factor()[counter] != 0
                    : arguments.stream().anyMatch(each -> each.variesWith(counter));
        }
    }

    private record Key(Expr node, List<Affine> index) {}

    private final Function<Expr, Location> located;
    private final int counters;
    private final Map<Key, Value> known = new HashMap<>();
    private final List<Value> values = new ArrayList<>();

    LoopBody(int counters, Function<Expr, Location> located) {
        this.counters = counters;
        this.located = located;
    }

    /** All values but numbers, in the order in which they can be computed. */
    List<Value> values() {
        return values;
    }

    /** The element of an expression at an index. */
    Value value(Expr node, Affine[] index) {
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
            return load(location, Affine.position(index, location.strides(), counters));
        }
        if (node.op() instanceof Pointwise op) {
            List<Value> arguments = new ArrayList<>();
            for (Expr input : node.inputs()) {
                arguments.add(value(input, index));
            }
            return apply(op, arguments);
        }
        return value(node.input(), inputIndex(node, index));
    }

    /** The element of an array at a position from its first one. */
    Value load(Location location, Affine position) {
        Value load = named();
        load.from = location;
        load.at = position.plus(location.offset());
        return load;
    }

    /** An operation on values. */
    Value apply(Pointwise op, List<Value> arguments) {
        Value applied = named();
        applied.op = op;
        applied.arguments = arguments;
        return applied;
    }

    private Value named() {
        Value value = new Value("t" + values.size());
        values.add(value);
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
            if (!Fusion.changesUnitAxesOnly(node)) {
                throw new IllegalStateException("a reshaped array must be in memory: " + node);
            }
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

    /** Where it loads from. */
    Set<Buffer> buffers() {
        Set<Buffer> all = new LinkedHashSet<>();
        values.stream().filter(v -> v.from != null).forEach(v -> all.add(v.from.buffer()));
        return all;
    }

    /** The positions of all loads. */
    List<Affine> positions() {
        return values.stream().filter(v -> v.at != null).map(v -> v.at).toList();
    }

    /** Rewrites the positions of all loads. */
    void mapPositions(Function<Affine, Affine> change) {
        values.stream().filter(v -> v.at != null).forEach(v -> v.at = change.apply(v.at));
    }
}
