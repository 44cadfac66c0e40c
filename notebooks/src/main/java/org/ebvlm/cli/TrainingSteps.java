package org.ebvlm.cli;

import java.util.List;
import java.util.function.Function;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Stepper;

/** Training steps to time: batches gathered, noise drawn and Adam applied as in training. */
final class TrainingSteps implements BenchCase {
    private final Data data;
    private final Batches batches;
    private final Stepper stepper;
    private final Noise noise = Noise.seed(3);

    TrainingSteps(EnergyModel model, Data data, int rows, double rate, Function<Expr, List<Phase>> phases) {
        this.data = data;
        this.batches = data.batches(rows, Noise.seed(2));
        Expr batch = Expr.input("batch", rows, data.width());
        stepper = new Stepper(
                phases.apply(batch),
                batch,
                Adam.rate(rate).betas(0.9, 0.95),
                List.of(model.parameters()),
                Double.POSITIVE_INFINITY);
    }

    @Override
    public int run() {
        data.gather(batches.next(), stepper.batch());
        stepper.step(noise);
        return 1;
    }

    /** Size of the compiled programs, in bytes. */
    long programBytes() {
        return stepper.bytes();
    }

    @Override
    public void close() {
        stepper.close();
    }
}
