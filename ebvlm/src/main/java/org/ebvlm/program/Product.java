package org.ebvlm.program;

/** Sizes of a matrix product C = A B, with A [m, k], B [k, n], and how A and B are stored. */
record Product(int m, int k, int n, boolean transposeA, boolean transposeB) {

    /** Number of multiplications. */
    long work() {
        return (long) m * k * n;
    }

    String a(String i, String l) {
        return transposeA ? l + " * " + m + " + " + i : i + " * " + k + " + " + l;
    }

    String b(String l, String j) {
        return transposeB ? j + " * " + k + " + " + l : l + " * " + n + " + " + j;
    }

    String c(String i, String j) {
        return i + " * " + n + " + " + j;
    }
}
