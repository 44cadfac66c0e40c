package org.ebvlm.implicit;

import org.ebvlm.graph.Expr;
import org.ebvlm.linear.Dense;

/** s(y) = Gamma(y, X) c + a zeta(y). */
class Expansion extends Fitted {
    private final Field field;
    final double[] c;
    final double a;

    Expansion(String what, Field field, double[] atSamples, double[] c, double a) {
        super(() -> what, field.frame, Values.of(field.frame.outside(atSamples)));
        this.field = field;
        this.c = c;
        this.a = a;
    }

    @Override
    double[] inside(double[] y) {
        double[] out = field.at(y, c);
        return a == 0 ? out : Dense.plus(out, a, field.zeta(y));
    }

    @Override
    Expr inside(Framed y) {
        Expr out = field.at(y, c);
        return a == 0 ? out : out.plus(field.zeta(y).times(a));
    }
}
