package org.ebvlm.likelihood;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.Grbm;

/**
 * log Z of a Gaussian RBM exactly, by summing over all states of h in double precision:
 *
 * <pre>
 * Z = prod_i s_i sqrt(2 pi)  sum_h exp( c . h + sum_i [ b_i a_i + 1/2 s_i^2 a_i^2 ] ),   a = W h
 * </pre>
 *
 * States come in Gray-code order, so each changes one column of W: 2^hidden times visible operations.
 */
public final class GrbmEnumeration {
    /** The most hidden units that are enumerated: a million states. */
    public static final int LIMIT = 20;

    private GrbmEnumeration() {}

    /** log Z; refused above {@link #LIMIT} hidden units. */
    public static LogPartition of(Grbm model) {
        if (model.hidden() > LIMIT) {
            throw new SettingException(Facts.that("GrbmEnumeration: too many hidden units")
                    .expected("at most " + LIMIT)
                    .butWas(model.hidden())
                    .hint("use Ais"));
        }
        float[] w = model.parameters().values("W");
        float[] c = model.parameters().values("c");
        float[] b = model.parameters().values("b");
        float[] s = model.stdValues();
        int hidden = model.hidden();
        double[] a = new double[model.visible()];
        double top = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double bias = 0;
        for (long k = 0; k < 1L << hidden; k++) {
            if (k > 0) {
                int j = Long.numberOfTrailingZeros(k);
                double sign = ((k ^ k >> 1) >> j & 1) == 1 ? 1 : -1;
                bias += sign * c[j];
                for (int i = 0; i < a.length; i++) {
                    a[i] += sign * w[i * hidden + j];
                }
            }
            double term = bias + gaussian(a, b, s);
            if (term > top) {
                sum *= Math.exp(top - term);
                top = term;
            }
            sum += Math.exp(term - top);
        }
        return new LogPartition(top + Math.log(sum) + logVolume(s), 0, "enumeration of 2^" + hidden + " states");
    }

    /** sum_i [ b_i a_i + 1/2 s_i^2 a_i^2 ]. */
    private static double gaussian(double[] a, float[] b, float[] s) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * (b[i] + 0.5 * s[i] * s[i] * a[i]);
        }
        return sum;
    }

    /** sum_i log( s_i sqrt(2 pi) ). */
    static double logVolume(float[] s) {
        double sum = 0;
        for (float each : s) {
            sum += Math.log(each) + 0.5 * Math.log(2 * Math.PI);
        }
        return sum;
    }
}
