package org.ebvlm.sampling;

import java.util.List;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** The unadjusted Langevin move along a schedule of temperatures: x + drift * score + spread * noise. */
final class Diffusion implements Transition {
    private final Target target;
    private final Settings settings;
    private final Temperatures schedule;
    private final double noiseStd;
    private final float[] state;
    private final float[] drift = new float[1];
    private final float[] spread = new float[1];
    private final Program program;
    private int step;

    Diffusion(Target target, int chains, float[] start, Settings settings, Temperatures schedule) {
        this.target = target;
        this.settings = settings;
        this.schedule = schedule;
        noiseStd = settings.spread == null ? settings.stepSize : settings.spread;
        state = start;
        drift[0] = (float) (settings.stepSize * settings.stepSize / 2);
        Expr x = Expr.input("x", chains, target.width());
        Expr alongScore = Expr.input("drift", 1);
        Expr alongNoise = Expr.input("spread", 1);
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", x.shape());
        Expr moved = x.plus(target.score(x).times(alongScore)).plus(e.times(alongNoise));
        program = target.program(List.of(moved));
        program.bind(x, state);
        program.bind(alongScore, drift);
        program.bind(alongNoise, spread);
    }

    @Override
    public void move(Noise noise) {
        spread[0] = (float) (Math.sqrt(schedule.at(step++)) * noiseStd);
        program.draw(noise);
        program.run();
        System.arraycopy(program.value(0), 0, state, 0, state.length);
    }

    @Override
    public int width() {
        return target.width();
    }

    @Override
    public float[] state() {
        return state;
    }

    @Override
    public double stepSize() {
        return settings.stepSize;
    }

    @Override
    public void finish() {
        requireFinite();
        if (settings.denoising > 0 && step > 0) {
            denoise();
            requireFinite();
        }
        int width = target.width();
        for (int i = 0; i < state.length; i++) {
            if (i % width < target.visible()) {
                state[i] = (float) Math.max(settings.low, Math.min(settings.high, state[i]));
            }
        }
    }

    /** v + std^2 score, without noise. */
    private void denoise() {
        drift[0] = (float) (settings.denoising * settings.denoising);
        spread[0] = 0;
        program.run();
        int width = target.width();
        for (int row = 0; row < state.length; row += width) {
            System.arraycopy(program.value(0), row, state, row, target.visible());
        }
    }

    private void requireFinite() {
        for (int i = 0; i < state.length; i++) {
            if (!Float.isFinite(state[i])) {
                throw new DivergenceException(
                        Facts.that("Langevin.sample: chain " + i / target.width() + " left the finite numbers")
                                .expected("finite rows of " + target.name())
                                .butWas(state[i])
                                .hint("take a smaller step size than " + settings.stepSize
                                        + ", or Mala, which rejects such steps"));
            }
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
