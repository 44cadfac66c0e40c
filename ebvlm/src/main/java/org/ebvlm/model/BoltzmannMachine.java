package org.ebvlm.model;

import org.ebvlm.graph.Expr;

/**
 * An energy of layers in which only neighbours act on each other, so that its units fall in two groups, each independent
 * within itself given the other: the even layers, v and where there is one a second hidden layer, and the odd layer, the
 * hidden units that see v. A restricted machine has nothing but v on the even side.
 *
 * <pre>
 * E(x, h) = sum of what each unit of x has by itself - c . h - x' M h,   x the even units, h the odd ones
 * p(h = 1 | x) = sigmoid(c + M' x)
 * </pre>
 *
 * <p>Both conditionals are known in closed form, and so is the sum over either side given the other: all that block Gibbs
 * sampling, annealed importance sampling and enumeration need.
 */
public interface BoltzmannMachine extends EnergyModel {

    /** Number of even units: {@link #visible} and those of a second hidden layer, in this order. */
    int evenUnits();

    /** Number of odd units: the hidden layer that sees v. */
    int oddUnits();

    /**
     * c + M' x, the log odds of each odd unit given the even ones.
     *
     * @param even [n, even]
     * @return [n, odd]
     */
    Expr drive(Expr even);

    /**
     * E[x | h].
     *
     * @param odd [n, odd]; need not be 0 or 1, in a mean field for example
     * @return [n, even]
     */
    Expr evenMean(Expr odd);

    /**
     * A draw of the even units given their conditional means; each call makes a noise input of its own for each layer.
     *
     * @param mean [n, even]
     * @return [n, even]
     */
    Expr evenDraw(Expr mean);

    /** The machine's numbers, the same for every kind. */
    Sides sides();

    @Override
    BoltzmannMachine with(Parameters values);

    /**
     * The numbers of a machine in double precision.
     *
     * @param evenBias [even]: means of real v, biases of binary units
     * @param std [visible] for real v; empty for binary v
     * @param oddBias [odd]
     * @param coupling M, [even, odd], row-major: p(h = 1 | x) = sigmoid(oddBias + M' x), and a real v has the mean
     *     evenBias + std^2 M h
     */
    record Sides(double[] evenBias, double[] std, double[] oddBias, double[] coupling) {}
}
