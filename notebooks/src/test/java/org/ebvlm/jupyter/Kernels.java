package org.ebvlm.jupyter;

/** The kernel under test: the classes of this build, with the flags of an installed one. */
final class Kernels {
    static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    static final Launch LAUNCH = Launch.on(CLASS_PATH, null);

    private Kernels() {}
}
