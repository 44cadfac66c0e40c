package org.ebvlm.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.ShapeException;

/**
 * An expression with something else in place of an input: f(x) becomes f(e). So a function that was built on given
 * parameters can be evaluated, and differentiated, at parameters that are themselves computed, as after a step of descent,
 *
 * <pre>phi' = phi - rate dG/dphi,   J(theta, phi') = Substitution.of(phi, phi').in(J)</pre>
 *
 * <p>The graph is built anew where it depends on the input and shared elsewhere; nothing is changed in place. The
 * replacement may itself contain the input: it is put in once. What is {@linkplain Expr#held held} of the input is held of
 * the replacement, and a {@linkplain Expr#point point} stays one (a new one, found by {@code in(point)}), so derivatives are
 * those of the function written with the replacement from the beginning. Costs about a microsecond a node; what is substituted
 * once is remembered, so further expressions of the same graph cost only what is new in them. Not thread-safe.
 */
public final class Substitution {
    private final Map<Expr, Expr> known = new HashMap<>();

    private Substitution(Expr input, Expr replacement) {
        known.put(input, replacement);
    }

    /**
     * Puts an expression in an input's place.
     *
     * @param input an input, or a {@linkplain Expr#point point}
     * @param replacement of the same shape
     */
    public static Substitution of(Expr input, Expr replacement) {
        if (!input.isPoint()) {
            throw new GraphException(Facts.that("Substitution.of: " + input + " cannot be replaced")
                    .expected("an input or a point, which no simplification looks through")
                    .butWas(input.op().name())
                    .hint("take p = x.point(), build on p, and replace p"));
        }
        if (!Arrays.equals(input.shape(), replacement.shape())) {
            throw new ShapeException(Facts.that("Substitution.of: the replacement has another shape")
                    .expected(Shapes.text(input.shape()) + "   (" + input + ")")
                    .butWas(Shapes.text(replacement.shape())));
        }
        return new Substitution(input, replacement);
    }

    /** Puts nothing in any place. */
    public static Substitution none() {
        Expr nothing = Expr.input("nothing");
        return new Substitution(nothing, nothing);
    }

    /** The expression with the replacement in the input's place; itself if it does not depend on the input. */
    public Expr in(Expr y) {
        for (Expr node : Expr.sorted(List.of(y))) {
            if (!known.containsKey(node)) {
                known.put(node, rebuilt(node));
            }
        }
        return known.get(y);
    }

    private Expr rebuilt(Expr node) {
        Expr[] inputs = node.inputs().stream().map(known::get).toArray(Expr[]::new);
        // Equal expressions are one object, so a node whose inputs stayed is found again as itself.
        return Arrays.asList(inputs).equals(node.inputs()) ? node : Expr.of(node.op(), inputs);
    }
}
