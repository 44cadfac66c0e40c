package org.ebvlm.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.graph.Convolution.Part;
import org.ebvlm.graph.Expr;

/** Finds the two adjoints of one convolution result, image gradient and weight gradient, which native code makes together. */
final class Adjoints {
    private final Map<Expr, Expr> partners = new HashMap<>();

    /** What two adjoints must have in common; one result's slope may be that of another convolution, too. */
    private record Key(Geometry geometry, Expr result, int channels) {}

    Adjoints(List<Expr> order) {
        Map<Key, Expr> images = adjoints(order, Part.IMAGE);
        adjoints(order, Part.WEIGHTS).forEach((key, weights) -> {
            Expr image = images.get(key);
            if (image != null) {
                partners.put(image, weights);
                partners.put(weights, image);
            }
        });
    }

    private static Map<Key, Expr> adjoints(List<Expr> order, Part missing) {
        Map<Key, Expr> all = new HashMap<>();
        for (Expr node : order) {
            if (node.op() instanceof Convolution convolution && convolution.missing() == missing) {
                Expr result = convolution.parts(node.inputs()).get(Part.RESULT.ordinal());
                int channels = node.shape(missing == Part.IMAGE ? 3 : 2);
                all.putIfAbsent(new Key(convolution.geometry(), result, channels), node);
            }
        }
        return all;
    }

    /** The other adjoint of the same result; null if there is none. */
    Expr partner(Expr node) {
        return partners.get(node);
    }
}
