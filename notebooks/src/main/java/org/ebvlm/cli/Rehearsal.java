package org.ebvlm.cli;

import java.util.List;
import java.util.function.Consumer;
import org.ebvlm.program.Cores;
import org.ebvlm.training.Progress;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What follows a training, done once on the untrained model while the training goes on, on a core that it leaves idle. Nothing
 * comes of it but code: classes are loaded, loops generated and compiled, so that afterwards all runs at full speed. Where
 * only one core may be used it does nothing.
 *
 * <p>It begins when a share of the steps is done: until then the JVM's compiler has its hands full with the training itself.
 * At the end of the training it stops after the scene at hand.
 */
final class Rehearsal implements Consumer<Progress> {
    /** It begins after one step of so many. */
    private static final int SHARE = 10;

    private final List<Runnable> scenes;
    private boolean begun;
    private volatile boolean over;

    /**
     * Of these scenes, in this order.
     *
     * @param scenes which must leave nothing behind
     */
    Rehearsal(List<Runnable> scenes) {
        this.scenes = scenes;
    }

    /** What a judge will do, and the writing of a model. */
    static Rehearsal of(Judge judge, Job job) {
        return new Rehearsal(scenes(judge, job));
    }

    static List<Runnable> scenes(Judge judge, Job job) {
        return List.of(() -> judge.rehearse(job.model(), job.untrainedPosterior()), Rehearsal::writeGraph);
    }

    /** SameDiff reads long lists of operations before it writes its first graph. */
    private static void writeGraph() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.scalar(1f));
        graph.math().exp("y", x);
        graph.asFlatBuffers(true);
    }

    @Override
    public void accept(Progress at) {
        over = at.ending().isPresent();
        if (!begun && !over && at.step() >= at.steps() / SHARE && Cores.used() > 1) {
            begun = true;
            Thread thread = new Thread(() -> Cores.onOne(() -> play()), "rehearsal");
            thread.setDaemon(true);
            // What fails here fails again where it counts, with a message that says for what.
            thread.setUncaughtExceptionHandler((where, error) -> {});
            thread.start();
        }
    }

    private boolean play() {
        for (Runnable scene : scenes) {
            if (!over) {
                scene.run();
            }
        }
        return true;
    }
}
