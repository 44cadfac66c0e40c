package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Bi-level sliced score matching (Bao et al., 2020): the loss of sliced score matching (Song et al., 2019) on the bi-level
 * score,
 *
 * <pre>
 * J = E[ 1/2 || s ||^2 + u . (ds/dv) u ],   s = grad_v log( p~(v, h) / q(h | v) ),   u Rademacher
 * </pre>
 *
 * <p>with h drawn from q and fixed in both derivatives by v; see {@link Bism} for the rest. The value is the Fisher divergence
 * to the data up to a constant, for a q near the model's posterior, and may be negative. No noise is added to the data: where
 * they lie on a few values or a thin sheet the loss has no minimum, and {@link Dsm} is the one to take. Cost: one more derivative
 * than BiDSM.
 */
public final class BiSsm implements Objective {
    private final Bism estimator;

    private BiSsm(Bism estimator) {
        this.estimator = estimator;
    }

    /** By this bi-level estimate. */
    public static BiSsm using(Bism how) {
        return new BiSsm(how);
    }

    @Override
    public String name() {
        return "SSM by " + estimator.name();
    }

    @Override
    public List<Parameters> parameters() {
        return estimator.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        List<Phase> phases = new ArrayList<>(estimator.innerPhases(model, batch));
        Bism.Ratio ratio = estimator.ratio(model, batch, Expr.constant(1, batch.shape(0)));
        Expr u = Expr.noise(Leaf.Source.RADEMACHER, "probe", batch.shape());
        Expr score = Differentiation.gradient(ratio.log(), ratio.v());
        // u . (ds/dv) u, the second derivative of the log ratio along u
        Expr slope = Differentiation.jvp(ratio.log(), ratio.v(), u);
        Expr curvature = Differentiation.jvp(slope, ratio.v(), u);
        Expr loss = score.square().sum(1).times(0.5).plus(curvature).mean();
        phases.add(Phase.of("objective", model, loss, loss));
        return phases;
    }

    @Override
    public String toString() {
        return name();
    }
}
