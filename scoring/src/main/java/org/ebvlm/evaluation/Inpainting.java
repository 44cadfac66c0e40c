package org.ebvlm.evaluation;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.GradientSampler;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Target;

/**
 * Fills in missing values of rows by a model: draws of p(missing | known), by chains that move the missing values, and real h
 * together with them, and leave the known ones as they are; see {@link Target#missing}.
 *
 * <p>By annealed Langevin steps unless another sampler is given: no acceptance test, an error of the order of step^2.
 *
 * <pre>{@code
 * var whole = Inpainting.of(images).missing(lowerHalf).fill(model, seed(7));
 * var exact = Inpainting.of(images).missing(lowerHalf).by(Hmc.steps(500)).fill(model, seed(7));
 * }</pre>
 */
public final class Inpainting {
    private final Data rows;
    private final boolean[] missing;
    private final GradientSampler<?> sampler;

    private Inpainting(Data rows, boolean[] missing, GradientSampler<?> sampler) {
        this.rows = rows;
        this.missing = missing;
        this.sampler = sampler;
    }

    /** Of these rows; whatever stands at missing values is not looked at. */
    public static Inpainting of(Data rows) {
        return new Inpainting(rows, null, Langevin.steps(2000));
    }

    /**
     * Which values of each row are missing.
     *
     * @param values [width], true where one is missing
     */
    public Inpainting missing(boolean[] values) {
        return new Inpainting(rows, values.clone(), sampler);
    }

    /** How chains move; 2000 Langevin steps of 0.02, annealed from temperature 100, unless said otherwise. */
    public Inpainting by(GradientSampler<?> how) {
        return new Inpainting(rows, missing, how);
    }

    /**
     * The rows with their missing values filled in; known ones are the same to the last bit.
     *
     * @return [n, visible]
     * @throws SettingException if nothing is missing, v is binary, or binary h cannot be summed out
     */
    public Data fill(EnergyModel model, Noise noise) {
        if (missing == null) {
            throw new SettingException(Facts.that("Inpainting.fill: nothing is missing")
                    .expected("missing(...) with at least one true")
                    .butWas("not said"));
        }
        Data drawn = sampler.sample(Target.missing(model, rows, missing), rows.rows(), noise);
        float[] all = rows.values();
        int width = rows.width();
        for (int i = 0; i < rows.rows(); i++) {
            int next = 0;
            for (int j = 0; j < width; j++) {
                if (missing[j]) {
                    all[i * width + j] = drawn.at(i, next++);
                }
            }
        }
        Data filled = Data.of(rows.name() + ", inpainted", all, width);
        return rows.grid().map(filled::onGrid).orElse(filled);
    }

    @Override
    public String toString() {
        return "Inpainting of " + rows.name() + " by " + sampler;
    }
}
