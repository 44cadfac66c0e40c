package org.ebvlm.likelihood;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Scaling;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Target;

/**
 * Hamiltonian annealed importance sampling of log Z (Sohl-Dickstein and Culpepper, 2012): for any log density of real rows with a
 * gradient, an energy of one's own for example. Chains begin at a Gaussian p_0 and are led to the target f by
 *
 * <pre>log f_t(x) = (1 - t) log p_0(x) + t log f(x),    log w = sum over k of (t_(k+1) - t_k) (log f(x_k) - log p_0(x_k))</pre>
 *
 * <p>with one leap of Hamiltonian dynamics at each t, accepted or rejected, whose momentum is renewed in part only, so that a chain
 * goes on in one direction: half of the momentum's energy stays for each unit of time. Values of t lie along a sigmoid from -4 to 4,
 * dense at either end.
 *
 * <pre>{@code
 * HamiltonianAis.standard().of(Target.visible(model), seed(1))             // log Z of exp(-F(v))
 * HamiltonianAis.standard().of(Target.joint(model), seed(1))               // real h: the same number, by chains of (v, h)
 * LogLikelihood.on(data.test()).estimating(HamiltonianAis.standard())      // where the free energy is known
 * }</pre>
 *
 * <p>The step size is found by a rehearsal of the same number of chains, which is then thrown away: at each t it follows the
 * acceptance, aiming at 0.9. Steps that were found so depend on none of the chains that count, so Z stays unbiased; the estimate of log Z
 * is below the truth on average. {@link #stepSize} fixes it and does without the rehearsal. Steps that are too short leave chains
 * where they began: log Z is then too low by far, with a small standard error that does not show it. Compare with {@link #above}, or
 * with longer steps.
 *
 * <p>For Boltzmann machines {@link Ais} is better: its Gibbs sweeps need no step size. What is said there about standard error
 * and interval holds here. The density must have a finite integral, which nothing checks.
 *
 * <p>Cost: one evaluation of the log density and its gradient for each chain and scale, twice where there is a rehearsal.
 */
public final class HamiltonianAis {
    private static final double STEEPNESS = 4;

    private final int chains;
    private final int scales;
    /** Null: found by a rehearsal. */
    private final Double stepSize;
    /** Null: the standard normal. */
    private final Data base;

    private HamiltonianAis(int chains, int scales, Double stepSize, Data base) {
        this.chains = chains;
        this.scales = scales;
        this.stepSize = stepSize;
        this.base = base;
    }

    /** 500 chains over 1000 scales from the standard normal distribution, with a rehearsal. */
    public static HamiltonianAis standard() {
        return new HamiltonianAis(500, 1000, null, null);
    }

    /** Another number of chains, from 2 up: the standard error falls as one over its root. */
    public HamiltonianAis chains(int number) {
        return new HamiltonianAis(Ais.checked("HamiltonianAis.chains", number), scales, stepSize, base);
    }

    /** Another number of scales, from 2 up: more make the weights more even. A rehearsal needs some hundreds to follow. */
    public HamiltonianAis scales(int number) {
        return new HamiltonianAis(chains, Ais.checked("HamiltonianAis.scales", number), stepSize, base);
    }

    /** A fixed step size at all scales, in standard deviations of the first Gaussian. */
    public HamiltonianAis stepSize(double size) {
        if (!(size > 0 && size < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("HamiltonianAis.stepSize: not a size")
                    .expected("a positive number")
                    .butWas(size));
        }
        return new HamiltonianAis(chains, scales, size, base);
    }

    /**
     * Begins at independent Gaussians with the mean and the standard deviation of each column of these rows (1 for a column that never
     * varies): better than the standard normal where the target lies elsewhere or on another scale. The target should not be wider.
     *
     * @param rows [n, width of the target]
     */
    public HamiltonianAis from(Data rows) {
        return new HamiltonianAis(chains, scales, stepSize, rows);
    }

    /**
     * Estimates log Z, the logarithm of the integral of the target's density as it is given: from below on average.
     *
     * @throws SettingException if only a score is known of the target, or rows with different densities are given to it
     * @throws ShapeException if the rows of {@link #from} do not fit
     * @throws org.ebvlm.errors.DivergenceException if a chain begins where the density or its gradient is not finite
     */
    public LogPartition of(Target target, Noise noise) {
        return estimate(target, null, this::scale, noise);
    }

    /**
     * Estimates log Z from above on average, by the same path backwards from samples of the target, as {@link Ais#above} does.
     *
     * @param samples rows of the target, drawn at random for the chains
     */
    public LogPartition above(Target target, Data samples, Noise noise) {
        requireWidth("HamiltonianAis.above: the samples do", samples, target);
        return estimate(target, samples, k -> scale(scales - k), noise);
    }

    private LogPartition estimate(Target target, Data samples, IntToDoubleFunction scale, Noise noise) {
        if (target.conditions() > 1) {
            throw new SettingException(Facts.that("HamiltonianAis: there is not one log Z of " + target.name())
                    .expected("one density for all chains")
                    .butWas(target.conditions() + " rows given")
                    .hint("give one row: data.take(1)"));
        }
        Scaling start = start(target);
        double[] steps = new double[scales];
        double[] logWeights;
        try (AnnealedPaths paths = new AnnealedPaths(target, chains, start)) {
            if (stepSize == null) {
                Noise before = noise.split("rehearsal");
                paths.begin(samples, before);
                paths.rehearse(scale, steps, before);
            } else {
                Arrays.fill(steps, stepSize);
            }
            paths.begin(samples, noise);
            logWeights = paths.anneal(scale, steps, noise);
        }
        String method = String.format(
                Locale.ROOT,
                "%sHamiltonian AIS, %d chains, %d scales%s",
                samples == null ? "" : "reverse ",
                chains,
                scales,
                stepSize == null ? "" : ", steps of " + stepSize);
        return Weights.logPartition(logIntegral(start), samples == null ? 1 : -1, logWeights, method, noise);
    }

    /** t_k = (sigmoid(8 k / K - 4) - sigmoid(-4)) / (sigmoid(4) - sigmoid(-4)) = (1 + tanh(4 k / K - 2) / tanh(2)) / 2. */
    private double scale(int k) {
        double half = STEEPNESS / 2;
        return 0.5 + 0.5 * Math.tanh(half * (2.0 * k / scales - 1)) / Math.tanh(half);
    }

    /** Where chains begin: what becomes the standard normal. */
    private Scaling start(Target target) {
        if (base == null) {
            double[] ones = new double[target.width()];
            Arrays.fill(ones, 1);
            return Scaling.of(new double[target.width()], ones);
        }
        requireWidth("HamiltonianAis.from: the rows do", base, target);
        return Scaling.centring(base);
    }

    /** The logarithm of the integral of exp(-||(x - mean) / std||^2 / 2). */
    private static double logIntegral(Scaling start) {
        return Arrays.stream(start.std())
                .map(s -> Math.log(s) + 0.5 * Math.log(2 * Math.PI))
                .sum();
    }

    private static void requireWidth(String what, Data rows, Target target) {
        if (rows.width() != target.width()) {
            throw new ShapeException(Facts.that(what + " not fit " + target.name())
                    .expected("[n, " + target.width() + "]")
                    .butWas("[" + rows.rows() + ", " + rows.width() + "]"));
        }
    }

    @Override
    public String toString() {
        return "HamiltonianAis, " + chains + " chains, " + scales + " scales"
                + (stepSize == null ? "" : ", steps of " + stepSize)
                + (base == null ? "" : ", from " + base.name());
    }
}
