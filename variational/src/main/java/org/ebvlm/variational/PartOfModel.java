package org.ebvlm.variational;

import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;

/** A posterior that the model itself gives: it shares the model's parameters, follows them, and has nothing to fit. */
abstract class PartOfModel<M extends EnergyModel> implements Posterior {
    final M model;

    PartOfModel(M model) {
        this.model = model;
    }

    @Override
    public int visible() {
        return model.visible();
    }

    @Override
    public int hidden() {
        return model.hidden();
    }

    @Override
    public Optional<PosteriorFit> fit() {
        return Optional.empty();
    }

    @Override
    public Posterior fittedBy(PosteriorFit how) {
        throw new SettingException(
                Facts.that(getClass().getSimpleName() + ".fittedBy: there is nothing to fit by itself")
                        .expected("no fit: this posterior is a part of the model")
                        .butWas(how));
    }

    /** The model's parameters, which it shares. */
    @Override
    public Parameters parameters() {
        return model.parameters();
    }

    @Override
    public String toString() {
        return name() + " posterior of " + model.name();
    }
}
