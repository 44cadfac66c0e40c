package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.linear.Dense;
import org.ebvlm.scoring.Kernel;

/**
 * A matrix-valued kernel Gamma(x, y) at samples, and the fields made of it, Gamma(y, X) c = sum over j of Gamma(y, x_j) c_j.
 * Coefficients and fields are [rows, d], row-major.
 */
abstract class Field {
    /** The largest number of entries of a matrix that is written down. */
    private static final long LARGEST = 50_000_000;

    final Frame frame;

    Field(Frame frame) {
        this.frame = frame;
    }

    /** How many numbers of a row the kernel mixes: d, or 1 where it is a number times the identity. */
    abstract int mixed();

    /** Gamma(y, X) as one matrix, [m * mixed, n * mixed]. */
    abstract double[] matrix(double[] y);

    /** Gamma(y, X) c of a tile of points. */
    abstract double[] some(double[] y, double[] c);

    /** sum over j of div_j Gamma(y, x_j) of a tile of points. */
    abstract double[] divergence(double[] y);

    /** The largest eigenvalue of Gamma(x, x), the same everywhere. */
    abstract double size();

    /** Equations to be solved: n * mixed. */
    final int equations() {
        return frame.n * mixed();
    }

    /** Right-hand sides of the equations. */
    final int columns() {
        return frame.d / mixed();
    }

    /** Gamma(X, X), [equations, equations]. */
    final double[] matrix() {
        return matrixOf(frame.x());
    }

    /** Gamma(y, X) as one matrix, if it can be written down. */
    final double[] matrixOf(double[] y) {
        long size = (long) (y.length / columns()) * equations();
        if (size > LARGEST) {
            throw new SettingException(Facts.that("score from samples: the kernel matrix is too large")
                    .expected("at most " + LARGEST + " entries")
                    .butWas(y.length / columns() + " x " + equations())
                    .hint("fewer samples, Tikhonov.conjugateGradients, Nystrom, Landweber or NuMethod"));
        }
        return matrix(y);
    }

