package org.ebvlm.stein;

import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Generator;

/**
 * Samples of a sampler at fresh noise, as a model takes them: with the labels that they were drawn for behind them, where the model
 * is of x and a label.
 *
 * @param x [n, width of x]
 * @param labels one-hot, [n, labels], each label as often as the sampler says; none for a model of x alone
 */
record Drawn(Expr x, Optional<Expr> labels) {

    /** So many samples for a model; refused if the widths do not fit. */
    static Drawn of(Generator sampler, int n, EnergyModel model) {
        requireFit(sampler, model);
        Expr noise = sampler.noiseRows(n);
        return new Drawn(
                sampler.at(noise),
                model.visible() == sampler.visible()
                        ? Optional.empty()
                        : Optional.of(noise.slice(1, sampler.noiseWidth(), sampler.labels())));
    }

    private static void requireFit(Generator sampler, EnergyModel model) {
        int x = sampler.visible();
        int labels = sampler.labels();
        if (model.visible() != x && model.visible() != x + labels) {
            throw new ShapeException(Facts.that("AmortizedSvgd: the sampler does not fit " + model.name())
                    .expected("visible(" + model.visible() + "), or visible and labels of that width together")
                    .butWas(sampler));
        }
    }

    /** v, [n, visible] of the model; held. */
    Expr rows() {
        Expr v = labels.map(y -> Expr.concat(1, List.of(x, y))).orElse(x);
        return v.held();
    }

    /** The columns of x of something as wide as {@link #rows}. */
    Expr ofX(Expr wide) {
        return labels.isPresent() ? wide.slice(1, 0, x.shape(1)) : wide;
    }

    /** Where x should move, its label staying; [n, width of x], held. */
    Expr along(SteinDirection direction, Expr score) {
        Expr ofX = ofX(score).held();
        return labels.map(y -> direction.withLabels(x, ofX, y)).orElseGet(() -> direction.at(x, ofX));
    }
}
