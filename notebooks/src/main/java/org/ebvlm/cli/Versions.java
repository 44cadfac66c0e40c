package org.ebvlm.cli;

import org.nd4j.linalg.factory.Nd4j;

/** Versions of what runs. */
final class Versions {
    private Versions() {}

    /** This toolkit's version, from the jar it came in. */
    static String toolkit() {
        String version = Versions.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }

    static String nd4j() {
        String version = Nd4j.class.getPackage().getImplementationVersion();
        return version == null ? "1.0.0-M2.1" : version;
    }

    static String text() {
        return "ebvlm " + toolkit() + ", ND4J " + nd4j() + ", Java " + Runtime.version();
    }
}
