package org.ebvlm.program;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.program.LoopBody.Value;

/**
 * Java text that computes loop bodies many elements at a time with the Vector API.
 *
 * <p>Only operations whose result is defined to the last bit for each element are used, so that results do not depend on
 * whether the JVM has compiled a kernel yet: elementary functions are polynomials, as in {@link
 * org.ebvlm.math.FastMath}. What does not vary along the vector loop stays a plain number.
 */
final class VectorText {
    private static final Set<Pointwise> SCALAR_ONLY = EnumSet.of(Pointwise.SIN, Pointwise.COS, Pointwise.POW);

    private final Text text;
    private final int loop;

    VectorText(Text text, int loop) {
        this.text = text;
        this.loop = loop;
    }

    /** Whether every operation has a vector form. */
    static boolean canCompute(LoopBody body) {
        return body.values().stream().noneMatch(value -> SCALAR_ONLY.contains(value.op));
    }

    /** One of several elements of a value that a loop takes at a time: how its name ends, and how far off it lies in memory. */
    record Copy(String suffix, int offset) {}

    /** Writes the statements that give a value its name, or names if a loop takes several copies of it. */
    void define(Value value, List<Copy> copies) {
        if (copies.isEmpty()) {
            define(value);
        }
        for (Copy copy : copies) {
            String place = value.load.replace("]", " + " + copy.offset() + "]");
            if (value.variesWith(loop)) {
                let(value.name + copy.suffix(), loaded(place));
            } else {
                text.line("float " + value.name + copy.suffix() + " = " + place + ";");
            }
        }
    }

    private void define(Value value) {
        if (!value.variesWith(loop)) {
            text.line("float " + value.name + " = " + PointwiseText.of(value) + ";");
        } else if (value.from != null) {
            let(value.name, loaded(value.load));
        } else {
            apply(value);
        }
    }

    private static String loaded(String place) {
        return "FloatVector.fromArray(F, " + place.replace("[", ", ").replace("]", "") + ")";
    }

    /** A copy of a value as a vector. */
    String vector(Value value, String suffix) {
        String name = value.name + suffix;
        return suffix.isEmpty() ? vector(value) : value.variesWith(loop) ? name : splat(name);
    }

    /** A value as a vector. */
    String vector(Value value) {
        return value.number == null && value.variesWith(loop) ? value.name : splat(PointwiseText.term(value));
    }

    /** A value as an argument: vectors and plain numbers are both taken. */
    private String plain(Value value) {
        return value.number == null && value.variesWith(loop) ? value.name : PointwiseText.term(value);
    }

    /** A vector of one number. */
    private static String splat(String number) {
        return "FloatVector.broadcast(F, " + number + ")";
    }

    private void let(String name, String value) {
        text.line("FloatVector " + name + " = " + value + ";");
    }

    private void integers(String name, String value) {
        text.line("IntVector " + name + " = " + value + ";");
    }

    private void apply(Value value) {
        String name = value.name;
        Value first = value.arguments.get(0);
        String x = vector(first);
        switch (value.op) {
            case NEG -> let(name, x + ".neg()");
            case ABS -> let(name, x + ".abs()");
            case SQRT -> let(name, x + ".sqrt()");
            case SQUARE -> let(name, x + ".mul(" + x + ")");
            case RECIPROCAL -> let(name, splat("1f") + ".div(" + x + ")");
            case SIGN ->
                let(
                        name,
                        x + ".blend(1f, " + x + compare("GT", "0f") + ").blend(-1f, " + x + compare("LT", "0f") + ")");
            case FLOOR -> floor(name, x);
            case ROUND -> round(name, x);
            case ADD -> let(name, either(value, "add"));
            case MUL -> let(name, either(value, "mul"));
            case MAX -> extreme(value, "max", "LT");
            case MIN -> extreme(value, "min", "GT");
            case SUB -> let(name, x + ".sub(" + plain(value.arguments.get(1)) + ")");
            case DIV -> let(name, x + ".div(" + plain(value.arguments.get(1)) + ")");
            case GREATER -> let(name, splat("0f") + ".blend(1f, " + x + compare("GT", value) + ")");
            case EQUAL -> let(name, splat("0f") + ".blend(1f, " + x + compare("EQ", value) + ")");
            case WHERE ->
                let(
                        name,
                        vector(value.arguments.get(2)) + ".blend(" + plain(value.arguments.get(1)) + ", " + x
                                + compare("NE", "0f") + ")");
            case EXP -> exp(name, first);
            case EXPM1 -> expm1(name, x);
            case LOG -> log(name, x);
            case LOG1P -> log1p(name, x);
            case SIGMOID -> sigmoid(name, x);
            case SOFTPLUS -> softplus(name, x);
            case TANH -> tanh(name, x);
            case ELU -> elu(name, x);
            case SIN, COS, POW -> throw new IllegalStateException("no vector form of " + value.op);
        }
    }

    /** An operation that takes its arguments in either order, on a vector first. */
    private String either(Value value, String method) {
        Value x = value.arguments.get(0);
        Value y = value.arguments.get(1);
        return x.number == null && x.variesWith(loop)
                ? x.name + "." + method + "(" + plain(y) + ")"
                : vector(y) + "." + method + "(" + plain(x) + ")";
    }

