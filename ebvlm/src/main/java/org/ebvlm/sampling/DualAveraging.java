package org.ebvlm.sampling;

/**
 * Finds the step size with a wanted acceptance by dual averaging (Nesterov, 2009; Hoffman and Gelman, 2014, section 3.2 and
 * algorithm 5, with the constants given there):
 *
 * <pre>
 * H     = (1 - 1/(t + t0)) H + (wanted - acceptance) / (t + t0)
 * log s = log(10 s_0) - sqrt(t) / gamma  H
 * log S = t^-kappa log s + (1 - t^-kappa) log S
 * </pre>
 *
 * s is tried next; S is kept in the end.
 */
final class DualAveraging {
    private static final double GAMMA = 0.05;
    private static final double T0 = 10;
    private static final double KAPPA = 0.75;

    private final double wanted;
    private final double center;
    private double shortfall;
    private double log;
    private double average;
    private int t;

    DualAveraging(double first, double wanted) {
        this.wanted = wanted;
        center = Math.log(10 * first);
        log = Math.log(first);
        average = log;
    }

    void update(double acceptance) {
        t++;
        shortfall += (wanted - acceptance - shortfall) / (t + T0);
        log = center - Math.sqrt(t) / GAMMA * shortfall;
        average += Math.pow(t, -KAPPA) * (log - average);
    }

    /** The step size to try next. */
    double next() {
        return Math.exp(log);
    }

    /** The step size to stay with. */
    double settled() {
        return Math.exp(average);
    }
}
