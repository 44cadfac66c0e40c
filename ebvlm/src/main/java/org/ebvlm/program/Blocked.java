package org.ebvlm.program;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Role;

/**
 * A step that does the same to many blocks of its data, each by a few generated loops that hand one another what fits into
 * the cache next to the core. Blocks do not depend on one another, so threads may share them out, and the result does not
 * depend on how.
 */
abstract class Blocked implements Step {
    /** Threads that have scratch memory of their own. */
    static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private final int blocks;
    private final long work;

    /**
     * @param work number of multiplications
     */
    Blocked(int blocks, long work) {
        this.blocks = blocks;
        this.work = work;
    }

    /** The loops, in the order in which they run on a block. */
    abstract List<Stage> stages();

    /** Scratch memory of this size for each thread. */
    static Buffer scratch(int size) {
        return new Buffer(THREADS * size, Role.SCRATCH);
    }

    /** Scratch memory that holds a copy for each of {@link #THREADS} threads. */
    abstract Set<Buffer> own();

    @Override
    public Set<Buffer> buffers() {
        Set<Buffer> all = new HashSet<>(own());
        stages().stream().flatMap(stage -> stage.operands().stream()).forEach(each -> all.add(each.buffer()));
        return all;
    }

    /** What runs the step, given its compiled loops and the arrays of the program. */
    Runnable action(List<GeneratedLoop> loops, float[][] arrays) {
        List<Stage> stages = stages();
        int[][][] at = new int[THREADS][stages.size()][];
        for (int thread = 0; thread < THREADS; thread++) {
            for (int s = 0; s < stages.size(); s++) {
                at[thread][s] = at(stages.get(s), thread);
            }
        }
        GeneratedLoop[] run = loops.toArray(GeneratedLoop[]::new);
        Crew.Work share = (thread, threads) -> {
            for (int block = blocks * thread / threads; block < blocks * (thread + 1) / threads; block++) {
                for (int s = 0; s < run.length; s++) {
                    int[] operands = at[thread][s];
                    operands[operands.length - 1] = block;
                    run[s].run(arrays, operands);
                }
            }
        };
        return () -> Crew.run(Math.min(THREADS, Cores.forWork(work)), share);
    }

    /** Where a thread's operands are; the number of the block comes last. */
    private int[] at(Stage stage, int thread) {
        return Stream.concat(
                        stage.operands().stream().flatMap(each -> Stream.of(each.buffer().slot, offset(each, thread))),
                        Stream.of(0))
                .mapToInt(each -> each)
                .toArray();
    }

    private int offset(Kernel.Operand operand, int thread) {
        Buffer buffer = operand.buffer();
        return operand.offset() + (own().contains(buffer) ? buffer.size / THREADS * thread : 0);
    }
}
