package org.ebvlm.sampling;

import java.util.List;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** A sweep of block Gibbs sampling: the odd units given the even ones, then the even ones given those; always accepted. */
final class Sweep implements Transition {
    private final int width;
    private final boolean endsInMeans;
    private final float[] state;
    private final Program program;
    private boolean moved;

    /**
     * @param start the even units of each chain
     * @param endsInMeans whether {@link #finish} leaves E[x | h] of the last h in place of a draw
     */
    Sweep(BoltzmannMachine machine, int chains, float[] start, boolean endsInMeans) {
        this.width = machine.evenUnits();
        this.endsInMeans = endsInMeans;
        this.state = start;
        Expr even = Expr.input("even", chains, width);
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains, machine.oddUnits());
        Expr odd = machine.drive(even).sigmoid().greater(u);
        Expr mean = machine.evenMean(odd);
        program = Program.of(List.of(machine.evenDraw(mean), mean));
        machine.parameters().give(program);
        program.bind(even, state);
    }

    @Override
    public void move(Noise noise) {
        program.draw(noise);
        program.run();
        System.arraycopy(program.value(0), 0, state, 0, state.length);
        moved = true;
    }

    @Override
    public float[] state() {
        return state;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public void finish() {
        if (endsInMeans && moved) {
            System.arraycopy(program.value(1), 0, state, 0, state.length);
        }
        for (int i = 0; i < state.length; i++) {
            if (!Float.isFinite(state[i])) {
                throw new DivergenceException(Facts.that("BlockGibbs.sample: a chain left the finite numbers")
                        .expected("finite units")
                        .butWas(state[i] + " in chain " + i / width)
                        .hint("look at the parameters: a coupling or a standard deviation is too large or not finite"));
            }
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
