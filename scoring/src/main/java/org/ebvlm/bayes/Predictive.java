package org.ebvlm.bayes;

import java.util.Locale;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.math.LogSumExp;
import org.ebvlm.training.Measurement;

/**
 * How well weights, taken together, predict labels: with p(label | x) the mean over the particles of p(label | x, theta_k),
 *
 * @param logLikelihood the mean over rows of log p(label | x), nats, with its standard error over rows; p is taken to be
 *     1e-8 at least where labels are classes
 * @param error of two classes the share of rows whose other class is the likelier one; of numbers the root mean squared
 *     distance of the label from the mean prediction. With its standard error over rows
 */
public record Predictive(Measurement logLikelihood, Measurement error) {
    private static final double LEAST = 1e-8;

    /** Of outputs [particles, rows]; a noise of zero is for two classes. */
    static Predictive of(float[] outputs, int particles, Labelled data, double noiseStd) {
        int n = data.size();
        double[] logs = new double[n];
        double[] losses = new double[n];
        double[] f = new double[particles];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < particles; k++) {
                f[k] = outputs[k * n + i];
            }
            double label = data.labels().at(i, 0);
            if (noiseStd == 0) {
                double one = meanOfSigmoids(f);
                logs[i] = Math.log(Math.max(LEAST, label == 1 ? one : 1 - one));
                losses[i] = one > 0.5 == (label == 1) ? 0 : 1;
            } else {
                double gap = label - mean(f);
                logs[i] = logDensity(f, label, noiseStd);
                losses[i] = gap * gap;
            }
        }
        return new Predictive(measured("logLikelihood", logs), error(measured("error", losses), noiseStd > 0));
    }

    private static double meanOfSigmoids(double[] f) {
        double sum = 0;
        for (double each : f) {
            sum += 1 / (1 + Math.exp(-each));
        }
        return sum / f.length;
    }

    /** log 1/K sum over k of N(label; f_k, noise^2). */
    private static double logDensity(double[] f, double label, double noiseStd) {
        double[] logs = new double[f.length];
        for (int k = 0; k < f.length; k++) {
            double gap = (label - f[k]) / noiseStd;
            logs[k] = -0.5 * gap * gap;
        }
        return LogSumExp.of(logs) - Math.log(f.length * noiseStd * Math.sqrt(2 * Math.PI));
    }

    /** A share as it is; of squares the root, and by its slope the error. */
    private static Measurement error(Measurement mean, boolean ofSquares) {
        double root = Math.sqrt(mean.value());
        return ofSquares ? new Measurement(mean.name(), root, root == 0 ? 0 : mean.standardError() / (2 * root)) : mean;
    }

    private static Measurement measured(String name, double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double error = values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length * (values.length - 1.0)));
        return new Measurement(name, mean, error);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "log likelihood %.3f ± %.3f, error %.3f ± %.3f",
                logLikelihood.value(),
                logLikelihood.standardError(),
                error.value(),
                error.standardError());
    }
}
