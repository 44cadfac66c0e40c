package org.ebvlm.sampling;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Unadjusted Langevin dynamics, annealed from a high temperature down to one: for a model with real h jointly on (v, h),
 * for one with a free energy on v alone,
 *
 * <pre>x = x - step^2 / 2  dE/dx + sqrt(T) step  normal noise</pre>
 *
 * <p>Its stationary distribution differs from the model's by an error of the order of step^2; there is no acceptance
 * test. Chains start from standard normal noise, or from given rows.
 */
public final class Langevin implements Sampler {
    private static final double HOT = 100;

    private final int steps;
    private final double stepSize;
    private final Data starts;

    private Langevin(int steps, double stepSize, Data starts) {
        this.steps = steps;
        this.stepSize = stepSize;
        this.starts = starts;
    }

    /** Chains of this many steps, of size 0.02 unless said otherwise. */
    public static Langevin steps(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Langevin.steps: too few").expected("1 or more").butWas(number));
        }
        return new Langevin(number, 0.02, null);
    }

    /** Another step size, a length in the space of v. */
    public Langevin stepSize(double size) {
        if (!(size > 0)) {
            throw new SettingException(Facts.that("Langevin.stepSize: not a size")
                    .expected("a positive number")
                    .butWas(size));
        }
        return new Langevin(steps, size, starts);
    }

    /** Starts each chain at a random row of these data, without annealing. */
    public Langevin startingAt(Data rows) {
        return new Langevin(steps, stepSize, rows);
    }

    @Override
    public Data sample(EnergyModel model, int chains, Noise noise) {
        boolean joint = model.latents() == Latents.CONTINUOUS;
        Expr v = Expr.input("v", chains, model.visible());
        Expr h = Expr.input("h", chains, model.hidden());
        Expr heat = Expr.input("heat", 1);
        Expr energy = joint ? model.energy(v, h) : model.freeEnergy(v);
        List<Expr> moving = joint ? List.of(v, h) : List.of(v);
        List<Expr> slopes = Differentiation.gradient(energy, moving);
        List<Expr> moved = new ArrayList<>();
        for (int i = 0; i < moving.size(); i++) {
            Expr e = Expr.noise(Leaf.Source.NORMAL, "e", moving.get(i).shape());
            moved.add(moving.get(i)
                    .minus(slopes.get(i).times(stepSize * stepSize / 2))
                    .plus(e.times(heat.times(stepSize))));
        }
        float[][] state = {start(model, chains, noise.split("start")), new float[h.size()]};
        noise.split("hidden start").normal(state[1], 0, state[1].length);
        try (Program step = Program.of(moved)) {
            model.parameters().give(step);
            for (int i = 0; i < moving.size(); i++) {
                step.bind(moving.get(i), state[i]);
            }
            for (int t = 0; t < steps && !Thread.currentThread().isInterrupted(); t++) {
                step.set(heat, new float[] {(float) Math.sqrt(temperature(t))});
                step.draw(noise);
                step.run();
                for (int i = 0; i < moving.size(); i++) {
                    System.arraycopy(step.value(i), 0, state[i], 0, state[i].length);
                }
            }
        }
        requireFinite(state[0]);
        return Data.of("samples of " + model.name(), state[0], model.visible());
    }

    /** Falls geometrically over the first three quarters, then stays at one; one throughout from given starts. */
    private double temperature(int t) {
        double left = 1 - t / (0.75 * steps);
        return starts != null || left <= 0 ? 1 : Math.pow(HOT, left);
    }

    private float[] start(EnergyModel model, int chains, Noise noise) {
        float[] out = new float[chains * model.visible()];
        if (starts == null) {
            noise.normal(out, 0, out.length);
        } else {
            starts.gather(Starts.rows(starts, chains, noise), out);
        }
        return out;
    }

    private void requireFinite(float[] v) {
        for (float x : v) {
            if (!Float.isFinite(x)) {
                throw new DivergenceException(Facts.that("Langevin.sample: a chain left the finite numbers")
                        .expected("finite v")
                        .butWas(x)
                        .hint("take a smaller step size than " + stepSize));
            }
        }
    }

    @Override
    public String toString() {
        return "Langevin, " + steps + " steps of " + stepSize
                + (starts == null ? " from noise" : " from rows of the data");
    }
}
