package org.ebvlm.datasets;

/** Independent coordinates. */
record DiagonalCovariance(double[] variance) implements Covariance {
    @Override
    public int width() {
        return variance.length;
    }

    @Override
    public double logDeterminant() {
        double sum = 0;
        for (double v : variance) {
            sum += StrictMath.log(v);
        }
        return sum;
    }

    @Override
    public void solve(double[] difference, double[] out) {
        for (int i = 0; i < variance.length; i++) {
            out[i] = difference[i] / variance[i];
        }
    }

    @Override
    public void color(double[] normal) {
        for (int i = 0; i < variance.length; i++) {
            normal[i] *= Math.sqrt(variance[i]);
        }
    }

    @Override
    public Covariance plus(double more) {
        double[] sum = variance.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more;
        }
        return new DiagonalCovariance(sum);
    }
}
