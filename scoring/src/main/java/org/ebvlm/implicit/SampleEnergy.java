package org.ebvlm.implicit;

import org.ebvlm.datasets.Data;

/** A score from samples that is the gradient of something: a log density up to a constant. */
public interface SampleEnergy extends SampleScore {

    /**
     * The log density up to a constant that is the same everywhere.
     *
     * @param points [m, width]
     * @return [m], in nats
     * @throws org.ebvlm.errors.ShapeException if the points are not as wide as the samples
     */
    double[] logDensity(Samples points);

    /** The same at the rows of data. */
    default double[] logDensity(Data points) {
        return logDensity(Samples.of(points));
    }
}
