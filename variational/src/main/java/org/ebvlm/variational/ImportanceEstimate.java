package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * An estimate of the unnormalised marginal where the integral over h has no closed form:
 *
 * <pre>log p~(v) = log E_q[ exp(-E(v, h)) / q(h | v) ]   by   log of the mean over L draws</pre>
 *
 * <p>Below the truth on average, less so for more draws and a better posterior; exact for the true posterior. Good enough
 * for a picture of a density, not for comparing models.
 */
public final class ImportanceEstimate {
    private ImportanceEstimate() {}

    /**
     * The estimate; [n], in nats, up to log Z.
     *
     * @param v [n, visible]
     * @param particles draws of h for each row
     */
    public static Expr logMarginal(EnergyModel model, Posterior q, Expr v, int particles) {
        List<Particle> draws = new ArrayList<>();
        for (int l = 0; l < particles; l++) {
            draws.add(q.sampleAndLogProb(v));
        }
        return logMarginal(model, v, draws);
    }

    /**
     * The estimate by given draws, which may come from anywhere as long as their log density is right.
     *
     * @param v [n, visible]
     * @param draws one or more for each row
     * @return [n], in nats, up to log Z
     */
    public static Expr logMarginal(EnergyModel model, Expr v, List<Particle> draws) {
        List<Expr> weights = new ArrayList<>();
        for (Particle draw : draws) {
            weights.add(model.logUnnormalised(v, draw.h()).minus(draw.logProb()).reshape(v.shape(0), 1));
        }
        return Expr.concat(1, weights).logSumExp(1).minus(Math.log(draws.size()));
    }
}
