package org.ebvlm.shell;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * A Java source file as a program: compiled in memory, then the {@code main} of its first class is called. Java does the
 * same for {@code java File.java}, but Java 17 warns about the vector module each time, and an error that nobody catches
 * would be told with all frames.
 */
final class JavaFile {
    private final Path file;
    private final PrintStream err;

    JavaFile(Path file, PrintStream err) {
        this.file = file;
        this.err = err;
    }

    /** Runs the file; see {@link Scripts#run}. */
    int run(List<String> arguments, Runnable ready) {
        MemoryClasses classes = new MemoryClasses();
        String main = compile(classes);
        if (main == null) {
            return Scripts.FAILED;
        }
        Thread.currentThread().setContextClassLoader(classes);
        ready.run();
        try {
            call(classes.loadClass(main), arguments);
            return 0;
        } catch (InvocationTargetException e) {
            String name = file.getFileName().toString();
            System.out.flush();
            err.println(Thrown.of(e.getCause(), name).text(name, file.toString(), 1));
            return Scripts.FAILED;
        } catch (ReflectiveOperationException e) {
            throw new SettingException(Facts.that("run: " + file + " cannot be started")
                    .expected("public static void main(String[] args) in its first class")
                    .butWas(e.getMessage()));
        }
    }

    /** Compiles, and gives the name of the first class; null after errors, which are told. */
    private String compile(MemoryClasses classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    classes.writtenBy(files),
                    found,
                    List.of("-proc:none", "-classpath", System.getProperty("java.class.path")),
                    null,
                    files.getJavaFileObjects(file));
            CompilationUnitTree unit = task.parse().iterator().next();
            task.generate();
            List<Diagnostic<? extends JavaFileObject>> errors = found.getDiagnostics().stream()
                    .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                    .toList();
            errors.forEach(err::println);
            return errors.isEmpty() ? firstClass(unit) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String firstClass(CompilationUnitTree unit) {
        ClassTree first = unit.getTypeDecls().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .findFirst()
                .orElseThrow(() -> new SettingException(Facts.that("run: there is no class in " + file)
                        .expected("a class with a main")
                        .butWas("none")
                        .hint("statements without a class go into a .jsh file")));
        String name = first.getSimpleName().toString();
        return unit.getPackageName() == null ? name : unit.getPackageName() + "." + name;
    }

    /** Calls main; newer Java knows it also without arguments, and without {@code static}. */
    private static void call(Class<?> type, List<String> arguments) throws ReflectiveOperationException {
        Method main = main(type);
        main.setAccessible(true);
        Object owner = null;
        if (!Modifier.isStatic(main.getModifiers())) {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            owner = constructor.newInstance();
        }
        if (main.getParameterCount() == 0) {
            main.invoke(owner);
        } else {
            main.invoke(owner, (Object) arguments.toArray(String[]::new));
        }
    }

    private static Method main(Class<?> type) throws NoSuchMethodException {
        try {
            return type.getDeclaredMethod("main", String[].class);
        } catch (NoSuchMethodException e) {
            return type.getDeclaredMethod("main");
        }
    }
}
