package org.ebvlm.datasets;

import java.util.Optional;
import org.ebvlm.noise.Noise;

/** The density of y = (x - mean) / std, with x from another one: log p(y) = log p(x) + sum log std. */
record RescaledDensity(Density base, Scaling scaling) implements Density {
    @Override
    public String name() {
        return base.name() + ", rescaled";
    }

    @Override
    public int width() {
        return base.width();
    }

    @Override
    public double logDensity(double[] point) {
        double logVolume = 0;
        for (int j = 0; j < width(); j++) {
            logVolume += StrictMath.log(scaling.std(j));
        }
        return base.logDensity(inBaseUnits(point)) + logVolume;
    }

    @Override
    public void score(double[] point, double[] out) {
        base.score(inBaseUnits(point), out);
        for (int j = 0; j < width(); j++) {
            out[j] *= scaling.std(j);
        }
    }

    @Override
    public Data sample(int n, Noise noise) {
        return base.sample(n, noise).rescaled(scaling, "rescaled");
    }

    /** Known where all coordinates were scaled alike: the noise is then round in the units of the base, too. */
    @Override
    public Optional<Density> convolved(double std) {
        for (int j = 1; j < width(); j++) {
            if (scaling.std(j) != scaling.std(0)) {
                return Optional.empty();
            }
        }
        return base.convolved(std * scaling.std(0)).map(noised -> new RescaledDensity(noised, scaling));
    }

    private double[] inBaseUnits(double[] point) {
        double[] x = new double[width()];
        for (int j = 0; j < width(); j++) {
            x[j] = point[j] * scaling.std(j) + scaling.mean(j);
        }
        return x;
    }

    @Override
    public String toString() {
        return name();
    }
}
