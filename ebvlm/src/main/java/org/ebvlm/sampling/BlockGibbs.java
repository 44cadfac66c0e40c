package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Block Gibbs sampling of a {@link BoltzmannMachine}: all of h given v, then all of v given h, from uniform noise or given
 * rows; with a second hidden layer, h1 given v and h2, then v and h2 given h1. Exact in the limit; with well separated
 * modes a chain stays in the one it fell into, so many short chains beat one long one.
 */
public final class BlockGibbs implements Sampler {
    private final int sweeps;
    private final boolean means;
    private final Data starts;

    private BlockGibbs(int sweeps, boolean means, Data starts) {
        this.sweeps = sweeps;
        this.means = means;
        this.starts = starts;
    }

    /** Chains of this many sweeps. Published pictures use 1000. */
    public static BlockGibbs sweeps(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("BlockGibbs.sweeps: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new BlockGibbs(number, false, null);
    }

    /** Returns E[v | h] of the last h in place of a noisy v: what pictures of faces or digits show. */
    public BlockGibbs showingMeans() {
        return new BlockGibbs(sweeps, true, starts);
    }

    /** Starts each chain at a random row of these data, not from uniform noise, where a second hidden layer still starts. */
    public BlockGibbs startingAt(Data rows) {
        return new BlockGibbs(sweeps, means, rows);
    }

    @Override
    public Data sample(EnergyModel model, int chains, Noise noise) {
        if (!(model instanceof BoltzmannMachine machine)) {
            throw new SettingException(Facts.that("BlockGibbs.sample: the conditionals of the model are not known")
                    .expected("a Grbm, BernoulliRbm or DeepBoltzmann")
                    .butWas(model)
                    .hint("use Langevin"));
        }
        Expr even = Expr.input("even", chains, machine.evenUnits());
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains, machine.oddUnits());
        Expr odd = machine.drive(even).sigmoid().greater(u);
        Expr mean = machine.evenMean(odd, Expr.constant(1, 1));
        float[] state = start(machine, chains, noise);
        try (Program sweep = Program.of(machine.evenDraw(mean), mean)) {
            machine.parameters().give(sweep);
            sweep.bind(even, state);
            for (int i = 0; i < sweeps && !Thread.currentThread().isInterrupted(); i++) {
                sweep.draw(noise);
                sweep.run();
                boolean last = i == sweeps - 1;
                System.arraycopy(sweep.value(last && means ? 1 : 0), 0, state, 0, state.length);
            }
        }
        requireFinite(state, machine.evenUnits());
        return Data.of("samples of " + model.name(), visible(machine, state), machine.visible());
    }

    private float[] start(BoltzmannMachine machine, int chains, Noise noise) {
        int width = machine.evenUnits();
        float[] state = new float[chains * width];
        if (starts == null) {
            noise.uniform(state, 0, state.length);
            return state;
        }
        float[] rows = new float[chains * machine.visible()];
        starts.gather(Starts.rows(starts, chains, noise), rows);
        if (width == machine.visible()) {
            return rows;
        }
        noise.uniform(state, 0, state.length);
        for (int i = 0; i < chains; i++) {
            System.arraycopy(rows, i * machine.visible(), state, i * width, machine.visible());
        }
        return state;
    }

    /** The first columns, those of v. */
    private static float[] visible(BoltzmannMachine machine, float[] state) {
        int width = machine.evenUnits();
        int visible = machine.visible();
        if (width == visible) {
            return state;
        }
        float[] v = new float[state.length / width * visible];
        for (int i = 0; i * width < state.length; i++) {
            System.arraycopy(state, i * width, v, i * visible, visible);
        }
        return v;
    }

    private static void requireFinite(float[] state, int width) {
        for (int i = 0; i < state.length; i++) {
            if (!Float.isFinite(state[i])) {
                throw new DivergenceException(Facts.that("BlockGibbs.sample: a chain left the finite numbers")
                        .expected("finite units")
                        .butWas(state[i] + " in chain " + i / width)
                        .hint("look at the parameters: a coupling or a standard deviation is too large or not finite"));
            }
        }
    }

    @Override
    public String toString() {
        return "BlockGibbs, " + sweeps + " sweeps" + (starts == null ? " from noise" : " from rows of the data");
    }
}
