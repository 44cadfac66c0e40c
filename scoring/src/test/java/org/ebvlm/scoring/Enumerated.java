package org.ebvlm.scoring;

import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * What the estimators estimate at one point, by summing over all h in double precision:
 * E_q[grad_v log p~] and, along z, E_q[d/dtheta z . grad_v log p~] + Cov_q(z . grad_v log p~, grad_theta log p~).
 */
final class Enumerated {
    final double[] score;
    final double[] meanPart;
    final double[] covariance;
    /** The largest norm over h of grad_v log p~, of grad_theta log p~, and of d/dtheta z . grad_v log p~; and |z . g|. */
    double largestSlope;

    double largestWeightSlope;
    double largestMixed;
    double largestTangent;

    Enumerated(EnergyModel model, double[] probabilities, double[] point, double[] z) {
        Expr v = Expr.input("v", 1, model.visible());
        Expr h = Expr.input("h", 1, model.hidden());
        Doubles given = new Doubles().set(model.parameters()).set(v, point);
        Expr log = model.energy(v, h).neg();
        Expr slope = Differentiation.gradient(log, v);
        Expr tangent = slope.times(Expr.constant(z, 1, z.length)).sum();
        Expr mixed = Differentiation.gradient(tangent, model.parameters().leaf());
        Expr weights = Differentiation.gradient(log, model.parameters().leaf());
        int size = model.parameters().size();
        score = new double[point.length];
        meanPart = new double[size];
        covariance = new double[size];
        double[] product = new double[size];
        double[] meanWeights = new double[size];
        double meanTangent = 0;
        for (int state = 0; state < probabilities.length; state++) {
            double p = probabilities[state];
            given.set(h, Models.bits(state, model.hidden()));
            double a = given.scalar(tangent);
            double[] g = given.of(slope);
            double[] w = given.of(weights);
            double[] m = given.of(mixed);
            add(score, p, g);
            add(meanPart, p, m);
            add(product, p * a, w);
            add(meanWeights, p, w);
            meanTangent += p * a;
            largestSlope = Math.max(largestSlope, norm(g));
            largestWeightSlope = Math.max(largestWeightSlope, norm(w));
            largestMixed = Math.max(largestMixed, norm(m));
            largestTangent = Math.max(largestTangent, Math.abs(a));
        }
        for (int i = 0; i < size; i++) {
            covariance[i] = product[i] - meanTangent * meanWeights[i];
        }
    }

    double[] gradient() {
        double[] sum = meanPart.clone();
        add(sum, 1, covariance);
        return sum;
    }

    /** p(h | v) by exp(-E) over its sum. */
    static double[] posterior(EnergyModel model, double[] point) {
        Expr v = Expr.input("v", 1, model.visible());
        Expr h = Expr.input("h", 1, model.hidden());
        Doubles given = new Doubles().set(model.parameters()).set(v, point);
        Expr energy = model.energy(v, h);
        double[] p = new double[1 << model.hidden()];
        double sum = 0;
        for (int state = 0; state < p.length; state++) {
            p[state] =
                    Math.exp(-given.set(h, Models.bits(state, model.hidden())).scalar(energy));
            sum += p[state];
        }
        for (int state = 0; state < p.length; state++) {
            p[state] /= sum;
        }
        return p;
    }

    static Enumerated exact(EnergyModel model, double[] point, double[] z) {
        return new Enumerated(model, posterior(model, point), point, z);
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }

    static double norm(double[] x) {
        double sum = 0;
        for (double each : x) {
            sum += each * each;
        }
        return Math.sqrt(sum);
    }
}
