package org.ebvlm.model;

/**
 * A model of this package: SameDiff graphs and some facts, which it can say of itself, so that {@link ModelFile} saves it. A model of
 * one's own is an {@link Energy} or a {@link LatentEnergy}, or another {@link EnergyModel}, which is not saved.
 */
public abstract class GraphModel implements EnergyModel {

    /** For models of this package. */
    GraphModel() {}

    /** Says what no other model says: its graphs, and what is needed to make it of them again. */
    abstract void describe(Description folder);
}
