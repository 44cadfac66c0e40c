package org.ebvlm.stein;

import java.util.Optional;
import org.ebvlm.graph.Expr;

/** k(x, y) = x . y + 1, whose directions see the first two moments and nothing else. */
final class LinearCloseness implements Closeness {

    @Override
    public String name() {
        return "linear kernel x . y + 1";
    }

    @Override
    public boolean seesDifferencesOnly() {
        return false;
    }

    @Override
    public Optional<Expr> square(Expr features) {
        return Optional.of(Expr.constant(1));
    }

    @Override
    public Pairs pairs(Expr at, Expr from, Expr square) {
        return new Pairs() {
            @Override
            public Expr kernel() {
                return at.matmul(from, false, true).plus(1);
            }

            /** x_i (X' S) + sum over j of s_j + n x_i: no matrix of pairs. */
            @Override
            public Expr sum(Expr scores, double weight) {
                return at.matmul(from.matmul(scores, true, false))
                        .plus(scores.sumKeep(0))
                        .plus(at.times(weight * from.shape(0)));
            }

            /** grad_{x_j} (x_j . x_i + 1) = x_i. */
            @Override
            public Expr slopes() {
                int m = at.shape(0);
                int q = at.shape(1);
                return at.reshape(m, 1, q).broadcastTo(m, from.shape(0), q);
            }

            @Override
            public Pairs times(Expr weights) {
                return new WeightedPairs(at, kernel(), weights);
            }
        };
    }

    /** Pairs of which each counts as often as a matrix says, [m, n]. */
    private record WeightedPairs(Expr at, Expr plain, Expr weights) implements Pairs {
        @Override
        public Expr kernel() {
            return plain.times(weights);
        }

        /** sum over j of w_ij (k_ij s_j + x_i). */
        @Override
        public Expr sum(Expr scores, double weight) {
            return kernel().matmul(scores).plus(weights.sumKeep(1).times(at).times(weight));
        }

        @Override
        public Expr slopes() {
            int m = at.shape(0);
            return at.reshape(m, 1, at.shape(1)).times(weights.reshape(m, weights.shape(1), 1));
        }

        @Override
        public Pairs times(Expr others) {
            return new WeightedPairs(at, plain, weights.times(others));
        }
    }
}
