package org.ebvlm.program;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ebvlm.program.LoopBody.Value;
import org.ebvlm.program.LoopKernel.Ending;

/** The text of loops that take many elements at a time. The target is operand 0, memory for lanes operand 1. */
final class VectorLoops {
    private final LoopNest nest;

    VectorLoops(LoopNest nest) {
        this.nest = nest;
    }

    /** A loop over blocks of lanes. The last block begins earlier if it must: it repeats elements rather than lack some. */
    void write(Text text) {
        VectorText vectors = new VectorText(text, nest.vectorLoop);
        int loops = nest.sizes.size();
        int kept = nest.keptLoops();
        if (nest.repeatsElements()) {
            text.line("float[] weights = Lanes.weights();");
        }
        for (int level = 0; level <= loops; level++) {
            if (level == kept && kept < loops) {
                eachRow(row -> text.line(
                        "FloatVector sum%s = FloatVector.broadcast(F, %s);".formatted(row, nest.ending.neutral())));
            }
            for (Value value : nest.body.values()) {
                if (value.level() == level && !(value == nest.result && nest.isProductSum())) {
                    vectors.define(value, rowsOf(value));
                }
            }
            if (level == nest.vectorLoop) {
                openBlocks(text, level, nest.width.lanes());
            } else if (level == nest.rowLoop) {
                openBlocks(text, level, LoopNest.ROWS);
            } else if (level < loops) {
                nest.open(text, level);
            }
        }
        if (nest.ending == Ending.STORE) {
            text.line(vectors.vector(nest.result) + ".intoArray(b0, o0" + nest.store.text() + ");");
            text.close(loops);
            return;
        }
        accumulate(text, vectors);
        text.close(loops - kept);
        if (!nest.sumsLanes()) {
            eachRow(row -> text.line("sum%1$s.intoArray(b0, o0%2$s%3$s);"
                    .formatted(row, nest.store.text(), row.isEmpty() ? "" : " + " + rowOffset(nest.store, row))));
        } else {
            text.line("sum.intoArray(b1, 0);");
            text.line(nest.place() + " = Lanes." + (nest.ending == Ending.SUM ? "sum" : "largest") + "(b1, "
                    + nest.width.lanes() + ");");
        }
        text.close(kept);
    }

    /** Does something once, or for each of the rows taken at a time, which are named 0, 1, ... */
    private void eachRow(Consumer<String> what) {
        rows().forEach(what);
    }

    private List<String> rows() {
        return nest.rowLoop < 0
                ? List.of("")
                : IntStream.range(0, LoopNest.ROWS).mapToObj(Integer::toString).toList();
    }

    /** How far apart in memory a value is for each row; nothing if it is the same for all. */
    private List<Integer> rowsOf(Value value) {
        return nest.rowLoop < 0 || value.at == null || value.at.factor()[nest.rowLoop] == 0
                ? List.of()
                : rows().stream().map(row -> rowOffset(value.at, row)).toList();
    }

    private int rowOffset(Affine position, String row) {
        return position.factor()[nest.rowLoop] * Integer.parseInt(row);
    }

    private void openBlocks(Text text, int loop, int step) {
        int size = nest.sizes.get(loop);
        if (size % step == 0) {
            text.open("for (int i%1$d = 0; i%1$d < %2$d; i%1$d += %3$d) {".formatted(loop, size, step));
        } else {
            text.open("for (int n%1$d = 0; n%1$d < %2$d; n%1$d += %3$d) {".formatted(loop, size, step));
            text.line("int i%1$d = Math.min(n%1$d, %2$d);".formatted(loop, size - step));
        }
    }

    private void accumulate(Text text, VectorText vectors) {
        if (nest.isProductSum()) {
            Value x = nest.result.arguments.get(0);
            Value y = nest.result.arguments.get(1);
            eachRow(row -> text.line("sum%1$s = %2$s.fma(%3$s, sum%1$s);"
                    .formatted(row, vectors.vector(x, rowsOf(x), row), vectors.vector(y, rowsOf(y), row))));
            return;
        }
        String value = vectors.vector(nest.result);
        if (nest.ending == Ending.LARGEST) {
            text.line("sum = sum.max(" + value + ");");
        } else if (nest.repeatsElements()) {
            // Elements of the last block that the one before has counted weigh nothing. A mask would cost garbage.
            text.line("sum = %1$s.fma(FloatVector.fromArray(F, weights, Lanes.ONES - (n%2$d - i%2$d)), sum);"
                    .formatted(value, nest.vectorLoop));
        } else {
            text.line("sum = sum.add(" + value + ");");
        }
    }
}
