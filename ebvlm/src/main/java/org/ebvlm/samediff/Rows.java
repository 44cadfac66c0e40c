package org.ebvlm.samediff;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ebvlm.graph.Expr;

/** A table from names of operations to their rules, and the ways to write a row of it. */
final class Rows {
    private final Map<String, Rule> rules = new TreeMap<>();

    Rule find(String name) {
        return rules.get(name);
    }

    Set<String> names() {
        return Collections.unmodifiableSet(rules.keySet());
    }

    /** An operation with several results. */
    void many(String name, Rule rule) {
        rules.put(name, rule);
    }

    /** An operation with one result. */
    void row(String name, Function<Call, Expr> rule) {
        many(name, call -> List.of(rule.apply(call)));
    }

    /** A function of one array. */
    void unary(String name, UnaryOperator<Expr> rule) {
        row(name, call -> rule.apply(call.in()));
    }

    /** A function of an array and a number given as an attribute. */
    void scalar(String name, BinaryOperator<Expr> rule) {
        row(name, call -> rule.apply(call.in(), Expr.constant(call.scalar())));
    }

    /** A function of two arrays that broadcast. */
    void binary(String name, BinaryOperator<Expr> rule) {
        row(name, call -> rule.apply(call.in(0), call.in(1)));
    }

    /** A function of two arrays that broadcast, and of an array and a number under another name. */
    void binary(String name, String withNumber, BinaryOperator<Expr> rule) {
        binary(name, rule);
        scalar(withNumber, rule);
    }
}
