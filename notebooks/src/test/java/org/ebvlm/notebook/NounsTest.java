package org.ebvlm.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.evaluation.Classifier;
import org.ebvlm.evaluation.ClassifierFrechet;
import org.ebvlm.evaluation.ClassifierScore;
import org.ebvlm.evaluation.Inpainting;
import org.ebvlm.likelihood.Ais;
import org.ebvlm.likelihood.HamiltonianAis;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.model.Activation;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.ConvEnergy;
import org.ebvlm.model.DeepBoltzmann;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.AuditCurves;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.Heatmap;
import org.ebvlm.picture.HistoryCurves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.picture.Plane;
import org.ebvlm.picture.Scatter;
import org.ebvlm.sampling.Ancestral;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.sampling.Hmc;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Mala;
import org.ebvlm.sampling.Target;
import org.ebvlm.scoring.BiSsm;
import org.ebvlm.scoring.Bism;
import org.ebvlm.scoring.Cd;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.EstimatorAudit;
import org.ebvlm.scoring.ExactFisherDivergence;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.FdSsm;
import org.ebvlm.scoring.FisherDivergence;
import org.ebvlm.scoring.FisherObjective;
import org.ebvlm.scoring.GramMatrix;
import org.ebvlm.scoring.ImportanceScore;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.KernelSteinDiscrepancy;
import org.ebvlm.scoring.Ksd;
import org.ebvlm.scoring.MaximumLikelihood;
import org.ebvlm.scoring.Mdsm;
import org.ebvlm.scoring.Nce;
import org.ebvlm.scoring.NoiseGrid;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.scoring.Ssm;
import org.ebvlm.scoring.SteinStatistic;
import org.ebvlm.scoring.SteinTest;
import org.ebvlm.scoring.Vaes;
import org.ebvlm.scoring.Vages;
import org.ebvlm.scoring.Vnce;
import org.ebvlm.training.Adam;
import org.ebvlm.training.EarlyStopping;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.HiddenLangevin;
import org.ebvlm.variational.ImportanceBound;
import org.ebvlm.variational.NegativeElbo;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.PosteriorGap;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

/** What a cell shows of the words of this toolkit: a noun in one line, a result in at most five. */
class NounsTest {
    private static final Data DATA = Datasets.checkerboard(500, Noise.seed(1));
    private static final Data IMAGES = Datasets.glyphs(8, 20, Noise.seed(1));
    private static final Grbm GRBM = Grbm.visible(2).hidden(4).init(Noise.seed(7));
    private static final Vae VAE = Vae.visible(2).hidden(2).init(Noise.seed(7));
    private static final LatentEnergy MINE = LatentEnergy.visible(2)
            .continuous(3)
            .weight("W", 2, 3)
            .energy((g, v, h) -> g.math.square(h.sub(v.mmul(g.getVariable("W"))))
                    .sum(1)
                    .add(g.math.square(v).sum(1)))
            .init(Noise.seed(7));

    private static Stream<Object> nouns() {
        var q = Posteriors.bernoulli(GRBM).fittedBy(Elbo.innerSteps(5));
        var r = Posteriors.gaussian(MINE).fittedBy(PosteriorFisher.innerSteps(5));
        var loss = Dsm.noiseStd(0.05).using(Vages.particles(2).posterior(q));
        return Stream.of(
                DATA,
                IMAGES,
                DATA.standardized(),
                DATA.split(0.9, Noise.seed(1)),
                DATA.split(0.8, 0.1, Noise.seed(1)),
                DATA.noised(0.1, Noise.seed(1)),
                DATA.provenance(),
                DATA.density().orElseThrow(),
                DATA.standardized().scaling().orElseThrow(),
                DATA.noised(0.1, Noise.seed(1)).density().orElseThrow(),
                Datasets.eightGaussians(10, Noise.seed(1)).density().orElseThrow(),
                DATA.batches(10, Noise.seed(1)),
                Grid.grey(8, 8),
                Noise.seed(7),
                GRBM,
                GRBM.parameters(),
                BernoulliRbm.visible(4).hidden(3).init(Noise.seed(1)),
                DeepBoltzmann.visible(4).hidden(3, 2).init(Noise.seed(1)),
                MlpEnergy.visible(2).init(Noise.seed(1)),
                ConvEnergy.images(new Grid(8, 8, 1)).init(Noise.seed(1)),
                VAE,
                MINE,
                Energy.visible(2).energy((g, v) -> g.math.square(v).sum(1)).init(Noise.seed(1)),
                Network.elu(4, 4),
                Activation.ELU,
                Posteriors.exact(GRBM),
                q,
                r,
                Posteriors.refined(MINE, r, HiddenLangevin.steps(5)),
                HiddenLangevin.steps(5),
                Elbo.innerSteps(5),
                PosteriorFisher.innerSteps(5),
                ExactScore.estimator(),
                Vages.particles(2).posterior(q),
                Bism.posterior(q).unrolled(5, 0.1),
                ImportanceScore.particles(5),
                Vaes.particles(5).posterior(q),
                loss,
                Mdsm.noise(NoiseGrid.geometric(0.1, 3)).using(Vages.particles(2).posterior(q)),
                NoiseGrid.geometric(0.1, 3),
                FdSsm.projections(1).using(ExactScore.estimator()),
                Ksd.kernel(Imq.medianHeuristic()).using(ExactScore.estimator()),
                FisherObjective.innerSteps(5).using(ExactScore.estimator()),
                Ssm.projections(1),
                BiSsm.using(Bism.posterior(q)),
                Cd.steps(1),
                Cd.steps(1).persistent(),
                MaximumLikelihood.exact(),
                Nce.fittedNoise(),
                Vnce.posterior(q),
                NegativeElbo.posterior(Posteriors.gaussian(VAE)),
                Imq.bandwidth(1),
                Rbf.medianHeuristic(),
                Adam.rate(1e-3),
                EarlyStopping.highest("logLikelihood", 3),
                Training.of(GRBM).minimizing(loss).on(DATA),
                Snapshot.of(GRBM, Noise.seed(1)),
                BlockGibbs.sweeps(200),
                Langevin.steps(2000),
                Mala.steps(500),
                Hmc.steps(500),
                Ancestral.sampler(),
                Target.of(GRBM),
                Target.hidden(MINE, DATA),
                LogLikelihood.on(DATA),
                Ais.standard(),
                HamiltonianAis.standard().from(DATA),
                ImportanceBound.on(DATA).posterior(Posteriors.gaussian(VAE)),
                FisherDivergence.against(DATA),
                ExactFisherDivergence.against(DATA.noised(0.05, Noise.seed(3))),
                KernelSteinDiscrepancy.against(DATA),
                SteinTest.kernel(Imq.medianHeuristic()),
                PosteriorGap.kl(q).on(DATA),
                EstimatorAudit.of(GRBM).on(DATA),
                Classifier.training(),
                Inpainting.of(DATA),
                GramMatrix.of(Imq.bandwidth(1), DATA.take(5)),
                Curves.of("y", new double[] {1, 2}, new double[] {1, 2}),
                Heatmap.of((x, y) -> x).over(0, 1, 0, 1),
                Plane.over(0, 1, 0, 1),
                Scatter.of("data", DATA.values()),
                ImageGrid.of(IMAGES),
                ImageGrid.of(IMAGES).picture());
    }

