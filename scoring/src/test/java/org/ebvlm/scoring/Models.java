package org.ebvlm.scoring;

import org.ebvlm.model.DeepBoltzmann;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.variational.BernoulliPosterior;
import org.ebvlm.variational.Posteriors;

/** Small models for tests. */
final class Models {
    private Models() {}

    static Grbm machine() {
        Grbm drawn = Grbm.visible(2).hidden(3).init(Noise.seed(5));
        return drawn.with(drawn.parameters().with("logStd", new float[] {-0.3f, 0.2f}));
    }

    /** Of scaled coupling. */
    static Grbm scaled() {
        return machine().withScaledCoupling();
    }

    /** Three hidden units in two layers that act on each other. */
    static DeepBoltzmann deep() {
        DeepBoltzmann drawn = DeepBoltzmann.visible(2).hidden(2, 1).init(Noise.seed(5));
        return drawn.with(drawn.parameters()
                .with("W2", new float[] {1.5f, -0.8f})
                .with("c1", new float[] {0.3f, -0.2f})
                .with("logStd", new float[] {-0.3f, 0.2f}));
    }

    /** A Gaussian with a mean "b" and a standard deviation exp of "logStd", without hidden units. */
    static Energy plainGaussian(int width) {
        return Energy.visible(width)
                .zeros("b", width)
                .zeros("logStd", width)
                .energy((g, v) -> g.math.square(v.sub(g.getVariable("b"))
                                .mul(g.math.exp(g.getVariable("logStd").neg())))
                        .sum(1)
                        .mul(0.5))
                .init(Noise.seed(1));
    }

    /** Not linear in v, and with hidden units that act on each other. */
    static LatentEnergy interacting() {
        return LatentEnergy.visible(2)
                .binary(3)
                .uniform("W", 1.5, 2, 3)
                .uniform("J", 1.5, 3, 3)
                .energy((g, v, h) -> g.math.square(v)
                        .sum(1)
                        .sub(g.math.tanh(v.mmul(g.getVariable("W"))).mul(h).sum(1))
                        .add(h.mmul(g.getVariable("J")).mul(h).sum(1)))
                .init(Noise.seed(8));
    }

    /** A Gaussian with a mean "b" and a standard deviation exp of "logStd", times a fair coin. */
    static LatentEnergy gaussian(int width) {
        return LatentEnergy.visible(width)
                .binary(1)
                .zeros("b", width)
                .zeros("logStd", width)
                .energy((g, v, h) -> g.math.square(v.sub(g.getVariable("b"))
                                .mul(g.math.exp(g.getVariable("logStd").neg())))
                        .sum(1)
                        .mul(0.5)
                        .add(h.sum(1).mul(0)))
                .init(Noise.seed(1));
    }

    /** The posterior of a machine in the family of Bernoulli posteriors, with its logits moved by an amount. */
    static BernoulliPosterior near(Grbm model, double offset) {
        BernoulliPosterior q = Posteriors.bernoulli(model);
        Parameters p = model.parameters();
        float[] bias = p.values("c");
        for (int j = 0; j < bias.length; j++) {
            bias[j] += (float) (j % 2 == 0 ? offset : -offset);
        }
        return q.with(q.parameters().with("layer.W", p.values("W")).with("layer.b", bias));
    }

    static double[] bits(int state, int hidden) {
        double[] h = new double[hidden];
        for (int j = 0; j < hidden; j++) {
            h[j] = state >> j & 1;
        }
        return h;
    }
}
