package org.ebvlm.program;

import org.ebvlm.graph.Pointwise;
import org.ebvlm.program.LoopBody.Value;

/** Java text of the pointwise operations in single precision. */
final class PointwiseText {
    private PointwiseText() {}

    /** How a value is loaded or computed. */
    static String of(Value value) {
        return value.from != null
                ? value.load
                : pattern(value.op)
                        .formatted(value.arguments.stream()
                                .map(PointwiseText::term)
                                .toArray());
    }

    /** A value in an expression: its name, or the number it is. */
    static String term(Value value) {
        return value.number != null ? number(value.number) : value.name;
    }

    private static String pattern(Pointwise op) {
        return switch (op) {
            case NEG -> "-%s";
            case EXP -> "FastMath.exp(%s)";
            case EXPM1 -> "FastMath.expm1(%s)";
            case LOG -> "FastMath.log(%s)";
            case LOG1P -> "FastMath.log1p(%s)";
            case SQRT -> "(float) Math.sqrt(%s)";
            case SQUARE -> "%1$s * %1$s";
            case RECIPROCAL -> "1f / %s";
            case SIGMOID -> "FastMath.sigmoid(%s)";
            case SOFTPLUS -> "FastMath.softplus(%s)";
            case TANH -> "FastMath.tanh(%s)";
            case ELU -> "%1$s > 0f ? %1$s : FastMath.expm1(%1$s)";
            case SIN -> "(float) Math.sin(%s)";
            case COS -> "(float) Math.cos(%s)";
            case ABS -> "Math.abs(%s)";
            case SIGN -> "Math.signum(%s)";
            case FLOOR -> "(float) Math.floor(%s)";
            case ROUND -> "(float) Math.rint(%s)";
            case ADD -> "%s + %s";
            case SUB -> "%s - %s";
            case MUL -> "%s * %s";
            case DIV -> "%s / %s";
            case POW -> "(float) Math.pow(%s, %s)";
            case MAX -> "Math.max(%s, %s)";
            case MIN -> "Math.min(%s, %s)";
            case GREATER -> "%s > %s ? 1f : 0f";
            case EQUAL -> "%s == %s ? 1f : 0f";
            case WHERE -> "%s != 0f ? %s : %s";
        };
    }

    private static String number(double value) {
        float x = (float) value;
        if (Float.isNaN(x)) {
            return "Float.NaN";
        } else if (Float.isInfinite(x)) {
            return x > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
        }
        return x < 0 ? "(" + x + "f)" : x + "f";
    }
}
