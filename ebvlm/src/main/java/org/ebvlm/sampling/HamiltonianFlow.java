package org.ebvlm.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Long Hamiltonian paths without a test, to see how far a field can be followed: each chain is given one normal momentum and
 * glides by leaps, and at every leap the probability is noted with which {@link Hmc} would accept its place,
 *
 * <pre>a_t = min(1, p(x_t) exp(-||m_t||^2 / 2) / p(x_0) exp(-||m_0||^2 / 2))</pre>
 *
 * <p>Along the gradient of log p it stays near one. Along an estimate, {@link Target#along}, it says what the estimate is worth
 * to a sampler, at each length of the path (Strathmann et al., 2015, figures 1 and 2, "kernel-induced Hamiltonian flow"):
 *
 * <pre>{@code
 * var score = Stein.gaussian().fit(samples);
 * var flow = HamiltonianFlow.leaps(2000).stepSize(0.1).draw(target.along(score::at), starts, seed(1));
 * flow.acceptance();      // after 0, 1, ... 2000 leaps
 * }</pre>
 *
 * <p>A chain that leaves the finite numbers stays where it was last, is never accepted from then on, and is {@linkplain Flow#lost
 * counted}.
 *
 * <p>Not a sampler: without test and fresh momentum each chain keeps to its level of energy. Cost: one evaluation of the field
 * and of the log density a leap; memory: four bytes for each kept draw, chain and column.
 */
public final class HamiltonianFlow {
    private final int leaps;
    private final double stepSize;
    private final int thin;

    private HamiltonianFlow(int leaps, double stepSize, int thin) {
        this.leaps = leaps;
        this.stepSize = stepSize;
        this.thin = thin;
    }

    /** Paths of this many leaps, of size 0.1 unless said otherwise. */
    public static HamiltonianFlow leaps(int number) {
        return new HamiltonianFlow(Settings.atLeast(1, "HamiltonianFlow.leaps", number), 0.1, 1);
    }

    /** Another step size, a length in the space of the rows. */
    public HamiltonianFlow stepSize(double size) {
        return new HamiltonianFlow(leaps, Settings.positive("HamiltonianFlow.stepSize", size), thin);
    }

    /** Keeps where the chains are after each so many leaps. */
    public HamiltonianFlow thin(int every) {
        return new HamiltonianFlow(leaps, stepSize, Settings.atLeast(1, "HamiltonianFlow.thin", every));
    }

    /**
     * Follows the paths.
     *
     * @param target its score is followed, its log density judges
     * @param starts where the chains begin, one each; [chains, width]
     * @param noise for the momenta
     * @throws ShapeException if the rows do not fit the target
     * @throws SettingException if only a score is known of it
     * @throws DivergenceException if all chains leave the finite numbers, or one starts outside of them
     */
    public Flow draw(Target target, Data starts, Noise noise) {
        if (starts.width() != target.width()) {
            throw new ShapeException(
                    Facts.that("HamiltonianFlow.draw: the rows to start at do not fit " + target.name())
                            .expected("[chains, " + target.width() + "]")
                            .butWas("[" + starts.rows() + ", " + starts.width() + "]"));
        }
        try (Paths paths = new Paths(target, starts, noise)) {
            return paths.followed();
        }
    }

    /** All chains on their way. */
    private final class Paths implements AutoCloseable {
        private final Target target;
        private final int chains;
        private final float[] position;
        private final float[] momentum;
        private final float[] slope;
        private final float[] logDensity;
        private final float[] step = {0};
        private final Program leap;
        private final List<float[]> kept = new ArrayList<>();
        private final double[] acceptance = new double[leaps + 1];
        private final double[] energy;
        /** Where the chains were a leap ago. */
        private final float[] before;

        private final boolean[] lost;

        Paths(Target target, Data starts, Noise noise) {
            this.target = target;
            chains = starts.rows();
            position = starts.values();
            momentum = new float[position.length];
            slope = new float[position.length];
            logDensity = new float[chains];
            before = position.clone();
            lost = new boolean[chains];
            leap = program(new Leap(target, chains));
            // A leap of no length, for what is followed where the chains begin.
            leap();
            noise.normal(momentum, 0, momentum.length);
            energy = energies();
            step[0] = (float) stepSize;
        }

        private Program program(Leap parts) {
            Program program =
                    target.program(List.of(parts.nextPosition, parts.nextMomentum, parts.nextSlope, parts.logDensity));
            program.bind(parts.position, position);
            program.bind(parts.momentum, momentum);
            program.bind(parts.slope, slope);
            program.bind(parts.step, step);
            float[] scale = new float[target.width()];
            Arrays.fill(scale, 1);
            program.bind(parts.scale, scale);
            return program;
        }

        Flow followed() {
            note(0);
            for (int t = 1; t <= leaps; t++) {
                Interruption.check("HamiltonianFlow on " + target.name());
                leap();
                note(t);
            }
            int gone = (int) IntStream.range(0, chains).filter(i -> lost[i]).count();
            return new Flow(target.name(), target.width(), stepSize, thin, List.copyOf(kept), acceptance, gone);
        }

        private void leap() {
            System.arraycopy(position, 0, before, 0, position.length);
            leap.run();
            System.arraycopy(leap.value(0), 0, position, 0, position.length);
            System.arraycopy(leap.value(1), 0, momentum, 0, momentum.length);
            System.arraycopy(leap.value(2), 0, slope, 0, slope.length);
            System.arraycopy(leap.value(3), 0, logDensity, 0, chains);
        }

        private void note(int t) {
            double[] now = energies();
            for (int i = 0; i < chains; i++) {
                lost[i] |= !Double.isFinite(now[i]);
                if (lost[i]) {
                    stay(i);
                } else {
                    // a = min(1, exp(H_0 - H_t))
                    acceptance[t] += Math.exp(Math.min(0, energy[i] - now[i])) / chains;
                }
            }
            requireSome(t);
            if (t % thin == 0) {
                kept.add(position.clone());
            }
        }

        /** Back by a leap, and no further. */
        private void stay(int chain) {
            for (int k = chain * target.width(); k < (chain + 1) * target.width(); k++) {
                position[k] = before[k];
                momentum[k] = 0;
                slope[k] = 0;
            }
        }

        /** H = ||m||^2 / 2 - log p of each chain. */
        private double[] energies() {
            double[] out = new double[chains];
            for (int i = 0; i < momentum.length; i++) {
                out[i / target.width()] += 0.5 * momentum[i] * momentum[i];
            }
            for (int i = 0; i < chains; i++) {
                out[i] -= logDensity[i];
            }
            return out;
        }

        private void requireSome(int t) {
            int first =
                    IntStream.range(0, chains).filter(i -> lost[i]).findFirst().orElse(-1);
            if (first >= 0 && (t == 0 || IntStream.range(0, chains).allMatch(i -> lost[i]))) {
                throw new DivergenceException(Facts.that("HamiltonianFlow: "
                                + (t == 0 ? "chain " + first + " starts outside of" : "all chains have left")
                                + " the finite numbers at leap " + t)
                        .expected("finite momentum and log density of " + target.name())
                        .butWas("log density " + logDensity[first])
                        .hint(t == 0 ? "start elsewhere" : "take a smaller step size than " + stepSize));
            }
        }

        @Override
        public void close() {
            leap.close();
        }
    }

    @Override
    public String toString() {
        return "HamiltonianFlow, " + leaps + " leaps of " + stepSize;
    }
}
