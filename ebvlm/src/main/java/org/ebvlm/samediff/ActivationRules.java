package org.ebvlm.samediff;

import static org.ebvlm.samediff.ArithmeticRules.floor;

import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Pointwise;

/** Functions of one array, element by element, and the softmax family. */
final class ActivationRules {
    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double SELU_ALPHA = 1.6732632423543772;

    private ActivationRules() {}

    static void addTo(Rows rows) {
        rows.unary("neg", Expr::neg);
        rows.unary("abs", Expr::abs);
        rows.unary("sign", Expr::sign);
        rows.unary("floor", ArithmeticRules::floor);
        rows.unary("ceil", x -> floor(x.neg()).neg());
        rows.unary("rint", x -> Expr.of(Pointwise.ROUND, x));
        // Halves go away from zero.
        rows.unary("round", x -> x.sign().times(floor(x.abs().plus(0.5))));
        rows.unary("square", Expr::square);
        rows.unary("cube", x -> x.square().times(x));
        rows.unary("sqrt", Expr::sqrt);
        rows.unary("rsqrt", x -> x.sqrt().reciprocal());
        rows.unary("Reciprocal", Expr::reciprocal);
        rows.unary("exp", Expr::exp);
        rows.unary("expm1", Expr::expm1);
        rows.unary("log", Expr::log);
        rows.unary("log1p", Expr::log1p);
        rows.scalar("log_x", (x, base) -> x.log().over(base.log()));

        rows.unary("sin", Expr::sin);
        rows.unary("cos", Expr::cos);
        rows.unary("tan", x -> x.sin().over(x.cos()));
        rows.unary("sinh", x -> x.expm1().minus(x.neg().expm1()).times(0.5));
        rows.unary("cosh", x -> x.exp().plus(x.neg().exp()).times(0.5));
        rows.unary("tanh", Expr::tanh);
        rows.unary("asinh", ActivationRules::asinh);
        rows.unary("acosh", x -> x.plus(x.square().minus(1).sqrt()).log());
        rows.unary("atanh", x -> x.log1p().minus(x.neg().log1p()).times(0.5));

        rows.unary("sigmoid", Expr::sigmoid);
        rows.unary("logsigmoid", x -> x.neg().softplus().neg());
        rows.unary("softplus", Expr::softplus);
        rows.unary("softsign", x -> x.over(x.abs().plus(1)));
        rows.unary("swish", x -> x.times(x.sigmoid()));
        rows.unary("mish", x -> x.times(x.softplus().tanh()));
        rows.unary("gelu", x -> x.times(x.times(1.702).sigmoid()));
        rows.unary("precise_gelu", ActivationRules::preciseGelu);
        rows.row("elu", call -> elu(call.in(), call.number(0)));
        rows.unary("selu", x -> elu(x, SELU_ALPHA).times(SELU_SCALE));
        rows.scalar("relu", Expr::max);
        rows.scalar("relu6", (x, cutoff) -> x.max(cutoff).min(6));
        rows.scalar("leakyrelu", (x, slope) -> x.greater(0).where(x, x.times(slope)));
        rows.binary("prelu", (x, slope) -> x.greater(0).where(x, x.times(slope)));
        rows.unary("crelu", x -> Expr.concat(-1, List.of(x.max(0), x.neg().max(0))));
        rows.scalar("step", Expr::greater);
        rows.unary("hardtanh", x -> clipped(x, -1, 1));
        rows.unary("hard_sigmoid", x -> clipped(x.times(0.2).plus(0.5), 0, 1));
        rows.unary("rectified_tanh", x -> x.tanh().max(0));
        rows.row("ClipByValue", call -> clipped(call.in(), call.number(0), call.number(1)));
        rows.row("clipbynorm", ActivationRules::clippedByNorm);

        rows.row("softmax", call -> call.in().softmax(call.integerOr(0, -1)));
        rows.row("log_softmax", call -> logSoftmax(call.in(), call.integerOr(0, -1)));
    }

    /** sign(x) log(|x| + sqrt(x^2 + 1)), written so that small x keep their digits. */
    private static Expr asinh(Expr x) {
        Expr beyond = x.square().over(x.square().plus(1).sqrt().plus(1));
        return x.sign().times(x.abs().plus(beyond).log1p());
    }

    private static Expr clipped(Expr x, double low, double high) {
        return x.max(low).min(high);
    }

    private static Expr elu(Expr x, double alpha) {
        return alpha == 1 ? x.elu() : x.greater(0).where(x, x.elu().times(alpha));
    }

    /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
    private static Expr preciseGelu(Expr x) {
        Expr inner = x.square().times(0.044715).plus(1).times(x).times(Math.sqrt(2 / Math.PI));
        return x.times(inner.tanh().plus(1)).times(0.5);
    }

    /** x, shortened to the norm c where it is longer: x c / max(|x|, c). */
    private static Expr clippedByNorm(Call call) {
        double c = call.number(0);
        Expr squared = call.in().square().sumKeep(call.axes());
        return call.in().times(squared.max(c * c).sqrt().reciprocal().times(c));
    }

    static Expr logSoftmax(Expr x, int axis) {
        Expr centred = x.minus(ReductionRules.kept(x, x.maxOver(axis), axis).held());
        return centred.minus(centred.exp().sumKeep(axis).log());
    }
}
