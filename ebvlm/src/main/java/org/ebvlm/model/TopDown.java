package org.ebvlm.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** A network drawn from the top layer down to v: {@link Sbn} and {@link LayeredModel}. */
abstract class TopDown extends BeliefNetwork implements Directed {
    private static final String PRIOR = "prior";

    private final Layer visible;

    TopDown(LatentEnergy energy, Layer visible, List<Layer> kinds) {
        super(energy, kinds);
        this.visible = visible;
    }

    /** -log p(v, h) with first values of the parameters; the prior's code is of zeros, fixed or to begin with. */
    static LatentEnergy written(String name, Layer visible, List<Layer> kinds, boolean fixedPrior, Noise noise) {
        LatentEnergy.Builder plan = LatentEnergy.visible(visible.units())
                .latents(latents(kinds), kinds.stream().mapToInt(Layer::units).sum())
                .normalised()
                .named(name);
        if (visible.kind() == Latents.BINARY) {
            plan.binaryVisible();
        }
        Layer below = visible;
        for (int i = 0; i < kinds.size(); i++) {
            plan(plan, i, kinds.get(i).units(), below.numbers());
            below = kinds.get(i);
        }
        if (!fixedPrior) {
            plan.zeros(PRIOR, below.numbers());
        }
        return plan.energy((g, v, h) -> energy(visible, kinds, fixedPrior, g, v, h))
                .init(noise);
    }

    /** Minus the sum of  log p(v | h1) + log p(h1 | h2) + ... + log p(hL). */
    private static SDVariable energy(
            Layer visible, List<Layer> kinds, boolean fixedPrior, SameDiff g, SDVariable v, SDVariable h) {
        SDVariable x = v;
        Layer below = visible;
        SDVariable log = null;
        for (int i = 0; i < kinds.size(); i++) {
            SDVariable units = columns(h, kinds, i);
            SDVariable code = units.mmul(g.getVariable(weight(i))).add(g.getVariable(bias(i)));
            SDVariable mass = below.logProb(g, x, code);
            log = log == null ? mass : log.add(mass);
            x = units;
            below = kinds.get(i);
        }
        return fixedPrior
                ? below.plusStandard(log, x).neg()
                : log.add(below.logProb(g, x, prior(g, below))).neg();
    }

    /** The prior's code as one row. */
    private static SDVariable prior(SameDiff g, Layer top) {
        return g.getVariable(PRIOR).reshape(1, top.numbers());
    }

    /** What v is. */
    public Layer visibleLayer() {
        return visible;
    }

    @Override
    public boolean hasBinaryVisible() {
        return visible.kind() == Latents.BINARY;
    }

    /** Each layer given the one above. */
    @Override
    public Expr hiddenDraw(int rows) {
        int top = kinds.size() - 1;
        int numbers = kinds.get(top).numbers();
        Expr code = parameters().names().contains(PRIOR)
                ? parameters().get(PRIOR).broadcastTo(rows, numbers)
                : Expr.constant(0, rows, numbers);
        List<Expr> drawn = new ArrayList<>();
        for (int i = top; i >= 0; i--) {
            Expr units = kinds.get(i).draw(code);
            drawn.add(units);
            code = code(i, units);
        }
        Collections.reverse(drawn);
        return Expr.concat(1, drawn);
    }

    @Override
    public Expr visibleMean(Expr h) {
        return visible.mean(code(0, h.slice(1, 0, kinds.get(0).units())));
    }

    @Override
    public Expr visibleDraw(Expr mean) {
        return visible.drawGivenMean(mean);
    }
}
