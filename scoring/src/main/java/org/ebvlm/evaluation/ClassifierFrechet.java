package org.ebvlm.evaluation;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.training.Measurement;

/**
 * The squared Fréchet distance of Gaussians fitted to the features of two sets of images,
 *
 * <pre>|m1 - m2|^2 + tr( S1 + S2 - 2 (S1 S2)^(1/2) ),</pre>
 *
 * <p>with the features of a {@link Classifier} that was trained here (form of Heusel et al., 2017, equation 6). <b>It is not the
 * FID</b>, whose features are those of a network trained on ImageNet, and no number of one can be put beside a number of the
 * other, nor beside one of another classifier.
 *
 * <p>Estimated moments make it too large, by the order of features / n: it is positive even for two halves of the same data. So
 * compare equal numbers of images, thousands of them, and give the distance between two real sets beside it. Its standard
 * error is not known, and is given as NaN.
 */
public final class ClassifierFrechet {
    private final Classifier judge;
    private final Moments real;
    private final String against;

    private ClassifierFrechet(Classifier judge, Moments real, String against) {
        this.judge = judge;
        this.real = real;
        this.against = against;
    }

    /** To these images, usually real ones that no model was trained on. */
    public static ClassifierFrechet against(Data images, Classifier judge) {
        return new ClassifierFrechet(judge, Moments.of(judge.features(images)), images.name());
    }

    /** Of these images, usually samples. */
    public Measurement of(Data images) {
        return new Measurement("classifierFrechet", real.frechet(Moments.of(judge.features(images))), Double.NaN);
    }

    /**
     * The squared Fréchet distance of Gaussians fitted to rows as they are, without a classifier.
     *
     * @param first [n, width]
     * @param second [m, width]
     */
    public static double between(Data first, Data second) {
        if (first.width() != second.width()) {
            throw new ShapeException(Facts.that("ClassifierFrechet.between: rows of different widths")
                    .expected("[m, " + first.width() + "]")
                    .butWas("[" + second.rows() + ", " + second.width() + "]"));
        }
        return Moments.of(first).frechet(Moments.of(second));
    }

    @Override
    public String toString() {
        return "ClassifierFrechet against " + against + " by " + judge.features() + " features";
    }
}
