package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Block Gibbs sampling of a Gaussian RBM: all of h given v, then all of v given h, from uniform noise or given rows. Exact in the limit;
 * with well separated modes a chain stays in the one it fell into, so many short chains beat one long one.
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

    /** Starts each chain at a random row of these data, not from uniform noise. */
    public BlockGibbs startingAt(Data rows) {
        return new BlockGibbs(sweeps, means, rows);
    }

    @Override
    public Data sample(EnergyModel model, int chains, Noise noise) {
        if (!(model instanceof Grbm grbm)) {
            throw new SettingException(Facts.that("BlockGibbs.sample: the conditionals of the model are not known")
                    .expected("a Grbm")
                    .butWas(model)
                    .hint("use Langevin"));
        }
        Expr v = Expr.input("v", chains, grbm.visible());
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains, grbm.hidden());
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", chains, grbm.visible());
        Expr h = grbm.hiddenMean(v).greater(u);
        Expr mean = grbm.visibleMean(h);
        float[] state = new float[v.size()];
        if (starts == null) {
            noise.uniform(state, 0, state.length);
        } else {
            starts.gather(Starts.rows(starts, chains, noise), state);
        }
        try (Program sweep = Program.of(mean.plus(e.times(grbm.std())), mean)) {
            grbm.parameters().give(sweep);
            sweep.bind(v, state);
            for (int i = 0; i < sweeps && !Thread.currentThread().isInterrupted(); i++) {
                sweep.draw(noise);
                sweep.run();
                boolean last = i == sweeps - 1;
                System.arraycopy(sweep.value(last && means ? 1 : 0), 0, state, 0, state.length);
            }
        }
        return Data.of("samples of " + grbm.name(), state, grbm.visible());
    }

    @Override
    public String toString() {
        return "BlockGibbs, " + sweeps + " sweeps" + (starts == null ? " from noise" : " from rows of the data");
    }
}
