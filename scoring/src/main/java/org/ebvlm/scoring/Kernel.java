package org.ebvlm.scoring;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;

/**
 * A kernel that depends on the squared distance alone, k(x, y) = f(||x - y||^2). All that Stein discrepancies need
 * follows from f and its first two derivatives:
 *
 * <pre>
 * grad_x k = 2 f' (x - y),   grad_y k = -2 f' (x - y),   tr grad_x grad_y k = -2 d f' - 4 f'' r^2
 * </pre>
 *
 * <p>They are expressions, so that a kernel of one's own is compiled into the loops over pairs as the present ones are.
 */
public interface Kernel {

    /** What reports call it. */
    String name();

    /** This kernel with its bandwidth settled on data; itself if it has one. */
    Kernel settledOn(Data data);

    /** The same on rows whose distances somebody else wants as well; unless a kernel says so, on the rows alone. */
    default Kernel settledOn(Distances distances) {
        return settledOn(distances.data());
    }

    /** The rule that its bandwidth waits for; empty once it is settled, and for kernels without one rule. */
    default Optional<Bandwidth> rule() {
        return Optional.empty();
    }

    /** The length that distances are measured by, a bandwidth if there is one; 1 for a kernel that does not say. */
    default double length() {
        return 1;
    }

    /**
     * This kernel of distances in units of its {@link #length}, g(r^2) = f(length^2 r^2). It does not depend on the length
     * any more, so that what is compiled for one bandwidth serves all.
     */
    default Kernel unit() {
        return this;
    }

    /** f at squared distances. */
    Expr value(Expr squaredDistance);

    /** f' at squared distances. */
    Expr slope(Expr squaredDistance);

    /** f'' at squared distances; unless a kernel says it with fewer operations, the derivative of the slope. */
    default Expr bend(Expr squaredDistance) {
        Expr r2 = squaredDistance.point();
        return Differentiation.jvp(slope(r2), r2, r2.filled(1));
    }

    /** f''' at squared distances, which curl-free kernels need; unless a kernel says it with fewer operations, the derivative. */
    default Expr third(Expr squaredDistance) {
        Expr r2 = squaredDistance.point();
        return Differentiation.jvp(bend(r2), r2, r2.filled(1));
    }

    /** This kernel plus another, which sees distances that this one does not. */
    default Kernel plus(Kernel other) {
        return new KernelSum(this, other);
    }

    /** a if f' = a f, as the Gaussian kernel has it, -1 / (2 bandwidth^2); empty for others. */
    default OptionalDouble logSlope() {
        return OptionalDouble.empty();
    }

    /** f or one of its derivatives. */
    enum Part {
        /** f. */
        VALUE,
        /** f'. */
        SLOPE,
        /** f''. */
        BEND,
        /** f'''. */
        THIRD
    }

    /**
     * f or a derivative at many squared distances in double precision, for whoever solves equations with it. Unless a kernel
     * does it faster, by evaluating the expression, some tens of nanoseconds each.
     *
     * @param size how many, from the first on
     * @param out receives them; may be the array of the squared distances itself
     */
    default void evaluate(Part part, double[] squaredDistances, int size, double[] out) {
        Expr r2 = Expr.input("squared distances", size);
        UnaryOperator<Expr> f =
                switch (part) {
                    case VALUE -> this::value;
                    case SLOPE -> this::slope;
                    case BEND -> this::bend;
                    case THIRD -> this::third;
                };
        double[] given = Arrays.copyOf(squaredDistances, size);
        double[] found = Interpreter.evaluate(f.apply(r2).broadcastTo(size), Map.of(r2, given));
        System.arraycopy(found, 0, out, 0, size);
    }

    /** Bandwidth checked to be positive and finite. */
    static double checkedBandwidth(String kernel, double bandwidth) {
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that(kernel + ".bandwidth: not a length")
                    .expected("a positive number")
                    .butWas(bandwidth)
                    .hint("or " + kernel + ".medianHeuristic()"));
        }
        return bandwidth;
    }
}
