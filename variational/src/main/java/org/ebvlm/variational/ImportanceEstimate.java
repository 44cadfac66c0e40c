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
        List<Expr> weights = new ArrayList<>();
        for (int l = 0; l < particles; l++) {
            Particle draw = q.sampleAndLogProb(v);
            weights.add(model.logUnnormalised(v, draw.h()).minus(draw.logProb()).reshape(v.shape(0), 1));
        }
        return Expr.concat(1, weights).logSumExp(1).minus(Math.log(particles));
    }
}