    /** Gamma(y, X) c; [m, d]. */
    final double[] at(double[] y, double[] c) {
        double[] out = new double[y.length];
        for (int from = 0; from < y.length; from += Frame.TILE * frame.d) {
            double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + Frame.TILE * frame.d));
            System.arraycopy(some(some, c), 0, out, from, some.length);
        }
        return out;
    }

    /** zeta(y) = 1/n sum over j of div_j Gamma(y, x_j): what Stein's identity says of the score, [m, d]. */
    final double[] zeta(double[] y) {
        double[] out = new double[y.length];
        for (int from = 0; from < y.length; from += Frame.TILE * frame.d) {
            double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + Frame.TILE * frame.d));
            double[] part = divergence(some);
            for (int i = 0; i < part.length; i++) {
                out[from + i] = part[i] / frame.n;
            }
        }
        return out;
    }

    // ---------------------------------------------------------------- the same of points that are an expression

    /** Gamma(y, X) c; [m, d]. */
    abstract Expr at(Framed y, double[] c);

    /** sum over j of div_j Gamma(y, x_j); [m, d]. */
    abstract Expr divergence(Framed y);

    /** zeta(y), [m, d]. */
    final Expr zeta(Framed y) {
        return divergence(y).times(1.0 / frame.n);
    }

    /** Coefficients as a constant, [n, d]. */
    final Expr constant(double[] c) {
        return Expr.constant(c, frame.n, frame.d);
    }

    // ---------------------------------------------------------------- products again and again

    /** A matrix that is multiplied with again and again: written down if it is not large. */
    final Times times() {
        long size = (long) equations() * equations();
        if (size > LARGEST / 2) {
            return c -> at(frame.x(), c);
        }
        double[] matrix = matrix();
        return c -> Dense.product(matrix, c, equations(), columns(), equations());
    }

    /** Gamma(X, X) c. */
    interface Times {
        double[] of(double[] c);
    }

    // ---------------------------------------------------------------- the two kinds

    /** k(x, y) I: each coordinate by itself. */
    static final class Diagonal extends Field {
        Diagonal(Frame frame) {
            super(frame);
        }

        @Override
        int mixed() {
            return 1;
        }

        @Override
        double[] matrix(double[] y) {
            return y == frame.x() ? frame.pairs(Kernel.Part.VALUE) : frame.pairs(Kernel.Part.VALUE, y);
        }

        @Override
        double[] some(double[] y, double[] c) {
            return Dense.product(frame.pairs(Kernel.Part.VALUE, y), c, y.length / frame.d, frame.d, frame.n);
        }

        @Override
        double[] divergence(double[] y) {
            return frame.identity(y);
        }

        @Override
        Expr at(Framed y, double[] c) {
            return y.pairs(Kernel.Part.VALUE).matmul(constant(c));
        }

        @Override
        Expr divergence(Framed y) {
            return y.drifts(y.pairs(Kernel.Part.SLOPE)).times(-2);
        }

        @Override
        double size() {
            return frame.atZero(Kernel.Part.VALUE);
        }
    }

    /**
     * Minus the Hessian of f(||r||^2), r = x - y: fields made of it are gradients.
     *
     * <pre>
     * Gamma = -2 f' I - 4 f'' r r',   div_y Gamma = 4 ((d + 2) f'' + 2 r^2 f''') r
     * Gamma c = grad ( -2 f' r . c ),   div_y Gamma = grad ( 2 d f' + 4 r^2 f'' )
     * </pre>
     */
    static final class CurlFree extends Field {
        CurlFree(Frame frame) {
            super(frame);
        }

        @Override
        int mixed() {
            return frame.d;
        }

        @Override
        double[] matrix(double[] y) {
            int d = frame.d;
            int m = y.length / d;
            double[] slopes = frame.pairs(Kernel.Part.SLOPE, y);
            double[] bends = frame.pairs(Kernel.Part.BEND, y);
            int stride = frame.n * d;
            double[] out = new double[m * d * stride];
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < frame.n; j++) {
                    int pair = i * frame.n + j;
                    for (int a = 0; a < d; a++) {
                        double ra = -4 * bends[pair] * (y[i * d + a] - frame.x()[j * d + a]);
                        int at = (i * d + a) * stride + j * d;
                        for (int b = 0; b < d; b++) {
                            out[at + b] = ra * (y[i * d + b] - frame.x()[j * d + b]);
                        }
                        out[at + a] -= 2 * slopes[pair];
                    }
                }
            }
            return out;
        }

        /** r_ij . c_j = y_i . c_j - x_j . c_j; [m, n]. */
        private double[] along(double[] y, double[] c) {
            double[] along = Dense.product(y, false, c, true, y.length / frame.d, frame.n, frame.d);
            double[] own = Dense.rowDots(frame.x(), c, frame.d);
            for (int i = 0; i < along.length; i++) {
                along[i] -= own[i % frame.n];
            }
            return along;
        }

        @Override
        double[] some(double[] y, double[] c) {
            double[] slopes = frame.pairs(Kernel.Part.SLOPE, y);
            double[] weights = Dense.times(frame.pairs(Kernel.Part.BEND, y), along(y, c));
            double[] first = Dense.product(slopes, c, y.length / frame.d, frame.d, frame.n);
            return Dense.plus(Dense.times(first, -2), -4, frame.drifts(weights, y));
        }

        @Override
        double[] divergence(double[] y) {
            double[] weights = frame.squaredDistances(y, frame.n);
            double[] thirds = new double[weights.length];
            frame.kernel.evaluate(Kernel.Part.THIRD, weights, weights.length, thirds);
            double[] bends = frame.pairs(Kernel.Part.BEND, y);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = 4 * ((frame.d + 2) * bends[i] + 2 * weights[i] * thirds[i]);
            }
            return frame.drifts(weights, y);
        }

        @Override
        double size() {
            return -2 * frame.atZero(Kernel.Part.SLOPE);
        }

        /** r_ij . c_j, [m, n]. */
        private Expr along(Framed y, double[] c) {
            return y.products(constant(c)).minus(Expr.constant(Dense.rowDots(frame.x(), c, frame.d), 1, frame.n));
        }

        @Override
        Expr at(Framed y, double[] c) {
            Expr first = y.pairs(Kernel.Part.SLOPE).matmul(constant(c)).times(-2);
            return first.minus(
                    y.drifts(y.pairs(Kernel.Part.BEND).times(along(y, c))).times(4));
        }

        @Override
        Expr divergence(Framed y) {
            Expr bends = y.pairs(Kernel.Part.BEND).times(frame.d + 2);
            Expr thirds = y.pairs(Kernel.Part.THIRD).times(y.r2).times(2);
            return y.drifts(bends.plus(thirds)).times(4);
        }

        /** What Gamma(y, X) c is the gradient of; [m]. */
        Expr potential(Framed y, double[] c) {
            return y.pairs(Kernel.Part.SLOPE).times(along(y, c)).sum(1).times(-2);
        }

        /** What zeta is the gradient of; [m]. */
        Expr zetaPotential(Framed y) {
            Expr slopes = y.pairs(Kernel.Part.SLOPE).times(2 * frame.d);
            Expr bends = y.pairs(Kernel.Part.BEND).times(y.r2).times(4);
            return slopes.plus(bends).sum(1).times(1.0 / frame.n);
        }

        /** What Gamma(y, X) c is the gradient of; [m]. */
        double[] potential(double[] y, double[] c) {
            return Dense.times(Dense.rowSums(Dense.times(frame.pairs(Kernel.Part.SLOPE, y), along(y, c)), frame.n), -2);
        }

        /** What zeta is the gradient of; [m]. */
        double[] zetaPotential(double[] y) {
            double[] r2 = frame.squaredDistances(y, frame.n);
            double[] bends = frame.pairs(Kernel.Part.BEND, y);
            double[] slopes = frame.pairs(Kernel.Part.SLOPE, y);
            for (int i = 0; i < r2.length; i++) {
                r2[i] = 2 * frame.d * slopes[i] + 4 * r2[i] * bends[i];
            }
            return Dense.times(Dense.rowSums(r2, frame.n), 1.0 / frame.n);
        }
    }
}
