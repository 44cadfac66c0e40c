package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.graph.Expr;
import org.ebvlm.linear.Dense;

/** An expansion whose field is a gradient. */
final class CurlFreeExpansion extends Expansion implements SampleEnergy {
    private final Field.CurlFree field;

    CurlFreeExpansion(String what, Field.CurlFree field, double[] atSamples, double[] c, double a) {
        super("curl-free, " + what, field, atSamples, c, a);
        this.field = field;
    }

    @Override
    public Expr logDensity(Expr points) {
        Framed y = new Framed(frame, points);
        Expr out = field.potential(y, c);
        return a == 0 ? out : out.plus(field.zetaPotential(y).times(a));
    }

    @Override
    public double[] logDensity(Samples points) {
        double[] y = frame.inside(points);
        double[] out = new double[points.rows()];
        for (int from = 0; from < y.length; from += Frame.TILE * frame.d) {
            double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + Frame.TILE * frame.d));
            double[] part = field.potential(some, c);
            if (a != 0) {
                part = Dense.plus(part, a, field.zetaPotential(some));
            }
            System.arraycopy(part, 0, out, from / frame.d, part.length);
        }
        return out;
    }
}
