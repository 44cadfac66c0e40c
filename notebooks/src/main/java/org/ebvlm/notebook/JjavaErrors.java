package org.ebvlm.notebook;

import java.lang.reflect.Field;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.ebvlm.errors.EbvlmException;

/**
 * How JJava tells an error of this toolkit: its message and the user's own lines. JJava itself would add its own calls, and
 * the message a second time. Any other error is told as JJava tells it.
 *
 * <p>Its classes are there only where JJava is; elsewhere the first use of this one is a {@link LinkageError}.
 */
final class JjavaErrors extends StringStyler {
    /** JJava wraps what a cell threw, and says in its message what that was. */
    private static final Pattern WRAPPED =
            Pattern.compile("java\\.lang\\.RuntimeException: (org\\.ebvlm\\.[\\w.$]+), (.*)");

    private static final Pattern CALL = Pattern.compile("\\tat .*");

    /** A line of a cell. */
    private static final Pattern OWN = Pattern.compile("\\tat .*(\\(#\\d+:\\d+\\))");

    private final StringStyler plain;

    private JjavaErrors(StringStyler plain) {
        super("", "", "", line -> "");
        this.plain = plain;
    }

    /** Lets this kernel tell errors so; a kernel whose errors are not told by a styler keeps its ways. */
    static void install(Object kernel) {
        if (kernel instanceof BaseKernel) {
            try {
                Field styler = BaseKernel.class.getDeclaredField("errorStyler");
                styler.setAccessible(true);
                if (!(styler.get(kernel) instanceof JjavaErrors)) {
                    styler.set(kernel, new JjavaErrors((StringStyler) styler.get(kernel)));
                }
            } catch (ReflectiveOperationException | RuntimeException other) {
                return;
            }
        }
    }

    /** The lines of a stack trace, which is what JJava gives here. */
    @Override
    public List<String> secondaryLines(String trace) {
        Matcher first = WRAPPED.matcher(trace.lines().findFirst().orElse(""));
        if (!first.matches() || !isOurs(first.group(1))) {
            return plain.secondaryLines(trace);
        }
        String name = first.group(1).substring(first.group(1).lastIndexOf('.') + 1);
        Stream<String> more = trace.lines().skip(1).takeWhile(Predicate.not(CALL.asMatchPredicate()));
        Stream<String> own = trace.lines()
                .map(OWN::matcher)
                .filter(Matcher::matches)
                .map(call -> "    at " + call.group(1))
                .distinct();
        return Stream.of(Stream.of(name + ": " + first.group(2)), more, own)
                .flatMap(each -> each)
                .map(plain::secondary)
                .toList();
    }

    private static boolean isOurs(String name) {
        try {
            return EbvlmException.class.isAssignableFrom(
                    Class.forName(name, false, JjavaErrors.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    // ---------------------------------------------------------------- all else as it was

    @Override
    public String primary(String text) {
        return plain.primary(text);
    }

    @Override
    public String secondary(String text) {
        return plain.secondary(text);
    }

    @Override
    public String highlight(String text) {
        return plain.highlight(text);
    }

    @Override
    public String primaryLine(int number, String line) {
        return plain.primaryLine(number, line);
    }

    @Override
    public String secondaryLine(int number, String line) {
        return plain.secondaryLine(number, line);
    }

    @Override
    public String highlightLine(int number, String line) {
        return plain.highlightLine(number, line);
    }
}
