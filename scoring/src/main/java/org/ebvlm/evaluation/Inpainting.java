package org.ebvlm.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.noise.Noise;

/**
 * Fills in missing values of rows by a model: draws of p(missing | known) by Langevin steps that move the missing values and
 * leave the known ones as they are,
 *
 * <pre>x = x - step^2 / 2 dE/dx + sqrt(T) step e,   e standard normal,   for missing x</pre>
 *
 * <p>and, where h is real, h together with them; where the model has a free energy F(v), F takes the place of E and h does not
 * appear. Missing values start standard normal. There is no acceptance test: the error is of the order of step^2.
 *
 * <pre>{@code
 * var whole = Inpainting.of(images).missing(lowerHalf).steps(3000).fill(model, seed(7));
 * }</pre>
 */
public final class Inpainting {
    private final Data rows;
    private final boolean[] missing;
    private final Walk walk;

    private Inpainting(Data rows, boolean[] missing, Walk walk) {
        this.rows = rows;
        this.missing = missing;
        this.walk = walk;
    }

    /** Of these rows; whatever stands at missing values is not looked at. */
    public static Inpainting of(Data rows) {
        return new Inpainting(rows, null, new Walk("Inpainting", 2000, 0.02, 100));
    }

    /**
     * Which values of each row are missing.
     *
     * @param values [width], true where one is missing
     */
    public Inpainting missing(boolean[] values) {
        if (values.length != rows.width()) {
            throw new ShapeException(Facts.that("Inpainting.missing: not one truth value for each value of a row")
                    .expected(rows.width())
                    .butWas(values.length));
        }
        return new Inpainting(rows, values.clone(), walk);
    }

    /** Number of steps; 2000 unless said otherwise. */
    public Inpainting steps(int number) {
        return new Inpainting(rows, missing, new Walk(walk.owner(), number, walk.stepSize(), walk.hottest()));
    }

    /** Another step size than 0.02, a length in the space of v. */
    public Inpainting stepSize(double size) {
        return new Inpainting(rows, missing, new Walk(walk.owner(), walk.steps(), size, walk.hottest()));
    }

    /** Another temperature to start from than 100, which falls to one over three quarters of the steps; 1 for none. */
    public Inpainting hottest(double temperature) {
        return new Inpainting(rows, missing, new Walk(walk.owner(), walk.steps(), walk.stepSize(), temperature));
    }

    /**
     * The rows with their missing values filled in; known ones are the same to the last bit.
     *
     * @return [n, visible]
     */
    public Data fill(EnergyModel model, Noise noise) {
        int[] free = places(model);
        int n = rows.rows();
        float[] start = new float[n * free.length];
        noise.split("start").normal(start, 0, start.length);
        Expr known = Expr.constant(known(), n, rows.width());
        Expr x = Expr.input("missing", n, free.length);
        Expr v = known.plus(x.matmul(Expr.constant(spread(free), free.length, rows.width())));
        List<Walk.Moving> moving = new ArrayList<>(List.of(new Walk.Moving(x, start)));
        Expr energy;
        if (model.latents() == Latents.CONTINUOUS) {
            Expr h = Expr.input("h", n, model.hidden());
            float[] hidden = new float[h.size()];
            noise.split("hidden start").normal(hidden, 0, hidden.length);
            moving.add(new Walk.Moving(h, hidden));
            energy = model.energy(v, h);
        } else {
            energy = model.freeEnergy(v);
        }
        walk.run(model, energy, moving, Map.of(), noise.split("moves"));
        return filled(free, start);
    }

    /** Where missing values are. */
    private int[] places(EnergyModel model) {
        if (rows.width() != model.visible()) {
            throw new ShapeException(Facts.that("Inpainting.fill: the rows do not fit " + model.name())
                    .expected("[n, " + model.visible() + "]")
                    .butWas("[" + rows.rows() + ", " + rows.width() + "]"));
        }
        int[] places = missing == null
                ? new int[0]
                : IntStream.range(0, missing.length).filter(j -> missing[j]).toArray();
        if (places.length == 0) {
            throw new SettingException(Facts.that("Inpainting.fill: nothing is missing")
                    .expected("missing(...) with at least one true")
                    .butWas(missing == null ? "not said" : "none"));
        }
        return places;
    }

    private double[] known() {
        float[] all = rows.values();
        double[] known = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            known[i] = missing[i % missing.length] ? 0 : all[i];
        }
        return known;
    }

    /** Row k puts the k-th missing value in its place. */
    private double[] spread(int[] free) {
        double[] spread = new double[free.length * rows.width()];
        for (int k = 0; k < free.length; k++) {
            spread[k * rows.width() + free[k]] = 1;
        }
        return spread;
    }

    private Data filled(int[] free, float[] values) {
        float[] all = rows.values();
        for (int i = 0; i < rows.rows(); i++) {
            for (int k = 0; k < free.length; k++) {
                all[i * rows.width() + free[k]] = values[i * free.length + k];
            }
        }
        Data filled = Data.of(rows.name() + ", inpainted", all, rows.width());
        return rows.grid().map(filled::onGrid).orElse(filled);
    }

    @Override
    public String toString() {
        return walk + " on " + rows.name();
    }
}
