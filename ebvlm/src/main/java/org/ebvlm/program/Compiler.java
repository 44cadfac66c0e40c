package org.ebvlm.program;

import java.util.LinkedHashMap;
import java.util.Map;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.janino.SimpleCompiler;

/** Turns generated Java text into code, by Janino, in memory. Equal text is compiled once. */
final class Compiler {
    /** Compiled classes kept for the next program with the same text: a cell that is run again starts at once. */
    private static final int KEPT = 256;

    private static final Map<String, Schedule> CACHE = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Schedule> eldest) {
            return size() > KEPT;
        }
    };

    private Compiler() {}

    /** An instance of the text's class {@code org.ebvlm.generated.Generated}; it has no state. */
    static synchronized Schedule compile(String text) {
        return CACHE.computeIfAbsent(text, Compiler::fresh);
    }

    private static Schedule fresh(String text) {
        try {
            SimpleCompiler compiler = new SimpleCompiler();
            compiler.setParentClassLoader(Compiler.class.getClassLoader());
            compiler.cook(text);
            return (Schedule) compiler.getClassLoader()
                    .loadClass("org.ebvlm.generated.Generated")
                    .getConstructor()
                    .newInstance();
        } catch (CompileException | ReflectiveOperationException e) {
            throw new IllegalStateException("generated text does not compile: " + e.getMessage() + "\n" + text, e);
        }
    }
}
