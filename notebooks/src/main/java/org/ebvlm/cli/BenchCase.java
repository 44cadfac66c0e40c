package org.ebvlm.cli;

import java.util.List;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.Vages;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Stepper;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posteriors;

/** A training step to time: batches of 100, L = 2, K = 5, Adam, data gathered and noise drawn as in training. */
final class BenchCase implements AutoCloseable {
    private static final int BATCH = 100;

    private final Data data;
    private final Batches batches;
    private final Stepper stepper;
    private final Noise noise = Noise.seed(3);

    private BenchCase(Data data, EnergyModel model, Objective objective) {
        this.data = data;
        this.batches = data.batches(BATCH, Noise.seed(2));
        Expr batch = Expr.input("batch", BATCH, data.width());
        stepper = new Stepper(
                objective.phases(model, data, batch),
                batch,
                Adam.rate(1e-3).betas(0.9, 0.95),
                List.of(model.parameters()),
                Double.POSITIVE_INFINITY);
    }

    static List<String> names() {
        return List.of("grbm-toy", "grbm-frey", "dsm-toy");
    }

    static BenchCase of(String name) {
        return switch (name) {
            case "grbm-frey" -> vages(faces(), Grbm.visible(560).hidden(400).init(Noise.seed(1)), 0.3);
            case "dsm-toy" -> new BenchCase(board(), Grbm.visible(2).hidden(4).init(Noise.seed(1)), Dsm.noiseStd(0.05));
            default -> vages(board(), Grbm.visible(2).hidden(4).init(Noise.seed(1)), 0.05);
        };
    }

    private static BenchCase vages(Data data, Grbm model, double noiseStd) {
        var q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
        return new BenchCase(
                data, model, Dsm.noiseStd(noiseStd).using(Vages.particles(2).posterior(q)));
    }

    private static Data board() {
        return Datasets.checkerboard(60_000, Noise.seed(4));
    }

    /** Numbers of the size of the Frey faces. */
    private static Data faces() {
        float[] values = new float[1400 * 560];
        Noise.seed(5).uniform(values, 0, values.length);
        return Data.of("numbers of the Frey faces' size", values, 560);
    }

    void step() {
        data.gather(batches.next(), stepper.batch());
        stepper.step(noise);
    }

    @Override
    public void close() {
        stepper.close();
    }
}
