package org.ebvlm.bayes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.junit.jupiter.api.Test;

class PredictiveTest {
    /** f = u x + c; two particles, (2, 0) and (0, 0), so that p(1 | x) = (sigmoid(2 x) + 1/2) / 2. */
    private static final Data PARTICLES = Data.of("particles", new float[] {2, 0, 0, 0}, 2);

    private static Labelled rows(float[] x, float... labels) {
        return Labelled.of(Data.of("x", x, 1), Data.of("y", labels, 1));
    }

    @Test
    void probabilitiesAreAveragedAndNotLogarithms() {
        Predictive found = BayesianNetwork.inputs(1).predict(PARTICLES, rows(new float[] {1, -1, 3}, 1, 1, 0));
        double first = (1 / (1 + Math.exp(-2)) + 0.5) / 2;
        double second = (1 / (1 + Math.exp(2)) + 0.5) / 2;
        double third = 1 - (1 / (1 + Math.exp(-6)) + 0.5) / 2;
        double mean = (Math.log(first) + Math.log(second) + Math.log(third)) / 3;
        assertEquals(mean, found.logLikelihood().value(), 1e-6);
        // The first is right, the others are wrong.
        assertEquals(2 / 3.0, found.error().value(), 1e-12);
        // Of (0, 1, 1): the variance is 1/3, that of the mean 1/9.
        assertEquals(1 / 3.0, found.error().standardError(), 1e-12);
    }

    @Test
    void aClassThatIsImpossibleCountsOneInAHundredMillion() {
        Data sure = Data.of("particles", new float[] {100, 0}, 2);
        Predictive found = BayesianNetwork.inputs(1).predict(sure, rows(new float[] {1}, 0));
        assertEquals(Math.log(1e-8), found.logLikelihood().value(), 1e-9);
        assertEquals(1, found.error().value());
    }

    @Test
    void densitiesOfNumbersAreAveragedAndTheErrorIsThatOfTheMean() {
        Predictive found = BayesianNetwork.inputs(1).gaussian(0.5).predict(PARTICLES, rows(new float[] {1, 0}, 2, 3));
        double factor = 1 / (0.5 * Math.sqrt(2 * Math.PI));
        double first = factor * (1 + Math.exp(-0.5 * 16)) / 2;
        double second = factor * Math.exp(-0.5 * 36);
        assertEquals(
                (Math.log(first) + Math.log(second)) / 2, found.logLikelihood().value(), 1e-6);
        // The means are 1 and 0, the labels 2 and 3.
        assertEquals(Math.sqrt((1 + 9) / 2.0), found.error().value(), 1e-6);
    }
}
