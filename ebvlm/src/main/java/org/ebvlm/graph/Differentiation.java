package org.ebvlm.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.ShapeException;

/**
 * Derivatives of expressions as expressions, in both modes and to any order.
 *
 * <p>Only what is asked for is built: nothing is propagated to inputs that no requested variable feeds. The result is an
 * ordinary expression, so a score is {@code gradient(logDensity, v)}, its parameter gradient another {@code gradient},
 * and a Hessian-vector product {@code tangent(gradient(f, x), x, z)}.
 */
public final class Differentiation {
    private Differentiation() {}

    /** The gradient of the sum of all elements of {@code y} with respect to {@code x}, of the shape of {@code x}. */
    public static Expr gradient(Expr y, Expr x) {
        return gradient(y, List.of(x)).get(0);
    }

    /** The gradients of the sum of all elements of {@code y}; zeros where {@code y} does not depend on a variable. */
    public static List<Expr> gradient(Expr y, List<Expr> variables) {
        return vjp(y, y.filled(1), variables);
    }

    /**
     * Reverse mode, the vector-Jacobian product: the gradient of {@code sum(cotangent * y)} with {@code cotangent} held.
     *
     * @param y what is differentiated
     * @param cotangent weights of its elements, of its shape
     * @param variables inputs or {@linkplain Expr#point points}
     * @return one expression of each variable's shape
     */
    public static List<Expr> vjp(Expr y, Expr cotangent, List<Expr> variables) {
        same("vjp: the cotangent", y, cotangent);
        variables.forEach(Differentiation::requirePoint);
        Set<Expr> wanted = new HashSet<>();
        wanted.addAll(variables);
        List<Expr> order = Expr.sorted(List.of(y));
        Set<Expr> active = active(order, wanted);
        Map<Expr, Expr> flow = new HashMap<>();
        flow.put(y, cotangent);
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr node = order.get(i);
            Expr incoming = flow.get(node);
            if (incoming == null || !active.contains(node) || node.op() instanceof Leaf) {
                continue;
            }
            List<Expr> outgoing = node.op().cotangents(node, incoming);
            for (int k = 0; k < outgoing.size(); k++) {
                Expr input = node.inputs().get(k);
                if (outgoing.get(k) != null && active.contains(input)) {
                    flow.merge(input, outgoing.get(k), Expr::plus);
                }
            }
        }
        List<Expr> gradients = new ArrayList<>();
        for (Expr variable : variables) {
            gradients.add(flow.getOrDefault(variable, variable.filled(0)));
        }
        return gradients;
    }

    /**
     * Forward mode, the Jacobian-vector product: the derivative of {@code y} as {@code x} moves along {@code direction}.
     *
     * @param y what is differentiated
     * @param x an input or a {@linkplain Expr#point point}
     * @param direction of the shape of {@code x}
     * @return an expression of the shape of {@code y}
     */
    public static Expr jvp(Expr y, Expr x, Expr direction) {
        return jvp(List.of(y), Map.of(x, direction)).get(0);
    }

    /** Forward mode for several results and several moving variables at once; work in common is shared. */
    public static List<Expr> jvp(List<Expr> results, Map<Expr, Expr> directions) {
        directions.forEach((x, direction) -> {
            requirePoint(x);
            same("jvp: the direction", x, direction);
        });
        Map<Expr, Expr> tangents = new HashMap<>(directions);
        for (Expr node : Expr.sorted(results)) {
            if (tangents.containsKey(node) || node.op() instanceof Leaf) {
                continue;
            }
            List<Expr> incoming = new ArrayList<>();
            boolean moves = false;
            for (Expr input : node.inputs()) {
                Expr tangent = tangents.get(input);
                incoming.add(tangent);
                moves |= tangent != null;
            }
            Expr tangent = moves ? node.op().tangent(node, incoming) : null;
            if (tangent != null) {
                tangents.put(node, tangent);
            }
        }
        List<Expr> out = new ArrayList<>();
        for (Expr y : results) {
            out.add(tangents.getOrDefault(y, y.filled(0)));
        }
        return out;
    }

    /** The nodes on a path from a wanted one. */
    private static Set<Expr> active(List<Expr> order, Set<Expr> wanted) {
        Set<Expr> active = new HashSet<>();
        for (Expr node : order) {
            if (wanted.contains(node) || node.inputs().stream().anyMatch(active::contains)) {
                active.add(node);
            }
        }
        return active;
    }

    private static void requirePoint(Expr x) {
        if (!x.isPoint()) {
            throw new GraphException(Facts.that("derivatives cannot be taken with respect to " + x)
                    .expected("an input or a point, which no simplification looks through")
                    .butWas(x.op().name())
                    .hint("take p = x.point(), build on p, and differentiate with respect to p"));
        }
    }

    private static void same(String doing, Expr like, Expr given) {
        if (!Arrays.equals(like.shape(), given.shape())) {
            throw new ShapeException(Facts.that(doing + " has the wrong shape")
                    .expected(Shapes.text(like.shape()))
                    .butWas(Shapes.text(given.shape())));
        }
    }
}
