package org.ebvlm.samediff;

import java.util.Set;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/** All operations that can be read, by their SameDiff name. */
final class Vocabulary {
    private static final Rows ROWS = new Rows();

    static {
        ArithmeticRules.addTo(ROWS);
        ActivationRules.addTo(ROWS);
        ReductionRules.addTo(ROWS);
        LayoutRules.addTo(ROWS);
        IndexRules.addTo(ROWS);
        ProductRules.addTo(ROWS);
        ImageRules.addTo(ROWS);
        LossRules.addTo(ROWS);
    }

    private Vocabulary() {}

    static Set<String> names() {
        return ROWS.names();
    }

    /** The rule for an operation, or a refusal that says what to do instead. */
    static Rule rule(SameDiffOp node) {
        Rule rule = ROWS.find(node.getOp().opName());
        if (rule == null) {
            Facts facts =
                    Facts.that("read: no rule for operation '" + node.getOp().opName() + "', which computes '"
                            + node.getOutputsOfOp().get(0) + "'");
            throw new GraphException(
                    isRandom(node)
                            ? facts.expected("a graph without random operations")
                                    .hint("noise is an input: pass it as a placeholder")
                            : facts.expected("one of " + names()).hint("write it in terms of these"));
        }
        return rule;
    }

    private static boolean isRandom(SameDiffOp node) {
        return node.getOp().getClass().getPackageName().startsWith("org.nd4j.linalg.api.ops.random");
    }
}
