package org.ebvlm.evaluation;

import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;

/**
 * Draws of p(v | h) by Langevin steps on v with h fixed, annealed: what a model makes of a code. With h the means of a
 * posterior at images, {@link HiddenPath#means}, they are reconstructions; along a {@link HiddenPath}, interpolations.
 *
 * <pre>v = v - step^2 / 2 dE(v, h)/dv + sqrt(T) step e,   e standard normal</pre>
 *
 * <p>There is no acceptance test: the error is of the order of step^2. Published for images: step 0.02 and temperatures from
 * 100 down.
 *
 * <pre>{@code
 * var again = VisibleLangevin.steps(2000).sample(model, HiddenPath.means(q, images), seed(7));
 * }</pre>
 */
public final class VisibleLangevin {
    private final Walk walk;

    private VisibleLangevin(Walk walk) {
        this.walk = walk;
    }

    /** This many steps, of size 0.02 from temperature 100 unless said otherwise. */
    public static VisibleLangevin steps(int number) {
        return new VisibleLangevin(new Walk("VisibleLangevin", number, 0.02, 100));
    }

    /** Another step size, a length in the space of v. */
    public VisibleLangevin stepSize(double size) {
        return new VisibleLangevin(new Walk(walk.owner(), walk.steps(), size, walk.hottest()));
    }

    /** Another temperature to start from, which falls to one over three quarters of the steps; 1 for none. */
    public VisibleLangevin hottest(double temperature) {
        return new VisibleLangevin(new Walk(walk.owner(), walk.steps(), walk.stepSize(), temperature));
    }

    /**
     * One v for each h, from standard normal starts.
     *
     * @param hidden [n, hidden]
     * @return [n, visible]
     */
    public Data sample(EnergyModel model, Data hidden, Noise noise) {
        if (hidden.width() != model.hidden()) {
            throw new ShapeException(Facts.that("VisibleLangevin.sample: the rows are not h of " + model.name())
                    .expected("[n, " + model.hidden() + "]")
                    .butWas("[" + hidden.rows() + ", " + hidden.width() + "]"));
        }
        int n = hidden.rows();
        Expr v = Expr.input("v", n, model.visible());
        Expr h = Expr.input("h", n, model.hidden());
        float[] state = new float[v.size()];
        noise.split("start").normal(state, 0, state.length);
        walk.run(
                model,
                model.energy(v, h),
                List.of(new Walk.Moving(v, state)),
                Map.of(h, hidden.values()),
                noise.split("moves"));
        return Data.of("v given " + hidden.name(), state, model.visible());
    }

    @Override
    public String toString() {
        return walk.toString();
    }
}
