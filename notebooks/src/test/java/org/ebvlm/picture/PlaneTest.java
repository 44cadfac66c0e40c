package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.implicit.SampleScore;
import org.ebvlm.implicit.Samples;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.FisherDivergence;
import org.ebvlm.scoring.GramMatrix;
import org.ebvlm.scoring.Imq;
import org.ebvlm.training.History;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class PlaneTest {
    /** Where a person looks at them; not written otherwise. */
    private static final String ALBUM = System.getProperty("ebvlm.test.album");

    private static final Energy NORMAL =
            Energy.visible(2).energy((g, v) -> g.math.square(v).sum(1).mul(0.5)).init(Noise.seed(1));

    private static Picture kept(String name, Drawing drawing) throws java.io.IOException {
        Picture picture = drawing.picture();
        if (ALBUM != null) {
            Files.createDirectories(Path.of(ALBUM));
            picture.save(Path.of(ALBUM, name + ".png"));
        }
        return picture;
    }

    /** The same picture as of the function written by hand: -v on its length |v|. */
    @Test
    void aScoreFromSamplesIsArrowsOnItsLength() throws Exception {
        SampleScore exact = new SampleScore() {
            @Override
            public int rows() {
                return 1;
            }

            @Override
            public int width() {
                return 2;
            }

            @Override
            public double[] atSamples() {
                return new double[2];
            }

            @Override
            public double[] at(Samples points) {
                return Arrays.stream(points.values()).map(x -> -x).toArray();
            }
        };
        Picture drawn = kept("sample-score", Plane.over(-2, 1, -1, 2).score(exact));
        Picture byHand = Heatmap.of(Math::hypot)
                .over(-2, 1, -1, 2)
                .cells(60)
                .valued("length of the score")
                .arrows((x, y) -> new double[] {-x, -y})
                .picture();
        assertTrue(differing(drawn, byHand) < 0.001, "rounding may move a colour by one");
    }

    /** The colours are those of the function written by hand; the middles of cells are the same. */
    @Test
    void theFreeEnergyOfANormalIsHalfTheSquare() throws Exception {
        Picture drawn = kept("free-energy", Plane.over(-2, 2, -2, 2).freeEnergy(NORMAL));
        Picture byHand = Heatmap.of((x, y) -> (float) (0.5 * (x * x + y * y)))
                .over(-2, 2, -2, 2)
                .valued("free energy (nats)")
                .picture();
        assertTrue(differing(drawn, byHand) < 0.001, "rounding may move a colour by one");
    }

    private static double differing(Picture a, Picture b) {
        assertEquals(a.width(), b.width());
        assertEquals(a.height(), b.height());
        var one = a.image();
        var other = b.image();
        int far = 0;
        for (int y = 0; y < a.height(); y++) {
            for (int x = 0; x < a.width(); x++) {
                far += distance(one.getRGB(x, y), other.getRGB(x, y)) > 6 ? 1 : 0;
            }
        }
        return (double) far / a.width() / a.height();
    }

    private static int distance(int a, int b) {
        int most = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            most = Math.max(most, Math.abs((a >> shift & 255) - (b >> shift & 255)));
        }
        return most;
    }

    /** An off-centre energy on a rectangle of unequal sides: a swapped axis or a flipped line would show. */
    @Test
    void theHighestDensityIsOneAndStandsWhereTheEnergyIsLowest() throws Exception {
        Energy aside = Energy.visible(2)
                .energy((g, v) -> {
                    var x = v.get(
                            org.nd4j.autodiff.samediff.SDIndex.all(), org.nd4j.autodiff.samediff.SDIndex.point(0));
                    var y = v.get(
                            org.nd4j.autodiff.samediff.SDIndex.all(), org.nd4j.autodiff.samediff.SDIndex.point(1));
                    return g.math.square(x.sub(1)).add(g.math.square(y.add(0.5)).mul(2));
                })
                .init(Noise.seed(1));
        Picture drawn = kept("aside", Plane.over(-2, 3, -1, 1.5).density(aside));
        Picture byHand = Heatmap.of((x, y) -> Math.exp(-(x - 1) * (x - 1) - 2 * (y + 0.5) * (y + 0.5)))
                .over(-2, 3, -1, 1.5)
                .valued("density, highest = 1")
                .picture();
        assertTrue(differing(drawn, byHand) < 0.02, "cells of a rectangle are not quite those of its square");
    }

    @Test
    void aDensityWithKnownLogZIsNormalised() {
        Grbm grbm = Grbm.visible(2).hidden(3).init(Noise.seed(3));
        double logZ = LogLikelihood.on(Datasets.checkerboard(10, Noise.seed(1)))
                .logPartition(grbm, Noise.seed(1))
                .value();
        Heatmap drawn = Plane.over(-4, 4, -4, 4).density(grbm);
        Heatmap byHand = Heatmap.ofRows(rows -> {
                    float[] free = grbm.freeEnergy(org.nd4j.linalg.factory.Nd4j.createFromArray(rows)
                                    .reshape(rows.length / 2, 2))
                            .data()
                            .asFloat();
                    for (int i = 0; i < free.length; i++) {
                        free[i] = (float) Math.exp(-free[i] - logZ);
                    }
                    return free;
                })
                .over(-4, 4, -4, 4)
                .valued("density");
        assertTrue(differing(drawn.picture(), byHand.picture()) < 0.001);
    }

    @Test
    void everyPictureOfATrainingInOneCall() throws Exception {
        var data = Datasets.checkerboard(2000, Noise.seed(1)).split(0.8, Noise.seed(2));
        Run run = Training.of(Grbm.visible(2).hidden(4).init(Noise.seed(7)))
                .minimizing(Dsm.noiseStd(0.1).using(ExactScore.estimator()))
                .on(data.train())
                .steps(3000)
                .every(500, FisherDivergence.against(data.test()).criticSteps(200))
                .fit(Noise.seed(1));
        Data samples = BlockGibbs.sweeps(100).sample(run.model(), 300, Noise.seed(2));
        Plane plane = Plane.around(data.test());
        kept("density-samples", plane.density(run.model()).points(samples.values()));
        kept("score", plane.score(run.model()));
        kept("data-density", plane.density(data.test().density().orElseThrow()));
        kept("fisher", HistoryCurves.of(run.history(), "fisherDivergence"));
        kept("all", HistoryCurves.all(run.history()).orElseThrow());
        Data few = data.test().take(80);
        kept("gram", Heatmap.of(GramMatrix.of(Imq.bandwidth(0.2), few)));
        kept("stein", Heatmap.of(GramMatrix.stein(Imq.bandwidth(0.2), few, run.model())));
        kept("images", ImageGrid.of(Datasets.glyphs(12, 40, Noise.seed(1))));
        assertTrue(HistoryCurves.drawable(run.history()).contains("fisherDivergence"));
    }

    @Test
    void aModelWithoutAFreeEnergyIsDrawnByAPosterior() throws Exception {
        LatentEnergy mine = LatentEnergy.visible(2)
                .continuous(2)
                .weight("W", 2, 2)
                .energy((g, v, h) -> g.math.square(h.sub(v.mmul(g.getVariable("W"))))
                        .sum(1)
                        .add(g.math.square(v).sum(1))
                        .mul(0.5))
                .init(Noise.seed(3));
        var q = Posteriors.gaussian(mine).fittedBy(PosteriorFisher.innerSteps(5));
        Plane plane = Plane.over(-3, 3, -3, 3);
        assertThrows(SettingException.class, () -> plane.density(mine));
        Heatmap drawn = plane.by(q, Noise.seed(1)).density(mine);
        kept("estimated", drawn);
        assertTrue(drawn.toString().contains("[-3.0, 3.0]"), drawn.toString());
    }

    @Test
    void whatIsNotPlaneIsRefused() {
        Grbm wide = Grbm.visible(3).hidden(2).init(Noise.seed(1));
        ShapeException error =
                assertThrows(ShapeException.class, () -> Plane.over(0, 1, 0, 1).density(wide));
        assertTrue(error.getMessage().contains("2 visible units"), error.getMessage());
        assertThrows(ShapeException.class, () -> ImageGrid.of(Datasets.checkerboard(10, Noise.seed(1))));
        assertThrows(SettingException.class, () -> HistoryCurves.of(new History(), "objective"));
    }
}
