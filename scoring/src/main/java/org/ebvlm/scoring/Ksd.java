package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * The squared kernel Stein discrepancy between data and model as an objective (Liu, Lee and Jordan, 2016; Chwialkowski,
 * Strathmann and Gretton, 2016),
 *
 * <pre>
 * KSD^2 = E u(v, v'),   u = k s . s' + s . grad_v' k + s' . grad_v k + tr grad_v grad_v' k,   s the model's score
 * dKSD^2/dtheta = 2 E ( k s(v) + grad_v k ) . d/dtheta s(v')
 * </pre>
 *
 * by the U-statistic over all pairs of the batch, which is unbiased. {@link #paired} is the published code's form: the
 * first half of the batch against the second, row by row, with the factor 2 dropped; cheaper and far noisier.
 *
 * <p>No noise is added to the data. In many dimensions a kernel of one bandwidth sees little: prefer {@link Dsm} there.
 */
public final class Ksd implements Objective {
    private final Kernel kernel;
    private final Estimator estimator;
    private final boolean paired;

    private Ksd(Kernel kernel, Estimator estimator, boolean paired) {
        this.kernel = kernel;
        this.estimator = estimator;
        this.paired = paired;
    }

    /** With a kernel; one with the median heuristic takes its bandwidth from the training data. */
    public static Ksd kernel(Kernel kernel) {
        return new Ksd(kernel, ExactScore.estimator(), false);
    }

    /** How the score and its gradient are found; {@link ExactScore} unless said otherwise. */
    public Ksd using(Estimator how) {
        return new Ksd(kernel, how, paired);
    }

    /** Pairs the first half of the batch with the second, as the published code does. */
    public Ksd paired() {
        return new Ksd(kernel, estimator, true);
    }

    @Override
    public String name() {
        return "KSD" + (paired ? " paired" : "") + " with " + kernel.name() + " by " + estimator.name();
    }

    @Override
    public List<Parameters> parameters() {
        return estimator.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        int n = batch.shape(0);
        if (n < 2 || (paired && n % 2 == 1)) {
            throw new SettingException(Facts.that("Ksd: the batch does not fit")
                    .expected(paired ? "an even number of rows" : "2 rows or more")
                    .butWas(n));
        }
        Kernel settled = kernel.settledOn(data);
        List<Phase> phases = new ArrayList<>(estimator.innerPhases(model, batch));
        phases.add(paired ? pairs(model, batch, settled) : allPairs(model, batch, settled));
        return phases;
    }

    /** z_j = 2/(n - 1) sum over i != j of ( k_ij s_i + grad_i k_ij ); the loss is the mean over j of surrogates. */
    private Phase allPairs(EnergyModel model, Expr v, Kernel settled) {
        int n = v.shape(0);
        Estimator.Estimate estimate = estimator.at(model, v);
        Expr s = estimate.score().held();
        Expr r2 = SteinKernel.squaredDistances(v);
        Expr offDiagonal = SteinKernel.offDiagonal(n);
        Expr k = settled.value(r2).times(offDiagonal);
        Expr slope = settled.slope(r2).times(offDiagonal).times(2);
        // sum over i of k_ij s_i + 2 f'_ij (v_i - v_j); both matrices are symmetric.
        Expr sum = k.matmul(s).plus(slope.matmul(v)).minus(slope.sumKeep(1).times(v));
        Expr z = sum.times(2.0 / (n - 1)).held();
        Expr value = SteinKernel.uStatistic(settled, v, s);
        return Phase.of("objective", model, estimate.surrogate(z).mean(), value);
    }

    /** Row i of the first half against row i of the second. */
    private Phase pairs(EnergyModel model, Expr batch, Kernel settled) {
        int half = batch.shape(0) / 2;
        Expr v = batch.slice(0, 0, half);
        Expr other = batch.slice(0, half, half);
        Expr s = estimator.at(model, v).score().held();
        Estimator.Estimate estimate = estimator.at(model, other);
        Expr difference = v.minus(other);
        Expr r2 = difference.square().sumKeep(1);
        Expr k = settled.value(r2);
        Expr slope = settled.slope(r2).times(2);
        // k s + grad_v k
        Expr z = k.times(s).plus(slope.times(difference)).held();
        Expr value = SteinKernel.rowByRow(settled, v, s, other, estimate.score().held())
                .mean();
        return Phase.of("objective", model, estimate.surrogate(z).mean(), value);
    }

    @Override
    public String toString() {
        return name();
    }
}
