package org.ebvlm.model;

/** A Gaussian RBM as loops over its definition, in double precision. */
public final class PlainGrbm {
    public final int visible;
    public final int hidden;
    public final double[] w;
    public final double[] c;
    public final double[] b;
    public final double[] s;

    public PlainGrbm(Grbm model) {
        visible = model.visible();
        hidden = model.hidden();
        w = Doubles.widened(model.parameters().values("W"));
        c = Doubles.widened(model.parameters().values("c"));
        b = Doubles.widened(model.parameters().values("b"));
        s = Doubles.widened(model.parameters().values("logStd"));
        for (int i = 0; i < visible; i++) {
            s[i] = Math.exp(s[i]);
        }
    }

    /** Bit j of a state is unit j. */
    public double[] bits(int state) {
        double[] h = new double[hidden];
        for (int j = 0; j < hidden; j++) {
            h[j] = state >> j & 1;
        }
        return h;
    }

    /** W h. */
    public double[] field(double[] h) {
        double[] a = new double[visible];
        for (int i = 0; i < visible; i++) {
            for (int j = 0; j < hidden; j++) {
                a[i] += w[i * hidden + j] * h[j];
            }
        }
        return a;
    }

    /** 1/2 ||(v - b) / s||^2 - c . h - v' W h. */
    public double energy(double[] v, double[] h) {
        double sum = 0;
        double[] a = field(h);
        for (int i = 0; i < visible; i++) {
            double r = (v[i] - b[i]) / s[i];
            sum += 0.5 * r * r - v[i] * a[i];
        }
        for (int j = 0; j < hidden; j++) {
            sum -= c[j] * h[j];
        }
        return sum;
    }

    /** -log of the sum over all h of exp(-E). */
    public double freeEnergy(double... v) {
        double sum = 0;
        for (int state = 0; state < 1 << hidden; state++) {
            sum += Math.exp(-energy(v, bits(state)));
        }
        return -Math.log(sum);
    }

    /** E[v | h], which completes the square of the energy in v. */
    public double[] visibleMean(double[] h) {
        double[] mean = field(h);
        for (int i = 0; i < visible; i++) {
            mean[i] = b[i] + s[i] * s[i] * mean[i];
        }
        return mean;
    }

    /** log of the integral of exp(-E(v, h)) over v: its peak times the Gaussian volume. */
    public double logWeight(double[] h) {
        double log = -energy(visibleMean(h), h);
        for (double each : s) {
            log += Math.log(each * Math.sqrt(2 * Math.PI));
        }
        return log;
    }

    /** log Z as the sum over all components of the mixture. */
    public double logPartition() {
        double sum = 0;
        for (int state = 0; state < 1 << hidden; state++) {
            sum += Math.exp(logWeight(bits(state)));
        }
        return Math.log(sum);
    }

    /** Means of v, then of all products v_i v_k, under the mixture. */
    public double[] moments() {
        double[] out = new double[visible + visible * visible];
        double logZ = logPartition();
        for (int state = 0; state < 1 << hidden; state++) {
            double p = Math.exp(logWeight(bits(state)) - logZ);
            double[] mean = visibleMean(bits(state));
            for (int i = 0; i < visible; i++) {
                out[i] += p * mean[i];
                for (int k = 0; k < visible; k++) {
                    out[visible + i * visible + k] += p * (mean[i] * mean[k] + (i == k ? s[i] * s[i] : 0));
                }
            }
        }
        return out;
    }
}
