package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;

/**
 * All tuples of K draws of binary h at one row v, with their probabilities, in double precision: expectations of estimates
 * without sampling. A hard draw is forced by its uniform number: 0 gives 1, and 1 gives 0.
 */
final class DrawEnumeration {
    private final EnergyModel model;
    private final Posterior q;
    private final Expr v;
    private final int samples;
    private final Map<Expr, double[]> given = new HashMap<>();

    DrawEnumeration(EnergyModel model, Posterior q, int samples, double... row) {
        this.model = model;
        this.q = q;
        this.samples = samples;
        this.v = Expr.input("row", 1, row.length);
        given.put(v, row);
        give(model.parameters());
        give(q.parameters());
    }

    DrawEnumeration give(Parameters parameters) {
        given.put(parameters.leaf(), Doubles.widened(parameters.values()));
        return this;
    }

    Expr row() {
        return v;
    }

    private int states() {
        return 1 << q.hidden();
    }

    int tuples() {
        return (int) Math.pow(states(), samples);
    }

    /** h of a tuple, [K, hidden]. */
    double[] draws(int tuple) {
        double[] h = new double[samples * q.hidden()];
        int rest = tuple;
        for (int k = 0; k < samples; k++) {
            System.arraycopy(Models.bits(rest % states(), q.hidden()), 0, h, k * q.hidden(), q.hidden());
            rest /= states();
        }
        return h;
    }

    /** The values of expressions when the tuple is drawn. */
    List<double[]> at(int tuple, List<Expr> results) {
        Map<Expr, double[]> all = new HashMap<>(given);
        double[] h = draws(tuple);
        int from = 0;
        for (Expr node : Expr.sorted(results)) {
            if (node.op() instanceof Leaf.Input input && input.source() == Leaf.Source.UNIFORM) {
                int units = node.shape(1);
                double[] u = new double[node.size()];
                for (int i = 0; i < u.length; i++) {
                    u[i] = 1 - h[i / units * q.hidden() + from + i % units];
                }
                all.put(node, u);
                from += units;
            }
        }
        return Interpreter.evaluate(results, all);
    }

    /** The probability of a tuple. */
    double probability(int tuple) {
        Expr h = Expr.input("h", samples, q.hidden());
        Map<Expr, double[]> all = new HashMap<>(given);
        all.put(h, draws(tuple));
        return Math.exp(Interpreter.evaluate(q.logProbOfDraws(v, h).sum(), all)[0]);
    }

    /** The mean of an expression of the draws, and of its squares. */
    double[][] moments(Expr y) {
        double[][] moments = new double[2][y.size()];
        for (int t = 0; t < tuples(); t++) {
            double p = probability(t);
            double[] value = at(t, List.of(y)).get(0);
            for (int i = 0; i < value.length; i++) {
                moments[0][i] += p * value[i];
                moments[1][i] += p * value[i] * value[i];
            }
        }
        return moments;
    }

    /** The mean of an expression of the draws. */
    double[] mean(Expr y) {
        return moments(y)[0];
    }

    /** The trace of the covariance of an expression of the draws. */
    double variance(Expr y) {
        double[][] moments = moments(y);
        double sum = 0;
        for (int i = 0; i < y.size(); i++) {
            sum += moments[1][i] - moments[0][i] * moments[0][i];
        }
        return sum;
    }

    /** A function of the K log weights. */
    interface Bound {
        /** A scalar of log joint masses [K, 1] and log posterior masses [K, 1]. */
        Expr of(Expr logJoint, Expr logPosterior);
    }

    /** The mean of a function of log weights as an expression of all parameters: the sum over tuples. */
    Expr expected(Bound bound) {
        List<Expr> terms = new ArrayList<>();
        for (int t = 0; t < tuples(); t++) {
            Expr h = Expr.constant(draws(t), samples, q.hidden());
            Expr logQ = q.logProbOfDraws(v, h).reshape(samples, 1);
            Expr logP = model.logUnnormalised(Stack.repeated(v, samples), h).reshape(samples, 1);
            terms.add(logQ.sum().exp().times(bound.of(logP, logQ).sum()).reshape(1));
        }
        return Expr.concat(0, terms).sum();
    }

    /** log 1/K sum of exp(l), in its plainest form. */
    static Expr plainBound(Expr logJoint, Expr logPosterior) {
        return logJoint.minus(logPosterior).exp().mean().log();
    }

    double[] value(Expr y) {
        return Interpreter.evaluate(y, given);
    }

    double[] gradient(Expr y, Parameters by) {
        return value(by.gradient(y));
    }

    static double distance(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    static double[] negated(double... a) {
        return Arrays.stream(a).map(x -> -x).toArray();
    }

    /** The gradient of a sum of elements by an expression's point. */
    static Expr slope(Expr y, Expr at) {
        return Differentiation.gradient(y, at);
    }
}
