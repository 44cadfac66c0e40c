package org.ebvlm.model;

import java.util.Arrays;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An energy-based latent variable model: p(v, h) = exp(-E(v, h)) / Z over real or binary v and binary, real or no h.
 *
 * <p>Only {@link #energy} is needed to fit one with variational estimates. Where the sum over h is known in closed form,
 * or small enough to enumerate, the model also has a {@linkplain #freeEnergy free energy} and so an exact score.
 */
public interface EnergyModel extends Parametric<EnergyModel> {

    /** What it is called in reports. */
    String name();

    /** Width of v. */
    int visible();

    /** Width of h. */
    int hidden();

    /** What h is. */
    Latents latents();

    /** Whether v is 0 or 1 in each unit; energies and scores then take v as real, likelihoods and samples do not. */
    default boolean hasBinaryVisible() {
        return false;
    }

    /** Whether exp(-E(v, h)) is a density as it stands, so that log Z = 0: true of directed models. */
    default boolean isNormalised() {
        return false;
    }

    /**
     * The energy, low where the model finds (v, h) likely.
     *
     * @param v [n, visible]
     * @param h [n, hidden]; not looked at where there is none
     * @return [n], in nats
     */
    Expr energy(Expr v, Expr h);

    /** Minus the energy: log p(v, h) up to the constant log Z; [n]. */
    default Expr logUnnormalised(Expr v, Expr h) {
        return energy(v, h).neg();
    }

    /** Whether the sum over h can be written down. */
    default boolean hasFreeEnergy() {
        return latents() == Latents.BINARY && hidden() <= Enumeration.LIMIT;
    }

    /**
     * F(v) = -log of the sum over h of exp(-E(v, h)); by enumeration of all h unless the model knows better.
     *
     * @param v [n, visible]
     * @return [n], in nats
     * @throws SettingException if there is neither a closed form nor few enough states
     */
    default Expr freeEnergy(Expr v) {
        if (!hasFreeEnergy()) {
            throw new SettingException(Facts.that(name() + ": the free energy is not known")
                    .expected("binary h of at most " + Enumeration.LIMIT + " units, or a closed form")
                    .butWas(hidden() + " " + latents() + " units")
                    .hint("use a variational estimate: Vaes for the score, Vages for its parameter gradient"));
        }
        return Enumeration.of(this).negativeEnergies(v).logSumExp(1).neg();
    }

    /**
     * The exact score of v: the gradient of log p(v), which is minus the free-energy gradient.
     *
     * @param v [n, visible]
     * @return [n, visible]
     */
    default Expr score(Expr v) {
        Expr at = v.point();
        return Differentiation.gradient(freeEnergy(at), at).neg();
    }

    /**
     * The model as objectives see it while it learns: with the same parameters, and noise in its energies if it is meant to learn under some,
     * {@link AutoencoderEnergy.Builder#dropout} for example. Itself unless it says otherwise.
     */
    default EnergyModel learning() {
        return this;
    }

    // ---------------------------------------------------------------- numbers in, numbers out

    /** The energy of rows; v is [n, visible], h is [n, hidden], the result [n]. */
    default INDArray energy(INDArray v, INDArray h) {
        float[] rows = rows("energy", v, visible(), "v");
        if (latents() == Latents.NONE) {
            throw new SettingException(Facts.that(name() + ".energy: the model has no h")
                    .expected("v alone")
                    .butWas("v and h")
                    .hint("freeEnergy(v) is the energy"));
        }
        float[] latent = rows("energy", h, hidden(), "h");
        Expr inputV = Expr.input("v", rows.length / visible(), visible());
        Expr inputH = Expr.input("h", latent.length / hidden(), hidden());
        return Nd4j.createFromArray(run(energy(inputV, inputH), Map.of(inputV, rows, inputH, latent)));
    }

    /** The free energy of rows; v is [n, visible], the result [n]. */
    default INDArray freeEnergy(INDArray v) {
        float[] rows = rows("freeEnergy", v, visible(), "v");
        Expr input = Expr.input("v", rows.length / visible(), visible());
        return Nd4j.createFromArray(run(freeEnergy(input), Map.of(input, rows)));
    }

    /** The exact score of rows; v and the result are [n, visible]. */
    default INDArray score(INDArray v) {
        float[] rows = rows("score", v, visible(), "v");
        Expr input = Expr.input("v", rows.length / visible(), visible());
        return Nd4j.createFromArray(run(score(input), Map.of(input, rows))).reshape(rows.length / visible(), visible());
    }

    private float[] run(Expr y, Map<Expr, float[]> values) {
        try (Program program = Program.of(y)) {
            parameters().give(program);
            values.forEach(program::set);
            program.run();
            return program.value(0).clone();
        }
    }

    private float[] rows(String doing, INDArray given, int width, String what) {
        if (given.rank() != 2 || given.size(1) != width) {
            throw new ShapeException(Facts.that(name() + "." + doing + ": " + what + " has the wrong shape")
                    .expected("[n, " + width + "]")
                    .butWas(Arrays.toString(given.shape())));
        }
        return given.dup('c').data().asFloat();
    }
}
