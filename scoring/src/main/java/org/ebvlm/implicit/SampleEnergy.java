package org.ebvlm.implicit;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.sampling.Target;

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

    /**
     * The same at points that are an expression.
     *
     * @param points [m, width]
     * @return [m], in nats
     * @throws org.ebvlm.errors.ShapeException if the points are not as wide as the samples
     * @throws SettingException if it is not known as an expression
     */
    default Expr logDensity(Expr points) {
        throw new SettingException(Facts.that("SampleEnergy.logDensity: this log density is not known as an expression")
                .expected("one that was fitted to samples")
                .butWas(this));
    }

    /**
     * Something to sample: the estimated density, by which samplers may accept and reject. Only that of {@link Kde} surely has
     * a finite integral; others are flat far from the samples, where long chains get lost.
     */
    @Override
    default Target target() {
        return Target.density("the density of samples", width(), this::logDensity)
                .along(this::at);
    }
}
