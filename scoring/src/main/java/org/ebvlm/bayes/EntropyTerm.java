package org.ebvlm.bayes;

import org.ebvlm.graph.Expr;
import org.ebvlm.implicit.EntropyGradient;

/**
 * What keeps a sampler that is being trained from falling to a mode: an estimate, from a batch of its samples alone, of
 * their score, and by it of the gradient of their entropy. {@link EntropyGradient} is one (Stein); {@link KdeEntropy} and
 * {@link ScoreMatchingEntropy} are its rivals, and {@link #none} leaves the entropy out.
 */
public interface EntropyTerm {

    /** What reports call it. */
    String name();

    /**
     * The estimate of the score at the samples; no derivative flows through it.
     *
     * @param x samples [n, width]
     * @return [n, width]
     */
    Expr score(Expr x);

    /** By the Stein gradient estimator. */
    static EntropyTerm stein(EntropyGradient how) {
        return new EntropyTerm() {
            @Override
            public String name() {
                return "Stein";
            }

            @Override
            public Expr score(Expr x) {
                return how.score(x);
            }

            @Override
            public String toString() {
                return how.toString();
            }
        };
    }

    /** Without entropy: what is trained goes up the log density alone, as to a mode (MAP). */
    static EntropyTerm none() {
        return new EntropyTerm() {
            @Override
            public String name() {
                return "no entropy";
            }

            @Override
            public Expr score(Expr x) {
                return x.filled(0);
            }

            @Override
            public String toString() {
                return name();
            }
        };
    }
}
