package org.ebvlm.training;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;

/** What training minimises, as the phases of one step. */
public interface Objective {

    /** What reports call it. */
    String name();

    /** Parameters that the phases use, beside the model's and those they fit: of a posterior that stays as it is. */
    default List<Parameters> parameters() {
        return List.of();
    }

    /** Whether there must be data to learn from; a sampler that learns a model as it is needs none. */
    default boolean needsData() {
        return true;
    }

    /**
     * The phases of one training step.
     *
     * @param model what is fitted, {@linkplain EnergyModel#learning as it is while it learns}; as it is if no data are needed
     * @param data all rows, for what is settled once: bandwidths and the like; one row of zeros if none are given
     * @param batch the rows of the step, [batch, visible]
     */
    List<Phase> phases(EnergyModel model, Data data, Expr batch);
}
