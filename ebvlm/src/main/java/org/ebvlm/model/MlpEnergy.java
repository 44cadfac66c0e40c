package org.ebvlm.model;

import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The additive-coupling energy with fully connected features (Bao et al., 2020 and 2021), for data without a picture's
 * structure:
 *
 * <pre>
 * E(v, h) = sum of elu(A [l(f(v)) + h ; h] + a)^2
 * </pre>
 *
 * with f three residual blocks {@code x -> elu(linear(elu(linear(x)))) + linear(x)}, l linear to the width of h, and h
 * real. The marginal has no closed form: fit it with {@code Vages} and a Gaussian posterior.
 */
public final class MlpEnergy {
    private static final int BLOCKS = 3;

    private final int visible;
    private int hidden = 10;
    private int width = 100;
    private Activation activation = Activation.ELU;

    private MlpEnergy(int visible) {
        this.visible = visible;
    }

    /** Starts an energy of v of this width. Published for two dimensions: hidden 10, width 100. */
    public static MlpEnergy visible(int width) {
        return new MlpEnergy(Blueprint.width("MlpEnergy.visible", width));
    }

    /** Width of h. */
    public MlpEnergy hidden(int units) {
        hidden = Blueprint.width("MlpEnergy.hidden", units);
        return this;
    }

    /** Width of the features and of the last layer. */
    public MlpEnergy width(int units) {
        width = Blueprint.width("MlpEnergy.width", units);
        return this;
    }

    /** What stands between the layers; ELU unless said otherwise. */
    public MlpEnergy activation(Activation function) {
        activation = function;
        return this;
    }

    /**
     * The model, each layer uniform within 1 / sqrt(its number of inputs), as published.
     *
     * @throws SettingException if h has more units than half the width of the last layer: then there are directions of h along
     *     which the energy stays bounded, and p(h | v) does not exist
     */
    public LatentEnergy init(Noise noise) {
        Blueprint.requireIntegrable("MlpEnergy", hidden, width, "take wider layers or fewer hidden units");
        LatentEnergy.Builder model =
                LatentEnergy.visible(visible).continuous(hidden).named("MlpEnergy " + visible + "/" + hidden);
        for (int i = 0; i < BLOCKS; i++) {
            int in = i == 0 ? visible : width;
            model.layer("in" + i, in, width);
            model.layer("out" + i, width, width);
            model.layer("shortcut" + i, in, width);
        }
        model.layer("toHidden", width, hidden);
        model.layer("head", 2 * hidden, width);
        return model.energy(this::energy).init(noise);
    }

    private SDVariable energy(SameDiff g, SDVariable v, SDVariable h) {
        SDVariable x = v;
        for (int i = 0; i < BLOCKS; i++) {
            SDVariable inner = activation.apply(g, Blueprint.linear(g, "in" + i, x));
            x = activation.apply(g, Blueprint.linear(g, "out" + i, inner)).add(Blueprint.linear(g, "shortcut" + i, x));
        }
        SDVariable coupled = Blueprint.linear(g, "toHidden", x).add(h);
        SDVariable out = activation.apply(g, Blueprint.linear(g, "head", g.concat(1, coupled, h)));
        return g.math.square(out).sum(1);
    }

    @Override
    public String toString() {
        return "MlpEnergy: v " + visible + ", " + hidden + " hidden units, width " + width
                + "; init(noise) makes the model";
    }
}
