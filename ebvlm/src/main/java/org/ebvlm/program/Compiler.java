package org.ebvlm.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.janino.SimpleCompiler;

/**
 * Turns generated Java text into code, by Janino, in memory. Equal loops are compiled once, by Janino and then by the
 * JVM: a cell that is run again starts at once.
 */
final class Compiler {
    /** Compiled loops kept for the next program. */
    private static final int KEPT = 4096;

    private static final String PACKAGE = "org.ebvlm.generated";

    private static final Map<String, GeneratedLoop> CACHE = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, GeneratedLoop> eldest) {
            return size() > KEPT;
        }
    };

    private static int made;

    private Compiler() {}

    /**
     * The code of loops; it has no state.
     *
     * @param bodies statements of each method {@code run(float[][] b, int[] at)}
     * @param vectors whether they use the Vector API
     */
    static synchronized List<GeneratedLoop> loops(List<String> bodies, boolean vectors) {
        Map<String, GeneratedLoop> all = new HashMap<>();
        Set<String> fresh = new LinkedHashSet<>();
        for (String body : bodies) {
            GeneratedLoop known = CACHE.get(body);
            if (known == null) {
                fresh.add(body);
            } else {
                all.put(body, known);
            }
        }
        if (!fresh.isEmpty()) {
            all.putAll(compile(new ArrayList<>(fresh), vectors));
        }
        return bodies.stream().map(all::get).toList();
    }

    private static Map<String, GeneratedLoop> compile(List<String> bodies, boolean vectors) {
        String unit = "Unit" + made++;
        StringBuilder classes = new StringBuilder();
        for (int i = 0; i < bodies.size(); i++) {
            classes.append("""

                        public static final class Loop%d implements GeneratedLoop {
                            public void run(float[][] b, int[] at) {
                    %s        }
                        }
                    """.formatted(i, bodies.get(i)));
        }
        String text = """
                package %s;

                %simport org.ebvlm.math.FastMath;
                import org.ebvlm.program.GeneratedLoop;
                import org.ebvlm.program.Lanes;

                public final class %s {
                %s%s}
                """.formatted(
                        PACKAGE,
                        vectors ? "import jdk.incubator.vector.*;\n" : "",
                        unit,
                        vectors ? "    static final VectorSpecies F = FloatVector.SPECIES_PREFERRED;\n" : "",
                        classes);
        ClassLoader loader = load(text);
        Map<String, GeneratedLoop> compiled = new HashMap<>();
        for (int i = 0; i < bodies.size(); i++) {
            GeneratedLoop loop = instance(loader, PACKAGE + "." + unit + "$Loop" + i, GeneratedLoop.class, text);
            CACHE.put(bodies.get(i), loop);
            compiled.put(bodies.get(i), loop);
        }
        return compiled;
    }

    /**
     * An instance of the class {@code org.ebvlm.generated.Generated} of a text.
     *
     * @param type the public interface that the class implements
     */
    static <T> T compile(String text, Class<T> type) {
        return instance(load(text), PACKAGE + ".Generated", type, text);
    }

    private static ClassLoader load(String text) {
        try {
            SimpleCompiler compiler = new SimpleCompiler();
            compiler.setParentClassLoader(Compiler.class.getClassLoader());
            compiler.cook(text);
            return compiler.getClassLoader();
        } catch (CompileException e) {
            throw new IllegalStateException("generated text does not compile: " + e.getMessage() + "\n" + text, e);
        }
    }

    private static <T> T instance(ClassLoader loader, String name, Class<T> type, String text) {
        try {
            return type.cast(loader.loadClass(name).getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("generated text does not load: " + e + "\n" + text, e);
        }
    }
}
