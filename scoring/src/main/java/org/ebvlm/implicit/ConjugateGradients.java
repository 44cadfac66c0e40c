package org.ebvlm.implicit;

import org.ebvlm.errors.Interruption;
import org.ebvlm.linear.Dense;

/** Conjugate gradients for A x = b, A symmetric and positive definite, known by its products alone. */
final class ConjugateGradients {
    private ConjugateGradients() {}

    /** All columns at once, as one vector; stops at a residual relative to b, or after most steps. */
    static double[] solve(Field.Times a, double[] b, double tolerance, int most) {
        double[] x = new double[b.length];
        double[] r = b.clone();
        double[] p = b.clone();
        double square = Dense.dot(r, 0, r, 0, r.length);
        double enough = tolerance * tolerance * square;
        for (int step = 0; step < most && square > enough; step++) {
            Interruption.check("the estimate of a score by conjugate gradients");
            double[] ap = a.of(p);
            double alpha = square / Dense.dot(p, 0, ap, 0, p.length);
            Dense.addMultiple(alpha, p, 0, x, 0, x.length);
            Dense.addMultiple(-alpha, ap, 0, r, 0, r.length);
            double next = Dense.dot(r, 0, r, 0, r.length);
            p = Dense.plus(r, next / square, p);
            square = next;
        }
        return x;
    }
}
