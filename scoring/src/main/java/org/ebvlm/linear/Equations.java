package org.ebvlm.linear;

import java.util.Locale;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;

/**
 * Linear equations with a symmetric matrix: by its Cholesky factor if it is positive definite, as kernel matrices with a
 * ridge are, otherwise by elimination with row exchanges.
 */
public final class Equations implements AutoCloseable {
    private final Cholesky factor;
    private final Pivoted pivoted;

    private Equations(Cholesky factor, Pivoted pivoted) {
        this.factor = factor;
        this.pivoted = pivoted;
    }

    /**
     * Of A + ridge I.
     *
     * @param a [n, n], symmetric; only what is on and below the diagonal is read; the diagonal is changed while this is made
     * @param what is being solved, for the error
     * @throws DataException if the matrix is singular
     */
    public static Equations of(double[] a, int n, double ridge, String what) {
        return of(a, n, ridge, what, Precision.DOUBLE);
    }

    /** The same in a precision of choice, which counts where the matrix is positive definite. */
    public static Equations of(double[] a, int n, double ridge, String what, Precision precision) {
        shift(a, n, ridge);
        try {
            Cholesky factor = Cholesky.of(a, n, precision);
            if (factor.isDefinite()) {
                return new Equations(factor, null);
            }
            factor.close();
            return new Equations(null, regular(Pivoted.of(a, n), ridge, what));
        } finally {
            shift(a, n, -ridge);
        }
    }

    private static void shift(double[] a, int n, double by) {
        for (int i = 0; i < n; i++) {
            a[i * n + i] += by;
        }
    }

    private static Pivoted regular(Pivoted found, double ridge, String what) {
        if (!found.isRegular()) {
            throw new DataException(Facts.that(what + ": the equations have no unique solution")
                    .expected("a matrix of full rank")
                    .butWas("a singular one, with ridge " + String.format(Locale.ROOT, "%.3g", ridge))
                    .hint("equal samples, or more samples than a kernel can tell apart, need a larger ridge"));
        }
        return found;
    }

    /** [n, columns] of [n, columns]. */
    public double[] solve(double[] b, int columns) {
        return factor != null ? factor.solve(b, columns) : pivoted.solve(b, columns);
    }

    /**
     * What is needed to solve again, on the heap.
     *
     * @param factor if there is one
     * @param pivoted if there is none
     */
    public record Kept(Cholesky.Kept factor, Pivoted pivoted) {
        /** The equations again. */
        public Equations open() {
            return new Equations(factor == null ? null : factor.open(), pivoted);
        }
    }

    /** What is needed to solve again, for when this is closed. */
    public Kept kept() {
        return new Kept(factor == null ? null : factor.kept(), pivoted);
    }

    @Override
    public void close() {
        if (factor != null) {
            factor.close();
        }
    }
}
