package org.ebvlm.samediff;

import java.util.function.BinaryOperator;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.graph.Shapes;
import org.nd4j.linalg.api.buffer.DataType;

/** Arithmetic, comparisons and logic, element by element, with broadcasting. */
final class ArithmeticRules {
    private ArithmeticRules() {}

    static void addTo(Rows rows) {
        rows.binary("add", "add_scalar", Expr::plus);
        rows.binary("subtract", "sub_scalar", Expr::minus);
        rows.binary("reversesubtract", "rsub_scalar", (x, y) -> y.minus(x));
        rows.binary("multiply", "mul_scalar", Expr::times);
        rows.row("divide", call -> divided(call, call.in(0), call.in(1)));
        rows.row("div_scalar", call -> divided(call, call.in(), Expr.constant(call.scalar())));
        rows.row("reversedivide", call -> divided(call, call.in(1), call.in(0)));
        rows.row("rdiv_scalar", call -> divided(call, Expr.constant(call.scalar()), call.in()));
        rows.binary("floordiv", (x, y) -> floor(quotient(x, y)));
        rows.binary("floormod", ArithmeticRules::modulo);
        rows.binary("mod", ArithmeticRules::modulo);
        rows.scalar("fmod_scalar", (x, y) -> x.minus(truncated(quotient(x, y)).times(y)));
        rows.binary("squaredsubtract", (x, y) -> x.minus(y).square());
        rows.binary("Pow", "pow", Expr::pow);
        rows.binary("maximum", "max_scalar", Expr::max);
        rows.binary("minimum", "scalar_min", Expr::min);
        rows.scalar("set_scalar", (x, number) -> number.broadcastTo(x.shape()));
        rows.binary("assign", (x, y) -> y.broadcastTo(x.shape()));

        rows.row("mergeadd", call -> all(call, Expr::plus));
        rows.row("mergeavg", call -> all(call, Expr::plus).over(call.count()));
        rows.row("mergemax", call -> all(call, Expr::max));

        rows.binary("greater", "greaterthan_scalar", Expr::greater);
        rows.binary("less", "lessthan_scalar", (x, y) -> y.greater(x));
        rows.binary("greater_equal", "greaterthanorequal_scalar", (x, y) -> not(y.greater(x)));
        rows.binary("less_equal", "lessthanorequal_scalar", (x, y) -> not(x.greater(y)));
        rows.binary("equals", "equals_scalar", Expr::equalTo);
        rows.binary("not_equals", "notequals_scalar", (x, y) -> not(x.equalTo(y)));

        rows.binary("and", (x, y) -> truth(x).times(truth(y)));
        rows.binary("or", (x, y) -> truth(x).max(truth(y)));
        rows.binary("xor", (x, y) -> not(truth(x).equalTo(truth(y))));
        rows.unary("bool_not", x -> x.equalTo(x.filled(0)));
        rows.row("Where", ArithmeticRules::where);

        rows.unary("isnan", x -> not(x.equalTo(x)));
        rows.unary("isinf", x -> x.abs().equalTo(x.filled(Double.POSITIVE_INFINITY)));
        rows.unary("isfinite", x -> x.filled(Double.POSITIVE_INFINITY).greater(x.abs()));

        rows.row("cast", ArithmeticRules::cast);
        rows.unary("identity", x -> x);
        rows.unary("stop_gradient", Expr::held);
    }

    private static Expr divided(Call call, Expr x, Expr y) {
        return call.isInteger() ? truncated(quotient(x, y)) : x.over(y);
    }

    /** x / y to the last bit: times(1 / y) would make 49 / 49 less than one. */
    private static Expr quotient(Expr x, Expr y) {
        int[] common = Shapes.broadcast("division", x.shape(), y.shape());
        return Expr.of(Pointwise.DIV, x.broadcastTo(common), y.broadcastTo(common));
    }

    /** With the sign of y. */
    private static Expr modulo(Expr x, Expr y) {
        return x.minus(floor(quotient(x, y)).times(y));
    }

    static Expr floor(Expr x) {
        return Expr.of(Pointwise.FLOOR, x);
    }

    /** Without the fraction, towards zero. */
    static Expr truncated(Expr x) {
        return x.sign().times(floor(x.abs()));
    }

    /** 1 where zero, 0 where one. */
    static Expr not(Expr x) {
        return x.neg().plus(1);
    }

    /** 1 where not zero, else 0. */
    static Expr truth(Expr x) {
        return not(x.equalTo(x.filled(0)));
    }

    private static Expr all(Call call, BinaryOperator<Expr> both) {
        return call.inputs().stream().reduce(both).orElseThrow();
    }

    private static Expr where(Call call) {
        if (call.count() != 3) {
            throw call.refusal("has a result whose size depends on values", "use where(x, y, condition)");
        }
        return rowwise(call.in(0), call.in(1)).where(call.in(1), call.in(2));
    }

    /** A vector of conditions chooses whole rows. */
    private static Expr rowwise(Expr condition, Expr x) {
        if (condition.rank() != 1 || x.rank() < 2) {
            return condition;
        }
        return condition.reshape(Integers.along(0, x.rank(), condition.size()));
    }

    private static Expr cast(Call call) {
        return call.type() == DataType.BOOL ? truth(call.in()) : call.isInteger() ? truncated(call.in()) : call.in();
    }
}
