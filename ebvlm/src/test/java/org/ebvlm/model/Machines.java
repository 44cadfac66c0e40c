package org.ebvlm.model;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;

/** Small Boltzmann machines of every kind, with parameters far from zero; and sums over all their states. */
public final class Machines {
    private Machines() {}

    /** Fixed standard deviations have inverses that single precision holds exactly, as the graphs' constants do. */
    public static List<BoltzmannMachine> all() {
        return List.of(
                moved(Grbm.visible(2).hidden(3).init(Noise.seed(1)), 0.7),
                moved(Grbm.visible(2).hidden(3).scaledCoupling().init(Noise.seed(1)), 0.7),
                moved(Grbm.visible(2).hidden(3).fixedStd(0.5).scaledCoupling().init(Noise.seed(1)), 0.7),
                moved(BernoulliRbm.visible(4).hidden(3).init(Noise.seed(1)), 1),
                moved(BernoulliRbm.visible(2).hidden(3).init(Noise.seed(1)), 1),
                moved(DeepBoltzmann.visible(2).hidden(2, 3).init(Noise.seed(1)), 0.7),
                moved(DeepBoltzmann.visible(2).hidden(2, 1).fixedStd(0.8).init(Noise.seed(1)), 0.7),
                moved(DeepBoltzmann.visible(3).hidden(2, 3).binaryVisible().init(Noise.seed(1)), 1),
                moved(DeepBoltzmann.visible(1).hidden(4, 1).binaryVisible().init(Noise.seed(1)), 1));
    }

    /** With normal parameters of this size, those of a standard deviation half of it. */
    public static BoltzmannMachine moved(BoltzmannMachine model, double size) {
        float[] values = new float[model.parameters().size()];
        Noise.seed(7).normal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) (size * (model.parameters().nameAt(i).equals("logStd") ? 0.5 : 1));
        }
        return model.with(model.parameters().with(values));
    }

    /** Bit j of a state is unit j. */
    public static double[] bits(int state, int units) {
        double[] h = new double[units];
        for (int j = 0; j < units; j++) {
            h[j] = state >> j & 1;
        }
        return h;
    }

    /** Sums over all states of binary v, or by the trapezoid rule over the plane of real v, of p~(v) = exp(-F(v)). */
    public static final class Marginal {
        // Exact to rounding for sums of Gaussians much wider than the mesh.
        private static final double MESH = 0.12;
        private static final int SIDE = 301;

        private final double[][] points;
        private final double[] weights;
        private double sum;

        public Marginal(EnergyModel model) {
            points = model.hasBinaryVisible() ? states(model.visible()) : plane();
            int width = model.visible();
            double[] all = new double[points.length * width];
            for (int i = 0; i < points.length; i++) {
                System.arraycopy(points[i], 0, all, i * width, width);
            }
            Expr v = Expr.input("v", points.length, width);
            weights = new Doubles().set(model.parameters()).set(v, all).of(model.freeEnergy(v));
            double cell = model.hasBinaryVisible() ? 1 : MESH * MESH;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = cell * Math.exp(-weights[i]);
                sum += weights[i];
            }
        }

        private static double[][] states(int units) {
            double[][] states = new double[1 << units][];
            for (int s = 0; s < states.length; s++) {
                states[s] = bits(s, units);
            }
            return states;
        }

        private static double[][] plane() {
            double[][] plane = new double[SIDE * SIDE][];
            for (int i = 0; i < plane.length; i++) {
                plane[i] = new double[] {(i / SIDE - SIDE / 2) * MESH, (i % SIDE - SIDE / 2) * MESH};
            }
            return plane;
        }

        public double logPartition() {
            return Math.log(sum);
        }

        /** E[f(v)]. */
        public double mean(ToDoubleFunction<double[]> f) {
            double mean = 0;
            for (int i = 0; i < weights.length; i++) {
                mean += weights[i] / sum * f.applyAsDouble(points[i]);
            }
            return mean;
        }
    }
}
