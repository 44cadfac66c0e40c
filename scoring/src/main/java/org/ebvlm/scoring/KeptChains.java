package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;
import org.ebvlm.noise.Noise;

/**
 * Where persistent chains are: kept, saved and restored as parameters are.
 *
 * @param parameters {@code v}, [chains, visible]
 */
record KeptChains(Parameters parameters) implements Parametric<KeptChains> {
    private static final String V = "v";

    /** Chains at rows of the data in random order, the same each time; data with fewer rows are gone through again. */
    static KeptChains at(Data data, int number) {
        Data rows = data.shuffled(Noise.seed(0).split("chains"));
        float[] start = new float[number * data.width()];
        for (int i = 0; i < number; i++) {
            rows.copyRow(i % data.rows(), start, i * data.width());
        }
        return new KeptChains(
                Parameters.named("chains").add(V, start, number, data.width()).build());
    }

    /** The chains, [chains, visible]. */
    Expr rows() {
        return parameters.get(V);
    }

    @Override
    public KeptChains with(Parameters values) {
        return new KeptChains(values);
    }
}
