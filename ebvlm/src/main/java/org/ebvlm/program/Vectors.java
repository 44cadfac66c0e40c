package org.ebvlm.program;

import java.util.Locale;

/**
 * Whether generated code uses the JDK's Vector API, an incubator module that is there only if Java was started with
 * {@code --add-modules jdk.incubator.vector}, as {@code bin/ebvlm} does. Without it everything works, with plain loops
 * and more slowly. {@code -Debvlm.vectors=false} switches it off.
 */
public final class Vectors {
    private static final String MODULE = "jdk.incubator.vector";

    /** Narrower vectors lack instructions that generated code needs, and are slower than plain loops. */
    private static final int FEWEST_LANES = 8;

    private static final String OBSTACLE = obstacle();

    /**
     * How many floats a loop takes at a time.
     *
     * @param lanes one for plain loops
     */
    record Width(int lanes) {
        static final Width PLAIN = new Width(1);
    }

    private static final Width PREFERRED = OBSTACLE.isEmpty() ? new Width(species()) : Width.PLAIN;

    private Vectors() {}

    /** Whether vectors are there, and fast. */
    public static boolean available() {
        return OBSTACLE.isEmpty();
    }

    /** How many floats this machine takes at once; 1 for plain loops. */
    public static int lanes() {
        return PREFERRED.lanes();
    }

    static Width preferred() {
        return PREFERRED;
    }

    /** One line for a report on this machine. */
    public static String description() {
        return available() ? lanes() + " floats wide (Vector API)" : "plain loops: " + OBSTACLE;
    }

    private static String obstacle() {
        if ("false".equals(System.getProperty("ebvlm.vectors"))) {
            return "ebvlm.vectors is false";
        }
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!processor.equals("amd64") && !processor.equals("x86_64")) {
            return "vectors are not tried on " + processor;
        }
        // Vector code that no optimising compiler turns into instructions is a hundred times slower than plain loops.
        String mode = System.getProperty("java.vm.info", "");
        if (mode.contains("interpreted") || mode.contains("client")) {
            return "this Java runs without its optimising compiler";
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return "start Java with --add-modules " + MODULE;
        }
        return species() < FEWEST_LANES ? "this processor's vectors are narrower than " + FEWEST_LANES + " floats" : "";
    }

    /** The static compiler does not see the module, hence by name. */
    private static int species() {
        try {
            Object species = Class.forName(MODULE + ".FloatVector")
                    .getField("SPECIES_PREFERRED")
                    .get(null);
            return (int)
                    Class.forName(MODULE + ".VectorSpecies").getMethod("length").invoke(species);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the Vector API is not as expected: " + e, e);
        }
    }
}
