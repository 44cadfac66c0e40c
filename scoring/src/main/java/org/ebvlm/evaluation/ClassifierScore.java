package org.ebvlm.evaluation;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.training.Measurement;

/**
 * How clearly images belong to classes, and to how many,
 *
 * <pre>exp E KL( p(y | x) || p(y) ),   p(y) = E p(y | x),</pre>
 *
 * <p>by a {@link Classifier} that was trained here: from 1 to the number of classes (form of Salimans et al., 2016). <b>It is
 * not the inception score</b>, whose classes are those of ImageNet. It knows nothing of the data: one perfect image of each
 * class has the highest value. Few images make it too small. The published word score has nothing to do with that of a model,
 * the gradient of log p(v).
 */
public final class ClassifierScore {
    private final Classifier judge;
    private final int splits;

    private ClassifierScore(Classifier judge, int splits) {
        this.judge = judge;
        this.splits = splits;
    }

    /** Judged by this classifier, in ten splits unless said otherwise. */
    public static ClassifierScore by(Classifier judge) {
        return new ClassifierScore(judge, 10);
    }

    /** The number of parts, in order, that are scored by themselves; the value is their mean. */
    public ClassifierScore splits(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("ClassifierScore.splits: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new ClassifierScore(judge, number);
    }

    /** Of these images; the standard error is that of the mean over splits, NaN for one split. */
    public Measurement of(Data images) {
        return of(judge.probabilities(images), splits);
    }

    /** Of given p(y | x), [n, classes]. */
    static Measurement of(Data probabilities, int splits) {
        int n = probabilities.rows();
        if (n < splits) {
            throw new SettingException(Facts.that("ClassifierScore: fewer images than splits")
                    .expected(splits + " images or more")
                    .butWas(n));
        }
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < splits; k++) {
            double score = score(probabilities, (int) ((long) k * n / splits), (int) ((k + 1L) * n / splits));
            sum += score;
            squares += score * score;
        }
        double mean = sum / splits;
        double variance = Math.max(0, squares / splits - mean * mean);
        double error = splits == 1 ? Double.NaN : Math.sqrt(variance / (splits - 1));
        return new Measurement("classifierScore", mean, error);
    }

    /** exp of the mean over rows of sum over y of p(y | x) (log p(y | x) - log p(y)). */
    private static double score(Data p, int from, int to) {
        double[] mean = new double[p.width()];
        double entropies = 0;
        for (int i = from; i < to; i++) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += p.at(i, c) / (double) (to - from);
                entropies += timesLog(p.at(i, c)) / (to - from);
            }
        }
        double ofMean = 0;
        for (double each : mean) {
            ofMean += timesLog(each);
        }
        return Math.exp(entropies - ofMean);
    }

    private static double timesLog(double p) {
        return p > 0 ? p * Math.log(p) : 0;
    }

    @Override
    public String toString() {
        return "ClassifierScore in " + splits + " splits";
    }
}
