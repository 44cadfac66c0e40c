package org.ebvlm.implicit;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Generator;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Boundary equilibrium training of an autoencoder against a sampler (Berthelot et al., 2017), with the sampler's entropy as a
 * further term (Li and Turner, 2018, section 4.3):
 *
 * <pre>
 * autoencoder goes down   L(v) - beta L(x)
 * sampler goes down       L(x) - alpha H(x)
 * beta = clip(beta + rate (gamma L(v) - L(x) + alpha gamma H), 0, 1),   beta = 0 at first
 * </pre>
 *
 * <p>with L the mean reconstruction error of rows v of the data, or of samples x, and H the entropy of the sampler, whose gradient
 * comes from samples ({@link EntropyGradient}) and whose value in beta's equation is {@link EntropyGradient#value}. L and H
 * are divided by the width of v, as means over pixels are.
 *
 * <pre>{@code
 * var run = Training.of(autoencoder)
 *     .minimizing(Began.sampler(generator).gamma(0.5).entropy(EntropyGradient.kernel(Rbf.medianHeuristic()), 0.6))
 *     .on(images).with(Adam.rate(2e-4).betas(0.5, 0.999)).steps(10_000).fit(seed(7));
 * show(run.fitted(generator).samples(64, seed(8)).onGrid(grid));
 * }</pre>
 *
 * <p>Without an entropy term this is plain BEGAN, and nothing keeps samples apart: a sampler that makes one good image has a
 * loss as small as one that makes all. gamma says how much worse than data the autoencoder is to be at samples when both
 * are in balance: small is clean and little varied. (Published code calls gamma times alpha {@code eta}.)
 *
 * <p>All three are taken at once, at the same draws. Plotted: {@code balance}, the next beta; {@code sampler}, L(x); {@code objective},
 * L(v) + |gamma L(v) - L(x)|, which its authors found to go with the quality of samples. No sum of both losses falls, and no
 * likelihood is known: look at samples, and at {@code Diversity}.
 *
 * <p>Cost: the autoencoder forwards and backwards on twice the batch, the sampler on the batch, and what the entropy gradient costs.
 */
public final class Began implements Objective {
    private final Generator sampler;
    private final double gamma;
    private final double rate;
    private final EntropyGradient entropy;
    private final double weight;

    private Began(Generator sampler, double gamma, double rate, EntropyGradient entropy, double weight) {
        this.sampler = sampler;
        this.gamma = gamma;
        this.rate = rate;
        this.entropy = entropy;
        this.weight = weight;
    }

    /** Against this sampler. */
    public static Began sampler(Generator sampler) {
        return new Began(sampler, 0.5, 1e-3, null, 0);
    }

    /** gamma, the error at samples over the error at data in balance; 0.5 unless said otherwise. */
    public Began gamma(double ratio) {
        return new Began(sampler, Settings.positive("Began.gamma", ratio), rate, entropy, weight);
    }

    /** The rate at which beta follows; 1e-3 unless said otherwise. */
    public Began balanceRate(double value) {
        return new Began(sampler, gamma, Settings.positive("Began.balanceRate", value), entropy, weight);
    }

    /**
     * Rewards the sampler's entropy; not rewarded unless said.
     *
     * @param how where its gradient comes from
     * @param alpha its weight; 0 is plain BEGAN
     */
    public Began entropy(EntropyGradient how, double alpha) {
        if (!(alpha >= 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("Began.entropy: not a weight")
                    .expected("zero or more")
                    .butWas(alpha));
        }
        return new Began(sampler, gamma, rate, how, alpha);
    }

    @Override
    public String name() {
        return "BEGAN, gamma " + Settings.number(gamma)
                + (weight > 0 ? ", " + Settings.number(weight) + " x " + entropy : "")
                + (rate == 1e-3 ? "" : ", balance at " + Settings.number(rate));
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        AutoencoderEnergy autoencoder = checked(model);
        Balance balance = Balance.start();
        Expr x = sampler.draw(batch.shape(0));
        Expr real = error(autoencoder, batch);
        Expr fake = error(autoencoder, x);
        return List.of(
                balance(balance, real, fake, x).joinedToNext(),
                sampling(fake, x).joinedToNext(),
                Phase.of("objective", model, real.minus(balance.beta().held().times(fake)), measure(real, fake)));
    }

    /** beta + rate (gamma L(v) - L(x) + alpha gamma H), between 0 and 1. */
    private Phase balance(Balance balance, Expr real, Expr fake, Expr x) {
        Expr gap = real.times(gamma).minus(fake);
        Expr wanted = isPlain() ? gap : gap.plus(entropy.value(x).times(weight * gamma / x.shape(1)));
        Expr next = balance.beta().plus(wanted.times(rate)).max(0).min(1).held();
        return Phase.setting("balance", balance, next, next);
    }

    /** L(x) - alpha H. */
    private Phase sampling(Expr fake, Expr x) {
        Expr loss = isPlain() ? fake : fake.minus(entropy.surrogate(x).times(weight / x.shape(1)));
        return Phase.of("sampler", sampler, loss, fake.held());
    }

    /** L(v) + |gamma L(v) - L(x)|. */
    private Expr measure(Expr real, Expr fake) {
        return real.plus(real.times(gamma).minus(fake).abs()).held();
    }

    private static Expr error(AutoencoderEnergy autoencoder, Expr rows) {
        return autoencoder.freeEnergy(rows).mean().over(rows.shape(1));
    }

    private boolean isPlain() {
        return !(weight > 0);
    }

    private AutoencoderEnergy checked(EnergyModel model) {
        if (!(model instanceof AutoencoderEnergy autoencoder)) {
            throw new SettingException(Facts.that("Began: " + model.name() + " is not an autoencoder")
                    .expected("an AutoencoderEnergy, whose energy is never negative")
                    .butWas(model));
        }
        if (sampler.visible() != model.visible()) {
            throw new ShapeException(Facts.that("Began: the sampler does not fit the model")
                    .expected("samples of width " + model.visible())
                    .butWas(sampler)
                    .hint("build the sampler with visible(" + model.visible() + ")"));
        }
        return autoencoder;
    }

    @Override
    public String toString() {
        return name();
    }
}