    /** The larger or smaller of two. */
    private void extreme(Value value, String method, String beyond) {
        Value bound = value.arguments.get(1);
        let(
                value.name,
                bound.number == null
                        ? either(value, method)
                        : bounded(vector(value.arguments.get(0)), beyond, PointwiseText.term(bound)));
    }

    /** x, or a number where x is beyond it; NaN stays. Two instructions, where max and min take five, for the sake of NaN. */
    private static String bounded(String x, String beyond, String bound) {
        return x + ".blend(" + bound + ", " + x + compare(beyond, bound) + ")";
    }

    private String compare(String how, Value value) {
        return compare(how, plain(value.arguments.get(1)));
    }

    private static String compare(String how, String with) {
        return ".compare(VectorOperators." + how + ", " + with + ")";
    }

    // ---------------------------------------------------------------- elementary functions

    /**
     * x = n log 2 + r with |r| <= log(2) / 2; names {@code <name>q} = exp(r) - 1, and {@code <name>s}, a power of two.
     *
     * @param x cut down to where the power of two is a number
     * @param power bits of the power of two for n = 0: those of 1 for 2^n
     */
    private void reduce(String name, String x, String power) {
        let(name + "x", x);
        // Adding 1.5 * 2^23 rounds to a whole number, and leaves it in the lowest bits.
        let(name + "m", name + "x.fma(" + splat("1.44269504f") + ", " + splat("12582912f") + ")");
        let(name + "n", name + "m.sub(12582912f)");
        let(
                name + "r",
                name + "n.fma(" + splat("2.12194440e-4f") + ", " + name + "n.fma(" + splat("-0.693359375f") + ", "
                        + name + "x))");
        let(name + "p", name + "r.fma(" + splat("1.9875691500e-4f") + ", " + splat("1.3981999507e-3f") + ")");
        horner(name + "p", name + "r", "8.3334519073e-3f", "4.1665795894e-2f", "1.6666665459e-1f", "5.0000001201e-1f");
        let(name + "q", name + "p.fma(" + name + "r.mul(" + name + "r), " + name + "r)");
        let(
                name + "s",
                name + "m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(" + power
                        + ").reinterpretAsFloats()");
    }

    /** x, but not below the logarithm of the least number that is represented with all digits. */
    private String notTooLow(String name, String x) {
        let(name + "v", x);
        return bounded(name + "v", "LT", "-87.33f");
    }

    /** x between that and a highest number. */
    private String within(String name, String x, String highest) {
        let(name + "u", notTooLow(name, x));
        return bounded(name + "u", "GT", highest);
    }

    /** p = (..(p x + c0) x + c1 ..) x + cn. */
    private void horner(String p, String x, String... coefficients) {
        for (String c : coefficients) {
            text.line(p + " = " + p + ".fma(" + x + ", " + splat(c) + ");");
        }
    }

    /** exp(x) = 2 (2^(n-1) q + 2^(n-1)): unlike 2^n, that does not overflow for the largest finite results. */
    private void exp(String name, Value argument) {
        String x = vector(argument);
        if (isNeverPositive(argument)) {
            smallExp(name, x);
            return;
        }
        reduce(name, within(name, x, "88.73f"), "0x3F000000");
        let(name, name + "q.fma(" + name + "s, " + name + "s).mul(2f)");
    }

    /** exp(x), where it makes no difference that it is never more than 2^127. */
    private void boundedExp(String name, String x) {
        reduce(name, within(name, x, "88.02f"), "0x3F800000");
        let(name, name + "q.fma(" + name + "s, " + name + "s)");
    }

    /** exp(x) of x that is never positive, so that nothing can overflow. */
    private void smallExp(String name, String x) {
        reduce(name, notTooLow(name, x), "0x3F800000");
        let(name, name + "q.fma(" + name + "s, " + name + "s)");
    }

    private static boolean isNeverPositive(Value value) {
        return value.op == Pointwise.NEG && isNeverNegative(value.arguments.get(0));
    }

    private static boolean isNeverNegative(Value value) {
        return value.op == Pointwise.SQUARE
                || value.op == Pointwise.ABS
                || (value.op == Pointwise.MAX
                        && value.arguments.stream().anyMatch(each -> each.number != null && each.number >= 0));
    }

    /** exp(x) - 1 = 2 (2^(n-1) q + (2^(n-1) - 1/2)), precise also near zero, where n = 0. */
    private void expm1(String name, String x) {
        reduce(name, within(name, x, "88.73f"), "0x3F000000");
        let(name, name + "q.fma(" + name + "s, " + name + "s.sub(0.5f)).mul(2f)");
    }

    /** 2^n q + (2^n - 1), or x. */
    private void elu(String name, String x) {
        reduce(name, within(name, x, "0f"), "0x3F800000");
        let(name + "e", name + "q.fma(" + name + "s, " + name + "s.sub(1f))");
        let(name, name + "e.blend(" + x + ", " + x + compare("GT", "0f") + ")");
    }

