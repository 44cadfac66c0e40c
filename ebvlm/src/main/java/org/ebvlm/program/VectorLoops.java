package org.ebvlm.program;

import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.program.LoopBody.Value;
import org.ebvlm.program.LoopKernel.Ending;
import org.ebvlm.program.VectorText.Copy;

/** The text of loops that take many elements at a time. The target is operand 0, memory for lanes operand 1. */
final class VectorLoops {
    private final LoopNest nest;
    private final List<Part> parts;

    /** A vector of a block that is taken at a time. */
    private record Part(int row, int vector) {}

    VectorLoops(LoopNest nest) {
        this.nest = nest;
        this.parts = parts(nest);
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
                for (Part part : parts) {
                    text.line("FloatVector %s = FloatVector.broadcast(F, %s);"
                            .formatted(sum(part), nest.ending.neutral()));
                }
            }
            for (Value value : nest.body.values()) {
                if (value.level() == level && !(value == nest.result && nest.isProductSum())) {
                    vectors.define(value, copies(value));
                }
            }
            if (level == nest.vectorLoop) {
                openBlocks(text, level, nest.vectors * nest.width.lanes());
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
            for (Part part : parts) {
                text.line("%s.intoArray(b0, o0%s + %d);"
                        .formatted(sum(part), nest.store.text(), offset(nest.store, part)));
            }
        } else {
            text.line("sum.intoArray(b1, 0);");
            text.line(nest.place() + " = Lanes." + (nest.ending == Ending.SUM ? "sum" : "largest") + "(b1, "
                    + nest.width.lanes() + ");");
        }
        text.close(kept);
    }

    /** Every vector of a block, by its row and its number in the row; a single one where rows are taken one at a time. */
    private static List<Part> parts(LoopNest nest) {
        int rows = nest.rowLoop < 0 ? 1 : LoopNest.ROWS;
        return IntStream.range(0, rows)
                .boxed()
                .flatMap(row -> IntStream.range(0, nest.vectors).mapToObj(vector -> new Part(row, vector)))
                .toList();
    }

    private String sum(Part part) {
        return nest.rowLoop < 0 ? "sum" : "sum" + part.row() + "_" + part.vector();
    }

    /** The different elements of a value that a block needs; none if there is but one. */
    private List<Copy> copies(Value value) {
        return value.at == null
                ? List.of()
                : parts.stream()
                        .map(part -> new Copy(suffix(value, part), offset(value.at, part)))
                        .filter(copy -> !copy.suffix().isEmpty())
                        .distinct()
                        .toList();
    }

    /** How the name of a value ends in a part of a block. */
    private String suffix(Value value, Part part) {
        boolean byRow = nest.rowLoop >= 0 && value.variesWith(nest.rowLoop);
        boolean byVector = nest.vectors > 1 && value.variesWith(nest.vectorLoop);
        return (byRow ? "_" + part.row() : "") + (byVector ? "v" + part.vector() : "");
    }

    /** How far a part's element lies from that of the first part. */
    private int offset(Affine position, Part part) {
        int byRow = nest.rowLoop < 0 ? 0 : position.factor()[nest.rowLoop] * part.row();
        return byRow + position.factor()[nest.vectorLoop] * part.vector() * nest.width.lanes();
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
            for (Part part : parts) {
                String factor = vectors.vector(x, suffix(x, part));
                String other = vectors.vector(y, suffix(y, part));
                text.line("%1$s = %2$s.fma(%3$s, %1$s);".formatted(sum(part), factor, other));
            }
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
