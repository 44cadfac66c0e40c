package org.ebvlm.variational;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * The mean log-likelihood of rows under a normalised model of binary h by annealed importance sampling over h (Neal, 2001), in
 * nats: chains start at draws of q(h | v) and go to p(h | v) along
 *
 * <pre>log f_t(h) = (1 - t) log q(h | v) + t log p(v, h),     log w = sum over k of (t_(k+1) - t_k) (log p - log q)(h_k)
 * log p(v)  by  log of the mean of w over chains:  from below on average</pre>
 *
 * <p>Between the scales one unit at a time is flipped, proposed where the slope of log f says that it pays and accepted by
 * Metropolis and Hastings ("Gibbs with gradients", Grathwohl et al., 2021), so f_t is left as it is. With one scale it is the
 * {@link ImportanceBound} of as many particles. It pays where the posterior is off; each move costs two slopes of the energy by
 * h. Cost: rows x chains x scales x moves of those.
 */
public final class AnnealedBound implements Evaluation {
    private static final int ROWS = 50;

    private final Data data;
    private final Posterior posterior;
    private final int chains;
    private final int scales;
    private final int moves;

    private AnnealedBound(Data data, Posterior posterior, int chains, int scales, int moves) {
        this.data = data;
        this.posterior = posterior;
        this.chains = chains;
        this.scales = scales;
        this.moves = moves;
    }

    /** Of these rows. */
    public static Builder on(Data data) {
        return new Builder(data);
    }

    /** Waits for the posterior. */
    public static final class Builder {
        private final Data data;

        private Builder(Data data) {
            this.data = data;
        }

        /** Where chains start; 16 chains for each row over 100 scales of 5 moves unless said otherwise. */
        public AnnealedBound posterior(Posterior q) {
            Vimco.requireExactDraws("AnnealedBound", q);
            return new AnnealedBound(data, q, 16, 100, 5);
        }
    }

    /** Another number of chains for each row. */
    public AnnealedBound chains(int number) {
        return new AnnealedBound(data, posterior, positive("chains", number), scales, moves);
    }

    /** Another number of scales; 1 takes draws as they are. */
    public AnnealedBound scales(int number) {
        return new AnnealedBound(data, posterior, chains, positive("scales", number), moves);
    }

    /** Another number of moves at each scale. */
    public AnnealedBound moves(int number) {
        return new AnnealedBound(data, posterior, chains, scales, positive("moves", number));
    }

    private static int positive(String what, int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("AnnealedBound." + what + ": too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return number;
    }

    @Override
    public String name() {
        return "annealedBound";
    }

    @Override
    public Measurement measure(Snapshot snapshot) {
        EnergyModel model = snapshot.model();
        Posterior q = snapshot.fitted(posterior);
        NegativeElbo.requireNormalised("AnnealedBound", model, q);
        if (model.latents() != Latents.BINARY) {
            throw new SettingException(Facts.that("AnnealedBound: units of h cannot be flipped")
                    .expected("binary h")
                    .butWas(model)
                    .hint("take ImportanceBound with many particles"));
        }
        double[] bounds = new double[data.rows()];
        int whole = data.rows() - data.rows() % ROWS;
        if (whole > 0) {
            new Annealing(model, q, ROWS).fill(bounds, 0, whole, snapshot.noise());
        }
        if (whole < data.rows()) {
            new Annealing(model, q, data.rows() - whole).fill(bounds, whole, data.rows(), snapshot.noise());
        }
        return ImportanceBound.mean(name(), bounds);
    }

    /** The programs for so many rows. */
    private final class Annealing {
        private final EnergyModel model;
        private final Posterior q;
        private final int rows;
        private final Expr v;
        private final Expr state;
        private final Expr scale = Expr.input("scale", 1);

        Annealing(EnergyModel model, Posterior q, int rows) {
            this.model = model;
            this.q = q;
            this.rows = rows;
            this.v = Expr.input("rows", rows, data.width());
            this.state = Expr.input("h", chains * rows, model.hidden());
        }

        void fill(double[] bounds, int begin, int end, Noise noise) {
            Expr gap = gap(state);
            try (Program start = Program.of(q.draws(v, chains).h());
                    Program weight = Program.of(gap);
                    Program move = Program.of(moved())) {
                give(start);
                give(weight);
                give(move);
                for (int from = begin; from < end; from += rows) {
                    anneal(bounds, from, start, weight, move, noise);
                }
            }
        }

        private void give(Program program) {
            model.parameters().give(program);
            q.parameters().give(program);
        }

        private void anneal(double[] bounds, int from, Program start, Program weight, Program move, Noise noise) {
            float[] values = data.rows(from, from + rows).values();
            start.set(v, values);
            weight.set(v, values);
            move.set(v, values);
            start.draw(noise);
            start.run();
            float[] h = start.value(0).clone();
            weight.bind(state, h);
            move.bind(state, h);
            double[] logs = new double[chains * rows];
            for (int k = 0; k < scales; k++) {
                Interruption.check("the annealing on " + data.name());
                move.set(scale, new float[] {(float) k / scales});
                for (int m = 0; m < moves && k > 0; m++) {
                    move.draw(noise);
                    move.run();
                    System.arraycopy(move.value(0), 0, h, 0, h.length);
                }
                weight.run();
                for (int i = 0; i < logs.length; i++) {
                    logs[i] += weight.value(0)[i] / (double) scales;
                }
            }
            Arrays.fill(bounds, from, from + rows, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < logs.length; i++) {
                int row = from + i % rows;
                bounds[row] = DrawnBound.logAddExp(bounds[row], logs[i] - Math.log(chains));
            }
        }

        /** log p(v, h) - log q(h | v); [chains n]. */
        private Expr gap(Expr h) {
            return model.logUnnormalised(Stack.repeated(v, chains), h).minus(q.logProbOfDraws(v, h));
        }

        /** log f_t; [chains n]. */
        private Expr log(Expr h) {
            return q.logProbOfDraws(v, h).plus(gap(h).times(scale));
        }

        /** One flip, or none; [chains n, hidden]. */
        private Expr moved() {
            Expr here = state.point();
            Expr pull = pull(here);
            Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", state.shape());
            // The greatest of the pulls with Gumbel noise is drawn from softmax(pull).
            Expr noisy = pull.minus(u.log().neg().log());
            Expr chosen =
                    noisy.equalTo(noisy.maxOver(1).reshape(chains * rows, 1)).held();
            Expr there = here.plus(chosen.times(here.times(-2).plus(1))).held().point();
            Expr forth = pull.times(chosen).sum(1).minus(pull.logSumExp(1));
            Expr back = pull(there);
            Expr home = back.times(chosen).sum(1).minus(back.logSumExp(1));
            Expr gain = log(there).minus(log(here)).plus(home).minus(forth);
            Expr coin = Expr.noise(Leaf.Source.UNIFORM, "coin", chains * rows);
            Expr taken = gain.greater(coin.log()).reshape(chains * rows, 1);
            return here.plus(taken.times(there.minus(here)));
        }

        /** Half of what flipping each unit is worth, by the slope of log f: (1/2 - h) d log f / dh. */
        private Expr pull(Expr at) {
            return Differentiation.gradient(log(at), at).times(at.neg().plus(0.5));
        }
    }

    @Override
    public String toString() {
        return "AnnealedBound on " + data.name() + ", " + chains + " chains over " + scales + " scales of " + moves
                + " moves, from " + posterior.name();
    }
}
