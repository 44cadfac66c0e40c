package org.ebvlm.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.ebvlm.program.Storage.Role;

/** The convolutions of a {@link Plan}: by minimal filtering where that is quicker, and natively elsewhere. */
final class ConvolutionPlan {
    private final List<Step> steps;
    private final Function<Expr, Location> locate;
    private final Function<Expr, Location> placeEarly;
    private final Vectors.Width width;
    private final Adjoints adjoints;
    private final Set<Expr> made = new HashSet<>();
    private final Map<Transformed, Location> transformedWeights = new HashMap<>();

    /** Weights as they are or turned round, and the matrices that transform them. */
    private record Transformed(Expr weights, boolean turned, String by) {
        static Transformed of(Expr weights, boolean turned, Tiling tiling) {
            String down = Arrays.deepToString(tiling.down().weights());
            return new Transformed(
                    weights, turned, down + Arrays.deepToString(tiling.across().weights()));
        }
    }

    /**
     * @param order of all expressions
     * @param steps where they go
     * @param locate says where a value is
     * @param placeEarly says where a value will be that is made before its turn
     */
    ConvolutionPlan(
            List<Expr> order,
            List<Step> steps,
            Function<Expr, Location> locate,
            Function<Expr, Location> placeEarly,
            Vectors.Width width) {
        this.steps = steps;
        this.locate = locate;
        this.placeEarly = placeEarly;
        this.width = width;
        this.adjoints = new Adjoints(order);
    }

    /** Whether a value has been made with another one. */
    boolean hasMade(Expr node) {
        return made.contains(node);
    }

    /** Adds the steps of a convolution or of one of its adjoints. */
    void schedule(Expr node, Location target) {
        Convolution op = (Convolution) node.op();
        List<Expr> parts = op.parts(node.inputs());
        parts.set(op.missing().ordinal(), node);
        Expr image = parts.get(0);
        Expr weights = parts.get(1);
        Expr result = parts.get(2);
        Geometry g = op.geometry();
        int images = image.shape(0);
        int in = weights.shape(2);
        int out = weights.shape(3);
        if (!Tiling.suits(g, images, in, out, width)) {
            natively(node, target);
            return;
        }
        switch (op.missing()) {
            case RESULT -> winograd(Tiling.of(g, images, in, out), image, weights, false, target);
            case IMAGE -> winograd(Tiling.turned(g, images, in, out), result, weights, true, target);
            case WEIGHTS -> {
                Tiling tiling = Tiling.of(g, images, in, out);
                WeightGradient gradient = new WeightGradient(tiling, locate.apply(image), locate.apply(result), width);
                steps.add(gradient);
                steps.add(gradient.total(target));
            }
        }
    }

    private void winograd(Tiling tiling, Expr from, Expr weights, boolean turned, Location target) {
        Location transformed = transformedWeights.computeIfAbsent(Transformed.of(weights, turned, tiling), key -> {
            Buffer buffer = new Buffer(tiling.classes() * tiling.weights(), Role.SCRATCH);
            Location at = new Location(buffer, 0, Layout.rowMajor(new int[] {buffer.size}));
            steps.add(new WinogradWeights(tiling, locate.apply(weights), turned, at, width));
            return at;
        });
        steps.add(new Winograd(tiling, locate.apply(from), transformed, target, width));
    }

    /** Both adjoints of one result are made together where the other's inputs are there, too. */
    private void natively(Expr node, Location target) {
        Convolution op = (Convolution) node.op();
        List<NativeConvolution.Operand> given = new ArrayList<>(operands(node));
        List<NativeConvolution.Operand> wanted = new ArrayList<>();
        wanted.add(operand(op.missing(), target, node));
        Expr partner = adjoints.partner(node);
        if (partner != null && !made.contains(partner) && isReady(partner, node)) {
            made.add(partner);
            operands(partner).stream()
                    .filter(operand -> operand.part() != Convolution.Part.RESULT)
                    .forEach(given::add);
            wanted.add(operand(((Convolution) partner.op()).missing(), placeEarly.apply(partner), partner));
        }
        steps.add(new NativeConvolution(op.geometry(), given, wanted));
    }

    private List<NativeConvolution.Operand> operands(Expr node) {
        List<NativeConvolution.Operand> operands = new ArrayList<>();
        List<Expr> parts = ((Convolution) node.op()).parts(node.inputs());
        for (Convolution.Part part : Convolution.Part.values()) {
            Expr input = parts.get(part.ordinal());
            if (input != null) {
                operands.add(operand(part, locate.apply(input), input));
            }
        }
        return operands;
    }

    private static NativeConvolution.Operand operand(Convolution.Part part, Location at, Expr node) {
        return new NativeConvolution.Operand(part, Mirror.Place.of(at, node.size()), node.shape());
    }

    /** Whether all that a later node reads is worked out before an earlier one. */
    private static boolean isReady(Expr later, Expr earlier) {
        return later.inputs().stream().allMatch(input -> input.compareTo(earlier) < 0);
    }
}
