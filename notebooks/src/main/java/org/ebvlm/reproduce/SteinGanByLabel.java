package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Grid;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.evaluation.Classifier;
import org.ebvlm.model.Generator;
import org.ebvlm.model.LabelledEnergy;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;

/** SteinGAN of images with their labels: a joint energy, and a sampler that is asked for images of a label. */
final class SteinGanByLabel {
    private static final int COLUMNS = 12;
    private static final int JUDGED = 50;
    private static final int LEARNED_FROM = 10_000;

    private final Account account;
    private final SteinGanSetting setting;
    private final Grid grid;
    private final Labelled train;
    private final int labels;

    SteinGanByLabel(Account account, SteinGanSetting setting, Grid grid, Labelled train) {
        this.account = account;
        this.setting = setting;
        this.grid = grid;
        this.train = train.classes();
        float most = 0;
        for (float each : this.train.labels().values()) {
            most = Math.max(most, each);
        }
        this.labels = (int) most + 1;
    }

    /** Trains both, and asks for as many samples as there are training images, or 10,000: as many of each label. */
    Labelled run(Classifier judge) {
        LabelledEnergy model = setting.labelled(
                setting.model(grid, account.noise("labelled autoencoder")), labels, account.noise("label classifier"));
        Generator sampler = setting.sampler(grid).labelsOf(train).init(account.noise("labelled sampler"));
        account.about(
                "What was done with labels",
                String.format(
                        Locale.ROOT,
                        "%s, %d labels, as often in samples as in the data. The same networks; the energy of an image and its label is the "
                                + "autoencoder's and the cross entropy of a linear layer on the encoder's features: %s.",
                        train.name(),
                        labels,
                        model));
        Training training = Training.of(model)
                .minimizing(setting.loss(sampler, SteinGanSetting.direction(model::features)))
                .on(model.rows(train))
                .with(Adam.rate(1e-3).betas(0.5, 0.999))
                .batches(Math.min(setting.batch(), train.size()));
        account.say("SteinGAN on images with labels");
        Run run = account.fit("SteinGAN with labels", training, setting.steps(), account.noise("label fit"));
        Generator fitted = run.fitted(sampler);
        account.number("gap with labels", run.history().last("gap"));
        account.picture(
                "labels.png",
                "Samples asked for by label, one label a row",
                ImageGrid.of(samples(fitted, COLUMNS, "by label").rows()).columns(COLUMNS));
        agreement(samples(fitted, JUDGED, "judged by label"), judge);
        return samples(fitted, Math.max(1, Math.min(train.size(), LEARNED_FROM) / labels), "learned from");
    }

    private Labelled samples(Generator fitted, int times, String purpose) {
        int[] asked = asked(times);
        float[] values = new float[asked.length];
        for (int i = 0; i < asked.length; i++) {
            values[i] = asked[i];
        }
        return Labelled.of(
                fitted.samples(asked, account.noise(purpose)).onGrid(grid), Data.of("labels asked for", values, 1));
    }

    /** Each label so often, in order. */
    private int[] asked(int times) {
        int[] all = new int[labels * times];
        for (int i = 0; i < all.length; i++) {
            all[i] = i / times;
        }
        return all;
    }

    /** How often a classifier of the data finds the label that was asked for. */
    private void agreement(Labelled samples, Classifier judge) {
        int[] found = judge.predictions(samples.rows());
        List<List<String>> rows = new ArrayList<>();
        int all = 0;
        for (int label = 0; label < labels; label++) {
            int right = 0;
            for (int i = label * JUDGED; i < (label + 1) * JUDGED; i++) {
                right += found[i] == samples.labels().at(i, 0) ? 1 : 0;
            }
            all += right;
            rows.add(List.of("" + label, right + " of " + JUDGED));
        }
        rows.add(List.of("all", all + " of " + samples.size()));
        account.number("label agreement", all / (double) samples.size());
        account.table(
                "Samples in which a classifier of the data finds the label asked for", List.of("label", "found"), rows);
    }
}
