package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

/** A model that learns under noise is seen with it by what teaches it, and by nobody else. */
class LearnerTest {
    private static final Data ROWS = Data.of("rows", new float[] {1, 0.5f, -1, 0, 2, 0.3f}, 3);

    /** The mean energy of the batch; notes whether there was noise in it. */
    private static final class Mean implements Objective {
        private final boolean needsData;
        private boolean hadNoise;

        Mean(boolean needsData) {
            this.needsData = needsData;
        }

        @Override
        public String name() {
            return "mean energy";
        }

        @Override
        public boolean needsData() {
            return needsData;
        }

        @Override
        public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
            Expr mean = model.freeEnergy(batch).mean();
            hadNoise = hasNoise(mean);
            return List.of(Phase.of("objective", model, mean, mean));
        }
    }

    private static boolean hasNoise(Expr y) {
        return Expr.sorted(List.of(y)).stream()
                .anyMatch(each -> each.op() instanceof Leaf.Input input && input.source() != Leaf.Source.GIVEN);
    }

    private static AutoencoderEnergy model() {
        return AutoencoderEnergy.visible(3).features(1).dropout(0.5).init(Noise.seed(1));
    }

    @Test
    void whatTeachesAModelSeesItAsItLearns() {
        Mean objective = new Mean(true);
        Run run = Training.of(model())
                .minimizing(objective)
                .on(ROWS)
                .batches(2)
                .steps(20)
                .fit(Noise.seed(2));
        assertTrue(objective.hadNoise);
        assertFalse(hasNoise(run.model().freeEnergy(Expr.input("v", 2, 3))));
        assertEquals(AutoencoderEnergy.class, run.model().getClass());
        assertTrue(run.history().last("objective") > 0);
    }

    @Test
    void whatTeachesSomethingElseSeesTheModelAsItIs() {
        Mean objective = new Mean(false);
        Training.of(model()).minimizing(objective).on(ROWS).batches(2).steps(1).fit(Noise.seed(2));
        assertFalse(objective.hadNoise);
    }
}
