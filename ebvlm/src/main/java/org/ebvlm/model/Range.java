package org.ebvlm.model;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;

/**
 * Between which numbers a network's result is kept, by a sigmoid; everywhere if low = high.
 *
 * <pre>low + (high - low) sigmoid(x);   between -1 and 1 that is tanh(x / 2)</pre>
 */
record Range(double low, double high) {
    static final Range EVERYWHERE = new Range(0, 0);

    /** Between two numbers, if they can be that. */
    static Range of(String doing, double from, double to) {
        if (!(from < to && Double.isFinite(to - from))) {
            throw new SettingException(Facts.that(doing + ": not a range")
                    .expected("two finite numbers, the smaller first")
                    .butWas(from + " and " + to));
        }
        return new Range(from, to);
    }

    boolean isBounded() {
        return high > low;
    }

    Expr squash(Expr x) {
        return isBounded() ? x.sigmoid().times(high - low).plus(low) : x;
    }

    void describe(Description folder) {
        if (isBounded()) {
            folder.add("low", low).add("high", high);
        }
    }

    static Range described(Description folder) {
        boolean isSaid = folder.has("low") || folder.has("high");
        return isSaid ? of("a saved range", folder.number("low"), folder.number("high")) : EVERYWHERE;
    }

    @Override
    public String toString() {
        return "[" + low + ", " + high + "]";
    }
}
