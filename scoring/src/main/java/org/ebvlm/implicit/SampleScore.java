package org.ebvlm.implicit;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.sampling.Target;

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

    /**
     * The same at points that are an expression, so that it compiles with what uses it: a sampler's moves, an objective. In
     * single precision then, as compiled programs are. All fitted scores of this package know theirs.
     *
     * @param points [m, width]
     * @return [m, width]
     * @throws org.ebvlm.errors.ShapeException if the points are not as wide as the samples
     * @throws SettingException if it is not known as an expression
     */
    default Expr at(Expr points) {
        throw new SettingException(Facts.that("SampleScore.at: this score is not known as an expression")
                .expected("one that was fitted to samples")
                .butWas(this));
    }

    /**
     * Something to sample: the score alone, which is enough for {@link org.ebvlm.sampling.Langevin}. Far from the samples the
     * estimates fade to nothing, and nothing calls chains back from there; where the density itself is known, {@code
     * Target.density(...).along(score::at)} keeps to it exactly.
     */
    default Target target() {
        return Target.field("the score of samples", width(), this::at);
    }
}
