package org.ebvlm.stein;

import java.util.Optional;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/**
 * The mean free energy of samples less that of data, watched: a number that is kept as parameters are, refused when it has run
 * away, and looked at by whoever paces the model by it.
 */
final class EnergyGap implements Parametric<EnergyGap> {
    private static final String GAP = "gap";

    private final Parameters parameters;
    private final Watch watch;

    private EnergyGap(Parameters parameters, Watch watch) {
        this.parameters = parameters;
        this.watch = watch;
    }

    /** A gap of zero, and how far it may go either way. */
    static EnergyGap start(double limit) {
        return new EnergyGap(Parameters.named("energy gap").filled(GAP, 0).build(), new Watch(limit));
    }

    /** The phase that takes down the gap. */
    Phase phase(Expr gap) {
        Phase setting = Phase.setting(GAP, this, gap, gap);
        return new Phase(GAP, 1, this, setting.loss(), setting.value(), Optional.of(watch));
    }

    /** An updater whose steps are shorter when the gap, taken down before, is not negative. */
    Updater slowing(Updater how, double factor) {
        return new Slowed(how, factor, watch);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public EnergyGap with(Parameters values) {
        return new EnergyGap(values, watch);
    }

    /** Puts the gap in the parameter's place, unless it is too far from zero. */
    private static final class Watch implements Updater {
        private final double limit;
        private double now;

        Watch(double limit) {
            this.limit = limit;
        }

        @Override
        public boolean keepsFinite() {
            return true;
        }

        @Override
        public boolean clips() {
            return false;
        }

        @Override
        public State start(int size) {
            return new State() {
                @Override
                public void update(float[] parameters, float[] gradient, long step) {
                    now = gradient[0];
                    requireWithin(step);
                    parameters[0] = gradient[0];
                }

                @Override
                public float[] save() {
                    return new float[0];
                }

                @Override
                public void restore(float[] saved) {}
            };
        }

        private void requireWithin(long step) {
            if (Math.abs(now) <= limit) {
                return;
            }
            boolean up = now > 0;
            throw new DivergenceException(
                    Facts.that("SteinGan: the energies of samples and data ran apart at step " + (step + 1))
                            .expected("mean F of samples less that of data within " + limit + " of zero")
                            .butWas(
                                    now
                                            + (up
                                                    ? ": the model pushes samples up faster than the sampler follows"
                                                    : ": samples lie far below the data, where the energy may fall without bound"))
                            .hint(
                                    up
                                            ? "take discount(0.7), margin(...), more innerSteps, or a slower model: movingModel(...)"
                                            : "keep samples in a range, see that exp(-F) has a finite integral, or take a slower sampler"));
        }
    }

    /** Goes a part of each step while the gap is not negative; exact for updaters whose steps are in proportion to their rate. */
    private record Slowed(Updater how, double factor, Watch watch) implements Updater {

        @Override
        public boolean keepsFinite() {
            return how.keepsFinite();
        }

        @Override
        public boolean clips() {
            return how.clips();
        }

        @Override
        public State start(int size) {
            State inner = how.start(size);
            float[] before = new float[size];
            return new State() {
                @Override
                public void update(float[] parameters, float[] gradient, long step) {
                    System.arraycopy(parameters, 0, before, 0, size);
                    inner.update(parameters, gradient, step);
                    float part = watch.now < 0 ? 1 : (float) factor;
                    for (int i = 0; i < size; i++) {
                        parameters[i] = before[i] + part * (parameters[i] - before[i]);
                    }
                }

                @Override
                public float[] save() {
                    return inner.save();
                }

                @Override
                public void restore(float[] saved) {
                    inner.restore(saved);
                }
            };
        }

        @Override
        public String toString() {
            return how + ", x " + factor + " when ahead";
        }
    }
}