    private static Stream<Object> results() {
        var q = Posteriors.bernoulli(GRBM).fittedBy(Elbo.innerSteps(5));
        Run run = Training.of(GRBM)
                .minimizing(Dsm.noiseStd(0.05).using(ExactScore.estimator()))
                .on(DATA)
                .steps(20)
                .every(10, LogLikelihood.on(DATA))
                .fit(Noise.seed(1));
        var audit = EstimatorAudit.of(GRBM)
                .on(DATA)
                .posterior(q)
                .minimizing(Dsm.noiseStd(0.05)::using)
                .particles(2, 3, 5)
                .innerSteps(0, 2, 4)
                .repeats(40)
                .rows(10)
                .measure(Noise.seed(1));
        Classifier judge = Classifier.training()
                .steps(2)
                .fit(
                        IMAGES,
                        Data.of("labels", new float[] {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 1),
                        Noise.seed(1));
        Noise noise = Noise.seed(1);
        return Stream.of(
                run,
                run.history(),
                HistoryCurves.of(run.history(), "logLikelihood"),
                audit,
                audit.rows().get(0),
                audit.rows().get(0).score(),
                AuditCurves.scoreBias(audit),
                judge,
                ClassifierScore.by(judge),
                ClassifierFrechet.against(IMAGES, judge),
                ClassifierScore.by(judge).of(IMAGES),
                Hmc.steps(5).draw(GRBM, 4, noise),
                BlockGibbs.sweeps(5).sample(GRBM, 4, noise),
                LogLikelihood.on(DATA).measure(Snapshot.of(GRBM, noise)),
                LogLikelihood.on(DATA).interval(Snapshot.of(GRBM, noise)),
                LogLikelihood.on(DATA).logPartition(GRBM, noise),
                Ais.standard().scales(5).of(GRBM, noise),
                HamiltonianAis.standard().scales(5).of(Target.visible(GRBM), noise),
                FisherDivergence.against(DATA).criticSteps(20).estimate(Snapshot.of(GRBM, noise)),
                KernelSteinDiscrepancy.against(DATA).of(GRBM, noise),
                KernelSteinDiscrepancy.against(DATA).test(GRBM, noise),
                SteinStatistic.of(
                        Imq.bandwidth(1),
                        DATA,
                        DATA.noised(0.1, noise).density().orElseThrow()),
                PosteriorGap.kl(q).on(DATA).of(GRBM, noise));
    }

    @Test
    void nounsSayWhatTheyAreInOneLine() {
        assertAll(nouns().map(noun -> () -> check(noun, 1)));
    }

    @Test
    void resultsSayWhatTheyHoldInAtMostFiveLines() {
        assertAll(results().map(result -> () -> check(result, 5)));
    }

    private static void check(Object thing, int lines) {
        String text = thing.toString();
        if (Boolean.getBoolean("ebvlm.test.nouns")) {
            System.err.println(thing.getClass().getSimpleName() + ": " + text);
        }
        String whose = thing.getClass().getName() + " shows as\n" + text;
        assertFalse(text.isBlank(), whose);
        assertFalse(text.contains("@") || text.contains("$$Lambda"), whose);
        assertFalse(text.matches("(?s)\\w+\\[\\w+=.*"), "a record's default: " + whose);
        assertTrue(text.lines().count() <= lines, whose);
        for (String line : List.of(text.split("\n"))) {
            assertTrue(line.length() <= 250, whose);
        }
    }
}
