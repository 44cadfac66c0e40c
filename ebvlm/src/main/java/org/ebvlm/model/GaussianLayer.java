package org.ebvlm.model;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Independent real units, x = m + e^s noise, of which the code has m and s or, with a fixed standard deviation, m alone. */
public final class GaussianLayer implements Layer {
    private static final double HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

    private final int units;
    private final Double fixedStd;

    GaussianLayer(int units, Double fixedStd) {
        this.units = units;
        this.fixedStd = fixedStd;
    }

    /** Fixes the standard deviation of all units; the code is then the means alone, and for a layer of v it must be so. */
    public GaussianLayer fixedStd(double std) {
        if (!(std > 0) || std == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("GaussianLayer.fixedStd: not a standard deviation")
                    .expected("a positive number")
                    .butWas(std));
        }
        return new GaussianLayer(units, std);
    }

    boolean hasFixedStd() {
        return fixedStd != null;
    }

    @Override
    public int units() {
        return units;
    }

    @Override
    public int numbers() {
        return fixedStd == null ? 2 * units : units;
    }

    @Override
    public Latents kind() {
        return Latents.CONTINUOUS;
    }

    @Override
    public Expr mean(Expr code) {
        return code.slice(1, 0, units);
    }

    private Expr logStd(Expr code) {
        return fixedStd == null ? code.slice(1, units, units) : Expr.constant(Math.log(fixedStd), code.shape(0), units);
    }

    /** sum of -1/2 ((x - m) / e^s)^2 - s - 1/2 log 2 pi. */
    @Override
    public Expr logProb(Expr x, Expr code) {
        Expr logStd = logStd(code);
        Expr scaled = x.minus(mean(code)).times(logStd.neg().exp());
        return scaled.square().times(-0.5).minus(logStd).minus(HALF_LOG_2PI).sum(1);
    }

    @Override
    public Expr draw(Expr code) {
        Expr mean = mean(code);
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", mean.shape());
        return mean.plus(logStd(code).exp().times(e));
    }

    @Override
    public Expr drawGivenMean(Expr mean) {
        if (fixedStd == null) {
            throw new SettingException(Facts.that("GaussianLayer: the mean alone does not say how far to draw from it")
                    .expected("a layer with fixedStd(...)")
                    .butWas(this));
        }
        return draw(mean);
    }

    @Override
    public Expr relaxed(Expr code, double temperature) {
        return draw(code);
    }

    @Override
    public Expr straightThrough(Expr code) {
        return draw(code);
    }

    @Override
    public SDVariable logProb(SameDiff graph, SDVariable x, SDVariable code) {
        if (fixedStd != null) {
            SDVariable scaled = x.sub(code).div(fixedStd);
            return graph.math.square(scaled).mul(-0.5).sum(1).sub(units * (Math.log(fixedStd) + HALF_LOG_2PI));
        }
        SDVariable mean = code.get(SDIndex.all(), SDIndex.interval(0, units));
        SDVariable logStd = code.get(SDIndex.all(), SDIndex.interval(units, 2 * units));
        SDVariable scaled = x.sub(mean).mul(graph.math.exp(logStd.neg()));
        return graph.math.square(scaled).mul(-0.5).sub(logStd).sum(1).sub(units * HALF_LOG_2PI);
    }

    @Override
    public SDVariable plusStandard(SDVariable log, SDVariable x) {
        double std = fixedStd == null ? 1 : fixedStd;
        return log.sub(x.mul(x).sum(1).mul(0.5 / (std * std))).sub(units * (Math.log(std) + HALF_LOG_2PI));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GaussianLayer layer && layer.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return "gaussian " + units + (fixedStd == null ? "" : " std " + fixedStd);
    }
}
