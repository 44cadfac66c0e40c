package org.ebvlm.sampling;

/**
 * The Metropolis-adjusted Langevin algorithm (Roberts and Tweedie, 1996): the step of {@link Langevin} at temperature one,
 * as a proposal,
 *
 * <pre>
 * x' = x + step^2 / 2  d log p/dx + step  normal noise,     accepted with probability  min(1, p(x') q(x | x') / p(x) q(x' | x))
 * </pre>
 *
 * which is {@link Hmc} with a single leap, and is computed so. Free of the step size's bias; one gradient a step. The
 * warm-up, as long as the run unless said otherwise, tunes the step size to an acceptance of 0.574, best in many dimensions
 * (Roberts and Rosenthal, 1998).
 *
 * <p>Chains wander: about (length / step)^2 steps to cross a length. Where that is far, {@link Hmc} crosses faster.
 */
public final class Mala extends MetropolisSampler<Mala> {
    private static final double ACCEPTANCE = 0.574;

    private Mala(Settings settings) {
        super(settings);
    }

    /** Chains of this many steps after the warm-up. */
    public static Mala steps(int number) {
        return new Mala(Settings.of("Mala", number));
    }

    @Override
    Mala with(Settings changed) {
        return new Mala(changed);
    }

    @Override
    double usualAcceptance() {
        return ACCEPTANCE;
    }
}
