package org.ebvlm.model;

import org.ebvlm.graph.Expr;

/** A model whose energy is written as a SameDiff expression: what all of them say of themselves in the same way. */
abstract class Written extends GraphModel {
    final LatentEnergy energy;

    Written(LatentEnergy energy) {
        this.energy = energy;
    }

    @Override
    public String name() {
        return energy.name();
    }

    @Override
    public int visible() {
        return energy.visible();
    }

    @Override
    public int hidden() {
        return energy.hidden();
    }

    @Override
    public Latents latents() {
        return energy.latents();
    }

    @Override
    public Parameters parameters() {
        return energy.parameters();
    }

    @Override
    public Expr energy(Expr v, Expr h) {
        return energy.energy(v, h);
    }

    @Override
    void describe(Description folder) {
        energy.describe(folder);
    }

    /** The energy as a SameDiff model, to save it or to build on it. */
    public LatentEnergy asLatentEnergy() {
        return energy;
    }
}
