package org.ebvlm.implicit;

import org.ebvlm.datasets.Data;

/** A score that was estimated from samples, at them and anywhere else. Shared freely between threads. */
public interface SampleScore {

    /** Number of samples that it comes from. */
    int rows();

    /** Numbers a point. */
    int width();

    /** At the samples: row i estimates grad log q(x_i). A copy, [n, width], row-major; in nats a unit of the samples. */
    double[] atSamples();

    /**
     * At points, each treated on its own.
     *
     * @param points [m, width]
     * @return [m, width], row-major
     * @throws org.ebvlm.errors.ShapeException if the points are not as wide as the samples
     */
    double[] at(Samples points);

    /** The same at the rows of data. */
    default double[] at(Data points) {
        return at(Samples.of(points));
    }
}
