package org.ebvlm.scoring;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Sliced score matching (Song, Garg, Shi and Ermon, 2019): Hyvarinen's objective, with the trace of the score's Jacobian
 * estimated along random directions u with E u u' = I,
 *
 * <pre>
 * J = E[ 1/2 ||s(v)||^2 + u' (ds/dv) u ],   s the model's score
 * </pre>
 *
 * <p>J is the Fisher divergence 1/2 E ||s - grad log p_data||^2 less a constant of the data, so it is negative for a good
 * model and compares models on the same rows. The square is exact, which Song et al. call variance reduced; {@link
 * #projectedSquare} takes 1/2 (u . s)^2 in its place, which saves the reverse sweep of the score. No noise is added to the data: on rows
 * that lie on a surface or repeat themselves J has no minimum, since a narrow peak at each gains without bound; prefer
 * {@link Dsm} there.
 *
 * <p>It needs the exact score, for it differentiates it by v; {@link FdSsm} does without. Cost: one score, and one second
 * tangent of the free energy a direction, then one reverse sweep.
 */
public final class Ssm implements Objective {
    /** All unit vectors in place of random directions. */
    private static final int EVERY_AXIS = 0;

    private final int projections;
    private final Leaf.Source source;
    private final boolean projected;

    private Ssm(int projections, Leaf.Source source, boolean projected) {
        this.projections = projections;
        this.source = source;
        this.projected = projected;
    }

    /** This many Rademacher directions a row, of elements -1 and +1; one is usual. */
    public static Ssm projections(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("Ssm.projections: too few")
                    .expected("1 or more")
                    .butWas(number)
                    .hint("Ssm.exactTrace() takes the trace without directions"));
        }
        return new Ssm(number, Leaf.Source.RADEMACHER, false);
    }

    /**
     * The trace itself: implicit score matching (Hyvarinen, 2005), without noise; as many second tangents as v is wide, so
     * for a few columns only.
     */
    public static Ssm exactTrace() {
        return new Ssm(EVERY_AXIS, Leaf.Source.RADEMACHER, false);
    }

    /** Standard normal directions; the estimate of the trace has a larger variance than with Rademacher ones. */
    public Ssm gaussian() {
        requireDirections("gaussian");
        return new Ssm(projections, Leaf.Source.NORMAL, projected);
    }

    /** 1/2 (u . s)^2 in place of 1/2 ||s||^2: the same mean, cheaper, noisier. */
    public Ssm projectedSquare() {
        requireDirections("projectedSquare");
        return new Ssm(projections, source, true);
    }

    private void requireDirections(String adjective) {
        if (projections == EVERY_AXIS) {
            throw new SettingException(Facts.that("Ssm." + adjective + ": there are no directions")
                    .expected("Ssm.projections(number)")
                    .butWas(name()));
        }
    }

    /** How the score is found: by {@link ExactScore}, which is what it does without being told, and nothing else. */
    public Ssm using(Estimator how) {
        if (!(how instanceof ExactScore)) {
            throw new SettingException(Facts.that("Ssm.using: sliced score matching differentiates the score by v")
                    .expected("ExactScore.estimator()")
                    .butWas(how.name())
                    .hint("FdSsm.projections(1).using(...) takes differences of estimated scores"));
        }
        return this;
    }

    @Override
    public String name() {
        return projections == EVERY_AXIS
                ? "implicit score matching"
                : "SSM with " + projections + (source == Leaf.Source.NORMAL ? " Gaussian" : "") + " projections"
                        + (projected ? ", square projected" : "");
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        if (!model.hasFreeEnergy()) {
            throw new SettingException(Facts.that("Ssm: the free energy of " + model.name() + " is not known")
                    .expected("a model with an exact score")
                    .butWas(model)
                    .hint("FdSsm.projections(1).using(Vages...), or Dsm"));
        }
        Expr v = batch.point();
        Expr rows = projections == EVERY_AXIS ? traced(model, v) : sliced(model, v);
        Expr objective = rows.mean();
        return List.of(Phase.of("objective", model, objective, objective.held()));
    }

    /** 1/2 ||s||^2 + tr(ds/dv); [n]. */
    private static Expr traced(EnergyModel model, Expr v) {
        Expr s = model.score(v);
        return s.square().sum(1).times(0.5).plus(Trace.of(s, v, true));
    }

    /** The mean over directions of 1/2 ||s||^2, or 1/2 (u . s)^2, plus u' (ds/dv) u; [n]. */
    private Expr sliced(EnergyModel model, Expr v) {
        Expr logDensity = model.freeEnergy(v).neg();
        Expr sum = null;
        for (int i = 0; i < projections; i++) {
            Expr u = Expr.noise(source, "direction", v.shape());
            // Tangents of tangents: u . s, then u' (ds/dv) u.
            Expr slope = Differentiation.jvp(logDensity, v, u);
            Expr curvature = Differentiation.jvp(slope, v, u);
            Expr term = projected ? curvature.plus(slope.square().times(0.5)) : curvature;
            sum = sum == null ? term : sum.plus(term);
        }
        Expr mean = sum.over(projections);
        return projected ? mean : mean.plus(model.score(v).square().sum(1).times(0.5));
    }

    @Override
    public String toString() {
        return name();
    }
}
