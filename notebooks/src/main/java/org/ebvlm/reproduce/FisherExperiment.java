package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.FisherDivergence;
import org.ebvlm.scoring.ScoreEstimator;
import org.ebvlm.scoring.Vaes;
import org.ebvlm.training.Measurement;
import org.ebvlm.variational.Posteriors;

/**
 * The test bed of the learned Fisher divergence (Bao et al., 2021): data from N(0, I) of width D, a Gaussian RBM with as many
 * hidden units, s = 1, and all of W, b and c drawn from N(0, p^2). The truth is 1/2 E|| score(v) + v ||^2, by the exact score.
 */
final class FisherExperiment implements Experiment {

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public String title() {
        return "Fisher divergence by a learned critic, estimate against truth, for Gaussian data of 200 and 500 dimensions";
    }

    @Override
    public void run(Account account) {
        List<Integer> widths = account.scale().pick(List.of(5), List.of(200), List.of(200, 500), List.of(200, 500));
        int rows = account.scale().pick(600, 6_000, 20_000, 20_000);
        int steps = account.scale().pick(200, 1_000, 20_000, 20_000);
        double[] spreads =
                account.scale() == Scale.TINY ? new double[] {0, 0.4} : new double[] {0, 0.2, 0.4, 0.6, 0.8, 1};
        account.about(
                "What was done",
                "%,d rows; critics of three linear layers of width D with ELU between, %,d steps of Adam in batches of 100. "
                                .formatted(rows, steps)
                        + "The estimate of a divergence is learned once with the exact score of the model, once with VaES "
                        + "of one particle from its own posterior.");
        List<List<String>> table = new ArrayList<>();
        for (int width : widths) {
            double[] truth = new double[spreads.length];
            double[][] estimates = new double[2][spreads.length];
            double[][] errors = new double[2][spreads.length];
            for (int i = 0; i < spreads.length; i++) {
                Noise noise = account.noise("width " + width).split(i);
                Data data = normal(rows, width, noise.split("rows"));
                Grbm model = model(width, spreads[i], noise.split("model"));
                truth[i] = truth(model, data);
                for (int k = 0; k < 2; k++) {
                    Measurement measured = FisherDivergence.against(data)
                            .using(estimator(model, k))
                            .critic(Network.elu(width, width))
                            .criticSteps(steps)
                            .of(model, noise.split("critic"));
                    estimates[k][i] = measured.value();
                    errors[k][i] = measured.standardError();
                }
                table.add(List.of(
                        "" + width,
                        "" + spreads[i],
                        format(truth[i]),
                        format(estimates[0][i], errors[0][i]),
                        format(estimates[1][i], errors[1][i])));
                account.say("D = " + width + ", p = " + spreads[i] + ": truth " + format(truth[i]) + ", estimates "
                        + format(estimates[0][i]) + ", " + format(estimates[1][i]));
                account.number("truth-" + width + "-" + spreads[i], truth[i]);
                account.number("exact-" + width + "-" + spreads[i], estimates[0][i]);
                account.number("vaes-" + width + "-" + spreads[i], estimates[1][i]);
                account.number("exact-" + width + "-" + spreads[i] + "-error", errors[0][i]);
                account.number("vaes-" + width + "-" + spreads[i] + "-error", errors[1][i]);
            }
            account.picture(
                    "fisher-" + width + ".png",
                    "Fisher divergence against the spread p of the parameters, D = " + width,
                    Curves.of("truth", spreads, truth)
                            .and("learned, exact score", spreads, estimates[0], errors[0])
                            .and("learned, VaES", spreads, estimates[1], errors[1])
                            .labelled("p", "Fisher divergence"));
        }
        account.table(
                "Estimates against truth", List.of("D", "p", "truth", "learned, exact score", "learned, VaES"), table);
    }

    private static ScoreEstimator estimator(Grbm model, int kind) {
        return kind == 0 ? ExactScore.estimator() : Vaes.particles(1).posterior(Posteriors.exact(model));
    }

    private static Data normal(int rows, int width, Noise noise) {
        float[] values = new float[rows * width];
        noise.normal(values, 0, values.length);
        return Data.of("standard normal rows", values, width);
    }

    private static Grbm model(int width, double spread, Noise noise) {
        Grbm model = Grbm.visible(width).hidden(width).fixedStd(1).init(noise);
        Parameters parameters = model.parameters();
        float[] values = new float[parameters.size()];
        noise.normal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) spread;
        }
        return model.with(parameters.with(values));
    }

    /** 1/2 mean || score(v) + v ||^2 over the rows. */
    private static double truth(Grbm model, Data data) {
        float[] rows = data.values();
        float[] score = model.score(data.toArray()).dup('c').data().asFloat();
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            sum += 0.5 * (score[i] + rows[i]) * (score[i] + rows[i]);
        }
        return sum / data.rows();
    }

    /** Without an error where critics that learned nothing leave it unknown. */
    private static String format(double value, double error) {
        return format(value) + (Double.isNaN(error) ? "" : " ± " + format(error));
    }

    private static String format(double x) {
        return String.format(Locale.ROOT, Math.abs(x) < 10 ? "%.2f" : "%.1f", x);
    }
}
