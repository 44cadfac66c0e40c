package org.ebvlm.bayes;

import java.util.Locale;
import org.ebvlm.training.Run;

/**
 * What the training of a sampler gave; plain numbers only.
 *
 * @param sampler with what it has learned
 * @param objective for each update, the mean over particles of the log joint density where its steps end, nats: of a few
 *     rows, so it is noisy, and without the entropy, whose value nobody knows
 * @param seconds spent
 * @param ending how it ended
 */
public record SamplerRun(LearnedSampler sampler, double[] objective, double seconds, Run.Ending ending) {
    /** Copies the numbers. */
    public SamplerRun {
        objective = objective.clone();
    }

    @Override
    public double[] objective() {
        return objective.clone();
    }

    /** How many updates were made. */
    public int updates() {
        return objective.length;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s after %,d updates in %.1f s%n  mean log joint density at the end of its steps %.4g",
                sampler,
                ending.toString().toLowerCase(Locale.ROOT).replace('_', ' '),
                objective.length,
                seconds,
                objective.length == 0 ? Double.NaN : objective[objective.length - 1]);
    }
}
