package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;

/**
 * Block Gibbs sampling of a {@link BoltzmannMachine}: all of h given v, then all of v given h, from uniform noise or given
 * rows; with a second hidden layer, h1 given v and h2, then v and h2 given h1. Exact in the limit; with well separated
 * modes a chain stays in the one it fell into, so many short chains beat one long one.
 */
public final class BlockGibbs implements Sampler {
    private final int sweeps;
    private final int warmup;
    private final int thin;
    private final boolean means;
    private final Data starts;

    private BlockGibbs(int sweeps, int warmup, int thin, boolean means, Data starts) {
        this.sweeps = sweeps;
        this.warmup = warmup;
        this.thin = thin;
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
        return new BlockGibbs(number, 0, 1, false, null);
    }

    /** Returns E[v | h] of the last h in place of a noisy v: what pictures of faces or digits show. */
    public BlockGibbs showingMeans() {
        return new BlockGibbs(sweeps, warmup, thin, true, starts);
    }

    /** Starts each chain at a random row of these data, not from uniform noise, where a second hidden layer still starts. */
    public BlockGibbs startingAt(Data rows) {
        return new BlockGibbs(sweeps, warmup, thin, means, rows);
    }

    /** Sweeps before the first that {@link #draw} keeps; none unless said otherwise. */
    public BlockGibbs warmup(int number) {
        if (number < 0) {
            throw new SettingException(Facts.that("BlockGibbs.warmup: not a number of sweeps")
                    .expected("0 or more")
                    .butWas(number));
        }
        return new BlockGibbs(sweeps, number, thin, means, starts);
    }

    /** Lets {@link #draw} keep every so many-th sweep; each one unless said otherwise. */
    public BlockGibbs thin(int every) {
        if (every < 1 || every > sweeps) {
            throw new SettingException(Facts.that("BlockGibbs.thin: nothing would be kept")
                    .expected("1 to " + sweeps + ", the number of sweeps")
                    .butWas(every));
        }
        return new BlockGibbs(sweeps, warmup, every, means, starts);
    }

    @Override
    public Data sample(EnergyModel model, int chains, Noise noise) {
        BoltzmannMachine machine = machine(model);
        Data last = run(machine, chains, 0, means, noise).last();
        return Data.of("samples of " + model.name(), visible(machine, last.values()), machine.visible());
    }

    /**
     * Kept draws with their diagnostics; every sweep is accepted. Rows are v, and with a second hidden layer [v, h2].
     *
     * @throws SettingException if the conditionals of the model are not known
     */
    public Chains draw(EnergyModel model, int chains, Noise noise) {
        return run(machine(model), chains, thin, false, noise);
    }

    private Chains run(BoltzmannMachine machine, int chains, int keepEvery, boolean endsInMeans, Noise noise) {
        float[] state = start(machine, chains, noise);
        try (Sweep sweep = new Sweep(machine, chains, state, endsInMeans)) {
            return new Course(warmup, sweeps, keepEvery).run(toString(), machine.name(), 1, sweep, noise);
        }
    }

    private static BoltzmannMachine machine(EnergyModel model) {
        if (!(model instanceof BoltzmannMachine machine)) {
            throw new SettingException(Facts.that("BlockGibbs.sample: the conditionals of the model are not known")
                    .expected("a Grbm, BernoulliRbm or DeepBoltzmann")
                    .butWas(model)
                    .hint("use Langevin"));
        }
        return machine;
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

    @Override
    public String toString() {
        return "BlockGibbs, " + sweeps + " sweeps" + (starts == null ? " from noise" : " from rows of the data");
    }
}
