package org.ebvlm.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Langevin steps on some variables while others stay,
 *
 * <pre>x = x - step^2 / 2 dE/dx + sqrt(T) step e,   e standard normal,</pre>
 *
 * <p>with T falling geometrically from the hottest to one over the first three quarters of the steps.
 *
 * @param owner named in errors
 * @param steps number of steps
 * @param stepSize a length in the space of x
 * @param hottest T at the start, 1 or more
 */
record Walk(String owner, int steps, double stepSize, double hottest) {
    private static final double HOT_SHARE = 0.75;

    Walk {
        if (steps < 1) {
            throw new SettingException(
                    Facts.that(owner + ".steps: too few").expected("1 or more").butWas(steps));
        }
        if (!(stepSize > 0) || stepSize == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that(owner + ".stepSize: not a size")
                    .expected("a positive number")
                    .butWas(stepSize));
        }
        if (!(hottest >= 1) || hottest == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that(owner + ".hottest: not a temperature to start from")
                    .expected("1 or more")
                    .butWas(hottest));
        }
    }

    /** One of the variables that move. */
    record Moving(Expr variable, float[] state) {}

    double temperature(int t) {
        double left = 1 - t / (HOT_SHARE * steps);
        return left <= 0 ? 1 : Math.pow(hottest, left);
    }

    /** Moves the states of the variables, in place; what is given stays. */
    void run(EnergyModel model, Expr energy, List<Moving> moving, Map<Expr, float[]> given, Noise noise) {
        requireRealVisible(model);
        Expr heat = Expr.input("heat", 1);
        List<Expr> slopes = Differentiation.gradient(
                energy, moving.stream().map(Moving::variable).toList());
        List<Expr> moved = new ArrayList<>();
        for (int i = 0; i < moving.size(); i++) {
            Expr x = moving.get(i).variable();
            Expr e = Expr.noise(Leaf.Source.NORMAL, "e", x.shape());
            moved.add(x.minus(slopes.get(i).times(stepSize * stepSize / 2)).plus(e.times(heat.times(stepSize))));
        }
        try (Program step = Program.of(moved)) {
            model.parameters().give(step);
            given.forEach(step::set);
            moving.forEach(each -> step.bind(each.variable(), each.state()));
            for (int t = 0; t < steps && !Thread.currentThread().isInterrupted(); t++) {
                step.set(heat, new float[] {(float) Math.sqrt(temperature(t))});
                step.draw(noise);
                step.run();
                for (int i = 0; i < moving.size(); i++) {
                    float[] state = moving.get(i).state();
                    System.arraycopy(step.value(i), 0, state, 0, state.length);
                }
            }
        }
        moving.forEach(this::requireFinite);
    }

    private void requireRealVisible(EnergyModel model) {
        if (model.hasBinaryVisible()) {
            throw new SettingException(Facts.that(owner + ": Langevin steps need real v")
                    .expected("a model of real v")
                    .butWas(model.name() + ", whose v is binary"));
        }
    }

    private void requireFinite(Moving each) {
        int width = each.variable().shape(1);
        for (int i = 0; i < each.state().length; i++) {
            if (!Float.isFinite(each.state()[i])) {
                throw new DivergenceException(Facts.that(owner + ": chain " + i / width + " left the finite numbers")
                        .expected("finite values")
                        .butWas(each.state()[i])
                        .hint("take a smaller step size than " + stepSize));
            }
        }
    }

    @Override
    public String toString() {
        return owner + ", " + steps + " steps of " + stepSize + (hottest > 1 ? " from temperature " + hottest : "");
    }
}