    private void sigmoid(String name, String x) {
        boundedExp(name + "e", x + ".neg()");
        let(name, splat("1f") + ".div(" + name + "e.add(1f))");
    }

    /** max(x, 0) + log(1 + e) with e = exp(-|x|) <= 1, and log(1 + e) / e a polynomial (interpolation; error 4e-8). */
    private void softplus(String name, String x) {
        smallExp(name + "e", x + ".abs().neg()");
        let(
                name + "w",
                name + "e.fma(" + splat("5.126102361828089e-3f") + ", " + splat("-2.9074065387248993e-2f") + ")");
        horner(
                name + "w",
                name + "e",
                "7.75160863995552e-2f",
                "-1.3602247834205627e-1f",
                "1.9076880812644958e-1f",
                "-2.483539879322052e-1f",
                "3.331812024116516e-1f",
                "-4.999944567680359e-1f",
                "9.999999403953552e-1f");
        let(name, name + "w.fma(" + name + "e, " + bounded(x, "LT", "0f") + ")");
    }

    /** 1 - 2 / (exp(2 |x|) + 1) with the sign of x; near zero, where that cancels, an odd polynomial. */
    private void tanh(String name, String x) {
        let(name + "a", x + ".abs()");
        boundedExp(name + "e", name + "a.add(" + name + "a)");
        let(name + "b", splat("1f") + ".sub(" + splat("2f") + ".div(" + name + "e.add(1f)))");
        let(name + "c", name + "b.neg().blend(" + name + "b, " + x + compare("GT", "0f") + ")");
        let(name + "y", x + ".mul(" + x + ")");
        let(name + "w", name + "y.fma(" + splat("-5.70498872745e-3f") + ", " + splat("2.06390887954e-2f") + ")");
        horner(name + "w", name + "y", "-5.37397155531e-2f", "1.33314422036e-1f", "-3.33332819422e-1f");
        let(name + "d", name + "w.mul(" + name + "y).fma(" + x + ", " + x + ")");
        let(name, name + "c.blend(" + name + "d, " + name + "a" + compare("LT", "0.625f") + ")");
    }

    /** x = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); numbers too small to be normal count as zero. */
    private void log(String name, String x) {
        integers(name + "i", x + ".reinterpretAsInts().sub(0x3F3504F3)");
        let(
                name + "k",
                "(FloatVector) " + name + "i.lanewise(VectorOperators.ASHR, 23).convert(VectorOperators.I2F, 0)");
        let(name + "f", name + "i.and(0x007FFFFF).add(0x3F3504F3).reinterpretAsFloats().sub(1f)");
        let(name + "p", name + "f.fma(" + splat("7.0376836292e-2f") + ", " + splat("-1.1514610310e-1f") + ")");
        horner(
                name + "p",
                name + "f",
                "1.1676998740e-1f",
                "-1.2420140846e-1f",
                "1.4249322787e-1f",
                "-1.6668057665e-1f",
                "2.0000714765e-1f",
                "-2.4999993993e-1f",
                "3.3333331174e-1f",
                "-0.5f");
        let(name + "y", name + "f.mul(" + name + "f)");
        // f + (f^2 (p f - 1/2) + e LN2_LOW) + e LN2_HIGH
        let(name + "g", name + "p.fma(" + name + "y, " + name + "k.mul(-2.12194440e-4f))");
        let(name + "h", name + "k.fma(" + splat("0.693359375f") + ", " + name + "g.add(" + name + "f))");
        let(name + "j", name + "h.blend(Float.NEGATIVE_INFINITY, " + x + compare("LT", "1.17549435e-38f") + ")");
        let(name + "l", name + "j.blend(Float.NaN, " + x + compare("LT", "0f") + ")");
        // Infinity and NaN are their own logarithms.
        let(name, x + ".blend(" + name + "l, " + x + compare("LT", "Float.POSITIVE_INFINITY") + ")");
    }

    /** log(u) x / (u - 1) with u = 1 + x, which corrects the rounding of u (Kahan). */
    private void log1p(String name, String x) {
        let(name + "u", x + ".add(1f)");
        log(name + "v", name + "u");
        let(name + "c", name + "v.mul(" + x + ".div(" + name + "u.sub(1f)))");
        let(name + "o", name + "c.blend(" + name + "v, " + name + "u" + compare("EQ", "Float.POSITIVE_INFINITY") + ")");
        let(name, name + "o.blend(" + x + ", " + name + "u" + compare("EQ", "1f") + ")");
    }

    /** The nearest whole number, ties to even; floats from 2^23 on are whole. */
    private void round(String name, String x) {
        let(name + "a", x + ".abs()");
        let(name + "w", name + "a.add(8388608f).sub(8388608f)");
        let(name + "s", name + "w.neg().blend(" + name + "w, " + x + compare("GE", "0f") + ")");
        let(name, x + ".blend(" + name + "s, " + name + "a" + compare("LT", "8388608f") + ")");
    }

    private void floor(String name, String x) {
        round(name + "q", x);
        let(name, name + "q.blend(" + name + "q.sub(1f), " + name + "q" + compare("GT", x) + ")");
    }
}
