package org.ebvlm.sampling;

import java.util.function.Consumer;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** What a gradient sampler has been told. A sampler never changes its own: each adjective makes a changed copy. */
final class Settings {
    final String sampler;
    final int steps;
    /** Null: the sampler's own rule. */
    Integer warmup;

    int thin = 1;
    Origin origin = Origin.around(0);
    /** Null: adapted in the warm-up. */
    Double stepSize;
    /** Null: the sampler's own. */
    Double acceptance;

    int leaps = 1;
    boolean scaling;
    /** Null: falling if the chains begin at noise, else one. */
    Temperatures temperatures;
    /** Null: the step size. */
    Double spread;

    double denoising;
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;

    private Settings(String sampler, int steps) {
        this.sampler = sampler;
        this.steps = steps;
    }

    static Settings of(String sampler, int steps) {
        return new Settings(sampler, atLeast(1, sampler + ".steps", steps));
    }

    /** A copy with a change. */
    Settings with(Consumer<Settings> change) {
        Settings copy = new Settings(sampler, steps);
        copy.warmup = warmup;
        copy.thin = thin;
        copy.origin = origin;
        copy.stepSize = stepSize;
        copy.acceptance = acceptance;
        copy.leaps = leaps;
        copy.scaling = scaling;
        copy.temperatures = temperatures;
        copy.spread = spread;
        copy.denoising = denoising;
        copy.low = low;
        copy.high = high;
        change.accept(copy);
        return copy;
    }

    /** Steps of the warm-up, where it has been left open. */
    int warmup(int otherwise) {
        return warmup == null ? otherwise : warmup;
    }

    static int atLeast(int least, String what, int number) {
        if (number < least) {
            throw new SettingException(
                    Facts.that(what + ": too few").expected(least + " or more").butWas(number));
        }
        return number;
    }

    static double positive(String what, double size) {
        if (!(size > 0 && size < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that(what + ": not a size")
                    .expected("a positive number")
                    .butWas(size));
        }
        return size;
    }
}
