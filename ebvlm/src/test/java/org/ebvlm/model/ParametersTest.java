package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private final Parameters parameters = Parameters.named("owner")
            .add("W", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
            .filled("c", 0.5, 3)
            .add("k", new float[] {7})
            .build();

    @Test
    void oneVectorHasNamedViews() {
        assertEquals(10, parameters.size());
        assertEquals(List.of("W", "c", "k"), parameters.names());
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, parameters.values("c"));
        assertArrayEquals(new int[] {2, 3}, parameters.get("W").shape());
        assertArrayEquals(new int[0], parameters.get("k").shape());
        assertArrayEquals(
                new double[] {1, 2, 3, 4, 5, 6}, new Doubles().set(parameters).of(parameters.get("W")));
        assertEquals("W", parameters.nameAt(5));
        assertEquals("c", parameters.nameAt(6));
        assertEquals("k", parameters.nameAt(9));
    }

    @Test
    void gradientsOfTheVectorItselfAndOfItsViewsAreThoseOfTheFormula() {
        Doubles given = new Doubles().set(parameters);
        double[] twice = {2, 4, 6, 8, 10, 12, 1, 1, 1, 14};
        assertArrayEquals(
                twice, given.of(parameters.gradient(parameters.vector().square().sum())), 1e-12, "weight decay");
        var views = parameters
                .get("W")
                .square()
                .sum()
                .plus(parameters.get("c").square().sum())
                .plus(parameters.get("k").square());
        assertArrayEquals(twice, given.of(parameters.gradient(views)), 1e-12);
        var reshaped = parameters.get("W").reshape(3, 2).square().sum();
        assertArrayEquals(
                new double[] {2, 4, 6, 8, 10, 12, 0, 0, 0, 0}, given.of(parameters.gradient(reshaped)), 1e-12);
    }

    @Test
    void otherValuesLeaveTheseAsTheyAre() {
        Parameters other = parameters.with("c", new float[] {1, 2, 3});
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, parameters.values("c"));
        assertArrayEquals(new float[] {1, 2, 3}, other.values("c"));
        assertEquals(parameters.leaf(), other.leaf());
        parameters.values()[0] = 99;
        assertEquals(1, parameters.values()[0]);
    }

    @Test
    void rejectsWrongSizesAndNames() {
        assertThrows(ShapeException.class, () -> parameters.get("b"));
        assertThrows(ShapeException.class, () -> parameters.with(new float[3]));
        assertThrows(ShapeException.class, () -> parameters.with("c", new float[2]));
        assertThrows(ShapeException.class, () -> Parameters.named("o").add("a", new float[2], 3));
        assertThrows(
                ShapeException.class,
                () -> Parameters.named("o").filled("a", 0, 1).filled("a", 0, 1));
        assertEquals(0, Parameters.none().size());
        assertEquals(
                4,
                Parameters.named("o").uniform("u", 1, Noise.seed(1), 4).build().size());
    }
}
