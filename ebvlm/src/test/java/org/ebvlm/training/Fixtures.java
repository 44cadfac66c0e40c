package org.ebvlm.training;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;

/** A small model, small data and small objectives for tests of the training loop. */
final class Fixtures {
    private Fixtures() {}

    static Grbm machine() {
        return Grbm.visible(2).hidden(3).init(Noise.seed(5));
    }

    static Data points(int rows) {
        float[] values = new float[2 * rows];
        Noise.seed(6).normal(values, 0, values.length);
        return Data.of("points", values, 2);
    }

    /** E(v, h) = a . v + c . h, whose parameter "a" starts at zero. */
    static LatentEnergy linear() {
        return LatentEnergy.visible(2)
                .binary(1)
                .zeros("a", 2)
                .zeros("c", 1)
                .energy((g, v, h) -> v.mul(g.getVariable("a"))
                        .sum(1)
                        .add(h.mul(g.getVariable("c")).sum(1)))
                .init(Noise.seed(1));
    }

    /** The model at noised rows: a loss with noise, by plain differentiation. */
    static Objective denoising() {
        return named("denoising", (model, data, batch) -> List.of(modelPhase(model, batch)));
    }

    /** Before it, a network learns the negative of the noise from the noised rows, twice a step. */
    static Objective denoisingWith(Network network) {
        return named("denoising with a network", (model, data, batch) -> {
            Expr e = Expr.noise(Leaf.Source.NORMAL, "e", batch.shape());
            Expr loss = network.apply(batch.plus(e)).plus(e).square().mean();
            Phase inner = new Phase("network", 2, network, loss, loss, java.util.Optional.of(Adam.rate(0.01)));
            return List.of(inner, modelPhase(model, batch));
        });
    }

    private static Phase modelPhase(EnergyModel model, Expr batch) {
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", batch.shape());
        Expr v = batch.plus(e.times(0.5)).point();
        Expr gap = Differentiation.gradient(model.freeEnergy(v), v).neg().plus(e.over(0.5));
        Expr loss = gap.square().sum(1).mean().times(0.5);
        return Phase.of("objective", model, loss, loss);
    }

    /** The mean energy at h = 0: its gradient in "a" of {@link #linear} is the mean row. */
    static Objective meanEnergy() {
        return named("mean energy", (model, data, batch) -> {
            Expr loss = model.energy(batch, Expr.constant(0, batch.shape(0), model.hidden()))
                    .mean();
            return List.of(Phase.of("objective", model, loss, loss));
        });
    }

    interface Phases {
        List<Phase> of(EnergyModel model, Data data, Expr batch);
    }

    static Objective named(String name, Phases phases) {
        return new Objective() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
                return phases.of(model, data, batch);
            }
        };
    }

    static Evaluation evaluation(String name, ToDoubleFunction<Snapshot> value) {
        return new Evaluation() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Measurement measure(Snapshot snapshot) {
                return new Measurement(name, value.applyAsDouble(snapshot), 0);
            }
        };
    }

    /** A number that depends on the model's parameters and on the evaluation's noise. */
    static double fingerprint(Snapshot snapshot) {
        double sum = snapshot.noise().nextDouble();
        for (float x : snapshot.model().parameters().values()) {
            sum = 1.25 * sum + x;
        }
        return sum;
    }
}
