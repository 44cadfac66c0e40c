package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;
import org.junit.jupiter.api.Test;

class SampleFisherDivergenceTest {

    /** Without weights and offsets the model is N(0, I); samples of N(m, I) have divergence ||m||^2 / 2 to it. */
    private static Grbm normal() {
        Grbm model = Grbm.visible(2).hidden(1).fixedStd(1).init(Noise.seed(1));
        return model.with(model.parameters().with(new float[model.parameters().size()]));
    }

    @Test
    void itIsHalfTheSquaredDistanceOfTwoGaussians() {
        Data samples = Gaussian.isotropic(new double[] {3, -1}, 1).sample(400, Noise.seed(2));
        Measurement found = SampleFisherDivergence.against(samples).of(normal(), Noise.seed(3));
        // Half the squared error of the score, about 0.05, comes on top; its product with m averages to little.
        assertEquals(5 + 0.05, found.value(), 4 * found.standardError() + 0.3);
        assertTrue(found.standardError() < 0.2);
    }

    @Test
    void itIsSmallestForTheTruth() {
        double before = 0;
        for (double m : new double[] {0, 0.5, 1, 2}) {
            Data samples = Gaussian.isotropic(new double[] {m, 0}, 1).sample(300, Noise.seed(4));
            double found = SampleFisherDivergence.against(samples)
                    .of(normal(), Noise.seed(3))
                    .value();
            assertTrue(found > before);
            before = found;
        }
    }

    @Test
    void samplesOfAnotherWidthAreRefused() {
        Data samples = Gaussian.isotropic(new double[3], 1).sample(20, Noise.seed(4));
        assertThrows(ShapeException.class, () -> SampleFisherDivergence.against(samples)
                .of(normal(), Noise.seed(3)));
    }
}
