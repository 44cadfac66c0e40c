package org.ebvlm.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * A schedule of temperatures for annealed {@link Langevin} chains, phase after phase:
 *
 * <pre>{@code
 * Temperatures.from(100).hold(500).geometric(1, 2000).linear(0, 200)
 * }</pre>
 *
 * <p>At temperature T a chain samples p^(1/T): hot chains cross between modes, cold ones slide to the top of one. Step k of
 * a phase of n steps from a to b, k counted from zero, has the temperature {@code a (b/a)^(k/n)} if geometric and {@code a
 * + (b - a) k/n} if linear; the first step after it has b. After the last phase the temperature stays where it is.
 */
public final class Temperatures {
    private final double first;
    private final List<Phase> phases;

    /** From a (included) to b (excluded) in so many steps. */
    private record Phase(double from, double to, double steps, boolean geometric) {
        double at(double step) {
            double share = step / steps;
            return geometric ? from * Math.pow(to / from, share) : from + (to - from) * share;
        }

        @Override
        public String toString() {
            String way =
                    from == to ? from + " for " : from + (geometric ? " geometrically to " : " to ") + to + " over ";
            return way + (long) Math.ceil(steps) + " steps";
        }
    }

    private Temperatures(double first, List<Phase> phases) {
        this.first = first;
        this.phases = List.copyOf(phases);
    }

    /** The temperature at the first step, and, unless phases follow, at all. */
    public static Temperatures from(double temperature) {
        return new Temperatures(checked("from", temperature, 0), List.of());
    }

    /** One throughout: no annealing. */
    public static Temperatures plain() {
        return from(1);
    }

    /** The schedule of the VaGES code (Bao et al., 2021): 100 for 500 steps, 100 to 1 over 2000, 1 to 0 over 200. */
    public static Temperatures published() {
        return from(100).hold(500).geometric(1, 2000).linear(0, 200);
    }

    /** 100 to 1, geometrically, over a number of steps that need not be whole. */
    static Temperatures falling(double steps) {
        return new Temperatures(100, List.of(new Phase(100, 1, steps, true)));
    }

    /** Then as it is, for so many steps. */
    public Temperatures hold(int steps) {
        return then("hold", last(), steps, false);
    }

    /** Then by a constant factor a step to another temperature; both must be above zero. */
    public Temperatures geometric(double to, int steps) {
        checked("geometric", Math.min(to, last()), Double.MIN_VALUE);
        return then("geometric", to, steps, true);
    }

    /** Then by a constant difference a step to another temperature, which may be zero. */
    public Temperatures linear(double to, int steps) {
        return then("linear", checked("linear", to, 0), steps, false);
    }

    private Temperatures then(String what, double to, int steps, boolean geometric) {
        if (steps < 1) {
            throw new SettingException(Facts.that("Temperatures." + what + ": too few steps")
                    .expected("1 or more")
                    .butWas(steps));
        }
        List<Phase> longer = new ArrayList<>(phases);
        longer.add(new Phase(last(), to, steps, geometric));
        return new Temperatures(first, longer);
    }

    private static double checked(String what, double temperature, double least) {
        if (!(temperature >= least && temperature < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("Temperatures." + what + ": not a temperature that it can take")
                    .expected(least == 0 ? "zero or a positive number" : "a positive number on both sides")
                    .butWas(temperature));
        }
        return temperature;
    }

    private double last() {
        return phases.isEmpty() ? first : phases.get(phases.size() - 1).to();
    }

    /** How many steps all phases take together, rounded up. */
    public int steps() {
        return (int) Math.ceil(phases.stream().mapToDouble(Phase::steps).sum());
    }

    /** The temperature at a step, counted from zero. */
    public double at(int step) {
        double left = step;
        for (Phase phase : phases) {
            if (left < phase.steps()) {
                return phase.at(left);
            }
            left -= phase.steps();
        }
        return last();
    }

    @Override
    public String toString() {
        return phases.isEmpty()
                ? "temperature " + first
                : "temperature " + phases.stream().map(Phase::toString).collect(Collectors.joining(", then "));
    }
}
