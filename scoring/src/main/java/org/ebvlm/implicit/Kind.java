package org.ebvlm.implicit;

import org.ebvlm.scoring.Kernel;

/** Which fields an estimator looks among, and so what comes out of it. */
abstract class Kind<S extends SampleScore> {
    private final String prefix;

    private Kind(String prefix) {
        this.prefix = prefix;
    }

    abstract Field field(Frame frame);

    /** s(y) = Gamma(y, X) c + a zeta(y), with what it is at the samples. */
    abstract S score(String what, Field field, double[] atSamples, double[] c, double a);

    final String name(Kernel kernel) {
        return prefix + kernel.name();
    }

    /** Each coordinate by itself. */
    static final Kind<SampleScore> DIAGONAL = new Kind<>("") {
        @Override
        Field field(Frame frame) {
            return new Field.Diagonal(frame);
        }

        @Override
        SampleScore score(String what, Field field, double[] atSamples, double[] c, double a) {
            return new Expansion(what, field, atSamples, c, a);
        }
    };

    /** Gradients. */
    static final Kind<SampleEnergy> CURL_FREE = new Kind<>("curl-free ") {
        @Override
        Field field(Frame frame) {
            return new Field.CurlFree(frame);
        }

        @Override
        SampleEnergy score(String what, Field field, double[] atSamples, double[] c, double a) {
            return new CurlFreeExpansion(what, (Field.CurlFree) field, atSamples, c, a);
        }
    };
}
