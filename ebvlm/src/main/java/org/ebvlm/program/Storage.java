package org.ebvlm.program;

import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;

/** Where a program keeps a value: a run of floats in a buffer, row-major. */
final class Storage {
    private Storage() {}

    /** Why a buffer exists, which decides whether it may be used again for something else. */
    enum Role {
        INPUT,
        CONSTANT,
        OUTPUT,
        SCRATCH
    }

    /** A float array of the program; several scratch buffers may share one array. */
    static final class Buffer {
        final int size;
        final Role role;
        /** The input or constant it holds; null for computed values. */
        final Expr leaf;
        /** Its place among the program's arrays, once planned. */
        int slot = -1;

        Buffer(int size, Role role, Expr leaf) {
            this.size = size;
            this.role = role;
            this.leaf = leaf;
        }

        static Buffer of(Expr leaf) {
            boolean constant = leaf.op() instanceof Leaf.Constant;
            return new Buffer(leaf.size(), constant ? Role.CONSTANT : Role.INPUT, leaf);
        }
    }

    /** A view of a buffer from an offset on. */
    record Location(Buffer buffer, int offset) {
        Location plus(int more) {
            return new Location(buffer, offset + more);
        }
    }
}
