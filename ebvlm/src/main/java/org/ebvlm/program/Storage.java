package org.ebvlm.program;

import java.util.Arrays;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;

/** Where a program keeps a value: elements of a buffer, one stride an axis. */
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
        /** How it holds the leaf. */
        final int[] strides;
        /** Its place among the program's arrays, once planned. */
        int slot = -1;

        Buffer(int size, Role role) {
            this.size = size;
            this.role = role;
            this.leaf = null;
            this.strides = null;
        }

        Buffer(Expr leaf, int[] strides) {
            this.size = leaf.size();
            this.role = leaf.op() instanceof Leaf.Constant ? Role.CONSTANT : Role.INPUT;
            this.leaf = leaf;
            this.strides = strides;
        }
    }

    /**
     * Elements of a buffer.
     *
     * @param buffer where
     * @param offset of the first element
     * @param strides of the axes, zero along those of size one
     */
    record Location(Buffer buffer, int offset, int[] strides) {
        Location with(int moreOffset, int[] otherStrides) {
            return new Location(buffer, offset + moreOffset, otherStrides);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Location that
                    && buffer == that.buffer
                    && offset == that.offset
                    && Arrays.equals(strides, that.strides);
        }

        @Override
        public int hashCode() {
            return 31 * buffer.hashCode() + offset;
        }
    }
}
