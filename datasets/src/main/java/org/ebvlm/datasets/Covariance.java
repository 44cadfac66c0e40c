package org.ebvlm.datasets;

/** The covariance S of a Gaussian, in the form that density, score and draws need it in. */
sealed interface Covariance permits DiagonalCovariance, FullCovariance {
    int width();

    /** log det S. */
    double logDeterminant();

    /** out = S^-1 difference. */
    void solve(double[] difference, double[] out);

    /** Turns independent standard normal numbers, in place, into numbers of covariance S. */
    void color(double[] normal);

    /** S + variance I. */
    Covariance plus(double variance);
}
