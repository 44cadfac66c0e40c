package org.ebvlm.program;

import org.ebvlm.program.LoopBody.Value;
import org.ebvlm.program.LoopKernel.Ending;

/** The text of loops that take one element at a time. The target is operand 0. */
final class PlainLoops {
    private final LoopNest nest;

    PlainLoops(LoopNest nest) {
        this.nest = nest;
    }

    void write(Text text) {
        int loops = nest.sizes.size();
        // Reduced loops at the inside sum into a local; those outside of kept ones sum into memory.
        int local = loops;
        while (local > 0 && nest.reduced.get(local - 1)) {
            local--;
        }
        boolean intoMemory = nest.reduced.subList(0, local).contains(true);
        if (intoMemory) {
            fillTarget(text);
        }
        for (int level = 0; level <= loops; level++) {
            if (level == local && local < loops) {
                text.line("double sum = %s;".formatted(nest.ending.neutral()));
            }
            scalars(text, level);
            if (level < loops) {
                nest.open(text, level);
            }
        }
        if (local < loops) {
            text.line(combine("sum", PointwiseText.term(nest.result)));
            text.close(loops - local);
            text.line(intoMemory ? combine(nest.place(), "(float) sum") : nest.place() + " = (float) sum;");
        } else {
            text.line(
                    intoMemory
                            ? combine(nest.place(), PointwiseText.term(nest.result))
                            : nest.place() + " = " + PointwiseText.term(nest.result) + ";");
        }
        text.close(local);
    }

    private void fillTarget(Text text) {
        int open = 0;
        for (int level = 0; level < nest.sizes.size(); level++) {
            if (!nest.reduced.get(level)) {
                nest.open(text, level);
                open++;
            }
        }
        text.line(nest.place() + " = " + nest.ending.neutral() + ";");
        text.close(open);
    }

    private void scalars(Text text, int level) {
        for (Value value : nest.body.values()) {
            if (value.level() == level) {
                text.line("float " + value.name + " = " + PointwiseText.of(value) + ";");
            }
        }
    }

    private String combine(String into, String value) {
        return nest.ending == Ending.LARGEST
                ? into + " = Math.max(" + into + ", " + value + ");"
                : into + " += " + value + ";";
    }
}
