package org.ebvlm.sampling;

/**
 * Hamiltonian Monte Carlo (Duane et al., 1987; Neal, 2011): a chain is given a normal momentum and glides along the log
 * density by leaps of the leapfrog method; the point where it arrives is accepted with probability
 *
 * <pre>min(1, p(x') exp(-||m'||^2 / 2) / p(x) exp(-||m||^2 / 2))</pre>
 *
 * which is near one, as the leaps nearly conserve the energy. Free of the step size's bias. The warm-up, as long as the run
 * unless said otherwise, tunes the step size to an acceptance of 0.8. Each step draws its number of leaps, from half to one
 * and a half of what was asked for, the same for all chains: paths of one length can come back to where they began.
 *
 * <pre>{@code
 * Hmc.steps(500).warmup(500).leaps(10).sample(model, 100, seed(1))
 * }</pre>
 *
 * <p>Cost: one gradient a leap. Modes with high walls between them are as far apart as for any local sampler.
 */
public final class Hmc extends MetropolisSampler<Hmc> {
    private static final double ACCEPTANCE = 0.8;
    private static final int LEAPS = 10;

    private Hmc(Settings settings) {
        super(settings);
    }

    /** Chains of this many steps after the warm-up, of about ten leaps each unless said otherwise. */
    public static Hmc steps(int number) {
        return new Hmc(Settings.of("Hmc", number).with(s -> s.leaps = LEAPS));
    }

    /** About how many leaps make a step. Too few and chains wander, too many and they turn back. */
    public Hmc leaps(int number) {
        int checked = Settings.atLeast(1, "Hmc.leaps", number);
        return with(settings.with(s -> s.leaps = checked));
    }

    @Override
    Hmc with(Settings changed) {
        return new Hmc(changed);
    }

    @Override
    double usualAcceptance() {
        return ACCEPTANCE;
    }
}
