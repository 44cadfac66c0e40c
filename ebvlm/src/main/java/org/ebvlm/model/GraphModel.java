package org.ebvlm.model;

/** A model that is SameDiff graphs and some facts, and can say so: what {@link ModelFile} saves. */
abstract class GraphModel implements EnergyModel {

    /** Says what no other model says: its graphs, and what is needed to make it of them again. */
    abstract void describe(Description folder);
}
