package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;

/** The sum of two kernels, positive definite where both are. */
record KernelSum(Kernel one, Kernel other) implements Kernel {

    @Override
    public KernelSum settledOn(Data data) {
        return new KernelSum(one.settledOn(data), other.settledOn(data));
    }

    @Override
    public KernelSum settledOn(Distances distances) {
        return new KernelSum(one.settledOn(distances), other.settledOn(distances));
    }

    @Override
    public Expr value(Expr r2) {
        return one.value(r2).plus(other.value(r2));
    }

    @Override
    public Expr slope(Expr r2) {
        return one.slope(r2).plus(other.slope(r2));
    }

    @Override
    public Expr bend(Expr r2) {
        return one.bend(r2).plus(other.bend(r2));
    }

    @Override
    public Expr third(Expr r2) {
        return one.third(r2).plus(other.third(r2));
    }

    @Override
    public void evaluate(Part part, double[] squaredDistances, int size, double[] out) {
        double[] first = new double[size];
        one.evaluate(part, squaredDistances, size, first);
        other.evaluate(part, squaredDistances, size, out);
        for (int i = 0; i < size; i++) {
            out[i] += first[i];
        }
    }

    @Override
    public String name() {
        return one.name() + " + " + other.name();
    }

    @Override
    public String toString() {
        return name();
    }
}
