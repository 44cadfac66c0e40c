package org.ebvlm.notebook;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * A notebook, by way of the Jupyter kernel that this runs in: IJava or JJava, whose classes have the same names in different
 * packages. They are found by name, so that none of them is needed where there is no notebook.
 */
final class JupyterScreen implements Screen {
    private final Object kernel;
    private final String packages;

    /** Where a kernel keeps itself: a class, its static method, and the packages of what the kernel is made of. */
    private record Home(String type, String method, String packages) {}

    private static final List<Home> HOMES = List.of(
            new Home("io.github.spencerpark.ijava.IJava", "getKernelInstance", "io.github.spencerpark.jupyter"),
            new Home("org.dflib.jjava.jupyter.kernel.BaseKernel", "notebookKernel", "org.dflib.jjava.jupyter"));

    JupyterScreen(Object kernel, String packages) {
        this.kernel = kernel;
        this.packages = packages;
    }

    /** The notebook, if there is one. */
    static Optional<JupyterScreen> find() {
        return HOMES.stream().flatMap(home -> find(home).stream()).findFirst();
    }

    private static Optional<JupyterScreen> find(Home home) {
        try {
            Object kernel = Class.forName(home.type()).getMethod(home.method()).invoke(null);
            return Optional.ofNullable(kernel).map(each -> new JupyterScreen(each, home.packages()));
        } catch (ReflectiveOperationException | LinkageError none) {
            return Optional.empty();
        }
    }

    // ---------------------------------------------------------------- a cell's last line

    /** Lets the kernel show pictures and tables as what they are when they are a cell's last line. */
    void register() {
        for (Class<?> type : Rendering.PICTURES) {
            register(type, Rendering.PNG);
        }
        for (Class<?> type : Rendering.TABLES) {
            register(type, Rendering.HTML);
        }
        register(PrintStream.class, Rendering.TEXT);
        tellErrors();
    }

    /** IJava's errors are told by our own kernel class; JJava's main class starts JJava's. */
    private void tellErrors() {
        try {
            JjavaErrors.install(kernel);
        } catch (LinkageError ijava) {
            return;
        }
    }

    private void register(Class<?> type, String mime) {
        Class<?> function = type("kernel.display.RenderFunction");
        Object shows = Proxy.newProxyInstance(
                function.getClassLoader(),
                new Class<?>[] {function},
                (proxy, method, arguments) -> rendered(proxy, method, arguments));
        Object renderer = call(kernel, "getRenderer");
        Object registration = call(renderer, "createRegistration", type);
        call(registration, "preferring", (Object) new String[] {mime, Rendering.TEXT});
        call(registration, "register", shows);
    }

    private Object rendered(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "render" -> {
                fill(call(arguments[1], "getOutputContainer"), Rendering.of(arguments[0]));
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "what ebvlm shows";
        };
    }

    // ---------------------------------------------------------------- show

    @Override
    public void show(Rendering thing) {
        Object data = data(thing);
        Aside.run(() -> call(kernel, "display", data));
    }

    @Override
    public Spot spot() {
        // Not a running number: a page that stays open over a restart of the kernel knows the old ones still.
        String id = UUID.randomUUID().toString();
        boolean[] shown = new boolean[1];
        return thing -> {
            Object data = data(thing);
            if (shown[0]) {
                renew(id, data);
            } else {
                call(data, "setDisplayId", id);
                Aside.run(() -> call(kernel, "display", data));
                shown[0] = true;
            }
        };
    }

    /** A cell that was stopped may have no way to its page any more, which is no reason to lose the run it returns. */
    private void renew(String id, Object data) {
        Object stream = stream();
        try {
            Aside.run(() -> call(stream, "updateDisplay", id, data));
        } catch (NullPointerException detached) {
            return;
        }
    }

    private Object stream() {
        Object io = call(kernel, "getIO");
        try {
            return io.getClass().getField("display").get(io);
        } catch (ReflectiveOperationException e) {
            throw unknown("the display of " + io.getClass(), e);
        }
    }

    private Object data(Rendering thing) {
        try {
            Object data = type("kernel.display.DisplayData").getConstructor().newInstance();
            fill(data, thing);
            return data;
        } catch (ReflectiveOperationException e) {
            throw unknown("DisplayData", e);
        }
    }

    private static void fill(Object data, Rendering thing) {
        thing.bundle().forEach((mime, body) -> call(data, "putData", mime, body));
    }

    // ---------------------------------------------------------------- reflection

    private Class<?> type(String name) {
        try {
            return Class.forName(packages + "." + name, true, kernel.getClass().getClassLoader());
        } catch (ClassNotFoundException e) {
            throw unknown(name, e);
        }
    }

    /** Calls the public method of this name that takes these arguments. */
    private static Object call(Object on, String name, Object... arguments) {
        for (Method method : on.getClass().getMethods()) {
            if (method.getName().equals(name) && takes(method.getParameterTypes(), arguments)) {
                try {
                    return method.invoke(on, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause() instanceof RuntimeException cause ? cause : unknown(name, e);
                } catch (IllegalAccessException e) {
                    throw unknown(name, e);
                }
            }
        }
        throw unknown(on.getClass().getName() + "." + name, new NoSuchMethodException(name));
    }

    private static boolean takes(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!types[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static SettingException unknown(String what, Exception e) {
        return new SettingException(Facts.that("the Jupyter kernel is not of a kind that is known here")
                .expected("IJava 1.3.0 or JJava 1.0")
                .butWas("one without " + what)
                .causedBy(e));
    }
}
