package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;

/** Where chains begin: at normal noise, at random rows of data, or at given rows, one each. */
final class Origin {
    private final double center;
    private final Data rows;
    private final boolean inOrder;

    private Origin(double center, Data rows, boolean inOrder) {
        this.center = center;
        this.rows = rows;
        this.inOrder = inOrder;
    }

    /** Normal noise of standard deviation one about this number. */
    static Origin around(double center) {
        return new Origin(center, null, false);
    }

    /** Each chain at a random row. */
    static Origin anyOf(Data rows) {
        return new Origin(0, rows, false);
    }

    /** Chain i at row i. */
    static Origin each(Data rows) {
        return new Origin(0, rows, true);
    }

    boolean isNoise() {
        return rows == null;
    }

    /** First states: [chains, width]. Rows of v begin chains on (v, h) too, with h at normal noise. */
    float[] states(Target target, int chains, Noise noise) {
        Noise source = noise.split("start");
        float[] out = new float[Math.multiplyExact(chains, target.width())];
        if (rows == null) {
            source.normal(out, 0, out.length);
            shift(out, target);
            return out;
        }
        requireFit(target, chains);
        if (rows.width() < target.width()) {
            noise.split("hidden start").normal(out, 0, out.length);
        }
        int[] picked = inOrder ? null : Starts.rows(rows, chains, source);
        for (int i = 0; i < chains; i++) {
            rows.copyRow(inOrder ? i : picked[i], out, i * target.width());
        }
        return out;
    }

    /** The center is v's where there is a v. */
    private void shift(float[] out, Target target) {
        int shifted = target.visible() == 0 ? target.width() : target.visible();
        for (int i = 0; i < out.length; i++) {
            out[i] += i % target.width() < shifted ? (float) center : 0;
        }
    }

    private void requireFit(Target target, int chains) {
        if (rows.width() != target.width() && rows.width() != target.visible()) {
            throw new ShapeException(Facts.that("the rows to start at have the wrong width for " + target.name())
                    .expected(target.width() + (target.visible() > 0 ? ", or v alone: " + target.visible() : ""))
                    .butWas(rows.width()));
        }
        if (inOrder && rows.rows() != chains) {
            throw new ShapeException(Facts.that("continuingFrom: the rows do not fit the chains")
                    .expected(chains + " rows, one for each chain")
                    .butWas(rows.rows())
                    .hint("startingAt(rows) begins each chain at a random row"));
        }
    }

    @Override
    public String toString() {
        return rows == null ? "from noise" : inOrder ? "from given rows" : "from rows of the data";
    }
}
