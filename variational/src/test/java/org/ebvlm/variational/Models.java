package org.ebvlm.variational;

import org.ebvlm.graph.Expr;
import org.ebvlm.model.DeepBoltzmann;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.noise.Noise;

/** Small models for tests, and their posteriors by brute force. */
final class Models {
    private Models() {}

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

    static Grbm machine() {
        return Grbm.visible(2).hidden(3).init(Noise.seed(5));
    }

    /** With a coupling that is divided by variances other than one. */
    static Grbm scaled() {
        Grbm drawn = Grbm.visible(2).hidden(3).scaledCoupling().init(Noise.seed(5));
        return drawn.with(drawn.parameters().with("logStd", new float[] {-0.3f, 0.2f}));
    }

    /** Three hidden units in two layers that act on each other. */
    static DeepBoltzmann deep() {
        DeepBoltzmann drawn = DeepBoltzmann.visible(2).hidden(2, 1).init(Noise.seed(5));
        return drawn.with(drawn.parameters()
                .with("W2", new float[] {1.5f, -0.8f})
                .with("c1", new float[] {0.3f, -0.2f})
                .with("c2", new float[] {0.4f}));
    }

    /** E = 1/2 |h|^2 + 1/2 |h - v|^2, so p(h | v) is N(v / 2, 1 / 2). */
    static LatentEnergy halving() {
        return LatentEnergy.visible(2)
                .continuous(2)
                .energy((g, v, h) -> g.math.square(h)
                        .sum(1)
                        .add(g.math.square(h.sub(v)).sum(1))
                        .mul(0.5))
                .init(Noise.seed(1));
    }

    /** Bit j of a state is unit j. */
    static double[] bits(int state, int hidden) {
        double[] h = new double[hidden];
        for (int j = 0; j < hidden; j++) {
            h[j] = state >> j & 1;
        }
        return h;
    }

    /** p(h | v) for all states, by exp(-E) over its sum. */
    static double[] posterior(EnergyModel model, double... point) {
        Expr v = Expr.input("v", 1, model.visible());
        Expr h = Expr.input("h", 1, model.hidden());
        Doubles given = new Doubles().set(model.parameters()).set(v, point);
        Expr energy = model.energy(v, h);
        double[] p = new double[1 << model.hidden()];
        double sum = 0;
        for (int state = 0; state < p.length; state++) {
            p[state] = Math.exp(-given.set(h, bits(state, model.hidden())).scalar(energy));
            sum += p[state];
        }
        for (int state = 0; state < p.length; state++) {
            p[state] /= sum;
        }
        return p;
    }

    /** exp log q(h | v) for all states. */
    static double[] probabilities(Posterior q, double... point) {
        Expr v = Expr.input("v", 1, q.visible());
        Expr h = Expr.input("h", 1, q.hidden());
        Doubles given = new Doubles().set(q.parameters()).set(v, point);
        Expr log = q.logProb(v, h);
        double[] p = new double[1 << q.hidden()];
        for (int state = 0; state < p.length; state++) {
            p[state] = Math.exp(given.set(h, bits(state, q.hidden())).scalar(log));
        }
        return p;
    }

    /** KL(q || p) of the posteriors at a point, by enumeration. */
    static double divergence(Posterior q, EnergyModel model, double... point) {
        double[] p = posterior(model, point);
        double[] each = probabilities(q, point);
        double sum = 0;
        for (int state = 0; state < p.length; state++) {
            sum += each[state] == 0 ? 0 : each[state] * Math.log(each[state] / p[state]);
        }
        return sum;
    }
}
