package org.ebvlm.samediff;

import org.ebvlm.graph.Expr;
import org.nd4j.autodiff.loss.LossReduce;

/** SameDiff's loss functions: of predictions, weights and labels, one number an element or row, then reduced. */
final class LossRules {
    private LossRules() {}

    private interface Loss {
        Expr of(Expr prediction, Expr label, Call call);
    }

    static void addTo(Rows rows) {
        loss(rows, "mean_sqerr_loss", (p, y, call) -> p.minus(y).square());
        loss(rows, "absolute_difference_loss", (p, y, call) -> p.minus(y).abs());
        loss(rows, "huber_loss", (p, y, call) -> huber(p.minus(y).abs(), call.number(0)));
        loss(rows, "hinge_loss", (p, y, call) -> hinge(p, y));
        loss(rows, "log_loss", (p, y, call) -> logLoss(p, y, call.number(0)));
        loss(rows, "sigm_cross_entropy_loss", (p, y, call) -> sigmoidCrossEntropy(p, smoothed(y, 0.5, call)));
        loss(
                rows,
                "softmax_cross_entropy_loss",
                (p, y, call) -> softmaxCrossEntropy(p, smoothed(y, 1.0 / y.shape(-1), call)));
        rows.unary("l2_loss", x -> x.square().sum().times(0.5));
    }

    private static void loss(Rows rows, String name, Loss loss) {
        rows.row(name, call -> reduced(call, loss.of(call.in(0), call.in(2), call)));
    }

    private static Expr reduced(Call call, Expr losses) {
        Expr weights = call.in(1).broadcastTo(losses.shape());
        Expr weighted = losses.times(weights);
        return switch (LossReduce.values()[call.integer(0)]) {
            case NONE -> weighted;
            case SUM -> weighted.sum();
            case MEAN_BY_WEIGHT -> weighted.sum().over(weights.sum());
            case MEAN_BY_NONZERO_WEIGHT_COUNT ->
                weighted.sum().over(ArithmeticRules.truth(weights).sum());
        };
    }

    /** d^2 / 2 up to delta, then a line. */
    private static Expr huber(Expr distance, double delta) {
        Expr inner = distance.min(delta);
        return inner.square().times(0.5).plus(distance.minus(inner).times(delta));
    }

    /** Labels 0 and 1 stand for -1 and 1. */
    private static Expr hinge(Expr p, Expr y) {
        return y.times(2).minus(1).times(p).neg().plus(1).max(0);
    }

    private static Expr logLoss(Expr p, Expr y, double epsilon) {
        Expr one = y.times(p.plus(epsilon).log());
        Expr zero = y.neg().plus(1).times(p.neg().plus(1 + epsilon).log());
        return one.plus(zero).neg();
    }

    /** softplus(x) - x y. */
    private static Expr sigmoidCrossEntropy(Expr logits, Expr y) {
        return logits.softplus().minus(logits.times(y));
    }

    private static Expr softmaxCrossEntropy(Expr logits, Expr y) {
        return y.times(ActivationRules.logSoftmax(logits, -1)).sumKeep(-1).neg();
    }

    /** Labels drawn towards a uniform value by the first number. */
    private static Expr smoothed(Expr y, double uniform, Call call) {
        double share = call.number(0);
        return y.times(1 - share).plus(share * uniform);
    }
}
