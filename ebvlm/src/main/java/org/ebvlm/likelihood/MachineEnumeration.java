package org.ebvlm.likelihood;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.BoltzmannMachine;

/**
 * log Z of a Boltzmann machine exactly, in double precision: a sum over all states of one side, the other summed in closed
 * form given each. Over the odd units h,
 *
 * <pre>
 * Z = sum_h exp( c . h + sum_i phi_i( (M h)_i ) )
 * phi(a) = b a + 1/2 s^2 a^2 + log( s sqrt(2 pi) )   for a real unit,     softplus(b + a)   for a binary one
 * </pre>
 *
 * and over the even units likewise, where all of them are binary and fewer. States come in Gray-code order, so each changes
 * one column of M: 2^units times the other side's units operations, each of them an exponential where that side is binary.
 */
public final class MachineEnumeration {
    /** The most units that are enumerated: a million states. */
    public static final int LIMIT = 20;

    /** The side that is enumerated: biases, and a row of couplings for each unit. */
    private final double[] bias;

    private final double[][] rows;
    /** The other side. */
    private final double[] otherBias;

    private final double[] std;

    private MachineEnumeration(double[] bias, double[][] rows, double[] otherBias, double[] std) {
        this.bias = bias;
        this.rows = rows;
        this.otherBias = otherBias;
        this.std = std;
    }

    /** Whether a side is small enough. */
    public static boolean isPossibleFor(BoltzmannMachine model) {
        return model.oddUnits() <= LIMIT || (model.hasBinaryVisible() && model.evenUnits() <= LIMIT);
    }

    /** log Z; refused where no side that can be enumerated has at most {@link #LIMIT} units. */
    public static LogPartition of(BoltzmannMachine model) {
        if (!isPossibleFor(model)) {
            throw new SettingException(Facts.that("MachineEnumeration: too many units")
                    .expected("at most " + LIMIT + " hidden units that see v"
                            + (model.hasBinaryVisible() ? ", or of the others" : ""))
                    .butWas(model.oddUnits() + (model.hasBinaryVisible() ? " and " + model.evenUnits() : ""))
                    .hint("use Ais"));
        }
        boolean overOdd = !model.hasBinaryVisible() || model.oddUnits() <= model.evenUnits();
        MachineEnumeration sum = overOdd ? overOdd(model.sides()) : overEven(model.sides());
        return LogPartition.exact(sum.logSum(), "enumeration of 2^" + sum.bias.length + " states");
    }

    private static MachineEnumeration overOdd(BoltzmannMachine.Sides sides) {
        int odd = sides.oddBias().length;
        double[][] rows = new double[odd][sides.evenBias().length];
        for (int k = 0; k < sides.coupling().length; k++) {
            rows[k % odd][k / odd] = sides.coupling()[k];
        }
        return new MachineEnumeration(sides.oddBias(), rows, sides.evenBias(), sides.std());
    }

    private static MachineEnumeration overEven(BoltzmannMachine.Sides sides) {
        int odd = sides.oddBias().length;
        double[][] rows = new double[sides.evenBias().length][odd];
        for (int k = 0; k < sides.coupling().length; k++) {
            rows[k / odd][k % odd] = sides.coupling()[k];
        }
        return new MachineEnumeration(sides.evenBias(), rows, sides.oddBias(), new double[0]);
    }

    private double logSum() {
        double[] field = new double[otherBias.length];
        double top = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double own = 0;
        for (long k = 0; k < 1L << bias.length; k++) {
            Interruption.check("the enumeration of states");
            if (k > 0) {
                int j = Long.numberOfTrailingZeros(k);
                double sign = ((k ^ k >> 1) >> j & 1) == 1 ? 1 : -1;
                own += sign * bias[j];
                for (int i = 0; i < field.length; i++) {
                    field[i] += sign * rows[j][i];
                }
            }
            double term = own + other(field);
            if (term > top) {
                sum *= Math.exp(top - term);
                top = term;
            }
            sum += Math.exp(term - top);
        }
        return top + Math.log(sum) + logVolume(std);
    }

    /** The sum of phi without the volumes, which no state changes. */
    private double other(double[] field) {
        double sum = 0;
        for (int i = 0; i < std.length; i++) {
            sum += field[i] * (otherBias[i] + 0.5 * std[i] * std[i] * field[i]);
        }
        for (int i = std.length; i < field.length; i++) {
            sum += softplus(otherBias[i] + field[i]);
        }
        return sum;
    }

    /** c . h + sum_i phi_i( (M h)_i ): the sum over the even units given odd ones, which need not be 0 or 1. */
    static double logSumGiven(BoltzmannMachine model, float[] odd) {
        BoltzmannMachine.Sides sides = model.sides();
        MachineEnumeration over = overOdd(sides);
        double own = 0;
        double[] field = new double[sides.evenBias().length];
        for (int j = 0; j < odd.length; j++) {
            own += odd[j] * sides.oddBias()[j];
            for (int i = 0; i < field.length; i++) {
                field[i] += odd[j] * over.rows[j][i];
            }
        }
        return own + over.other(field) + logVolume(sides.std());
    }

    /** sum_i log( s_i sqrt(2 pi) ). */
    private static double logVolume(double[] s) {
        double sum = 0;
        for (double each : s) {
            sum += Math.log(each) + 0.5 * Math.log(2 * Math.PI);
        }
        return sum;
    }

    /** log(1 + exp(x)), without overflow. */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
