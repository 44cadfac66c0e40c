package org.ebvlm.notebook;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.ebvlm.errors.EbvlmException;
import org.ebvlm.picture.HistoryCurves;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;

/**
 * What makes notebooks, shells and scripts comfortable: things show themselves, and long work shows where it stands.
 *
 * <pre>{@code
 * show(data, run.history(), HistoryCurves.of(run.history(), "fisherDivergence"));
 *
 * var run = Training.of(grbm).minimizing(loss).on(data.train()).steps(20_000)
 *     .reporting(progress())          // one line, renewed in place; curve() is a picture; progress().andThen(curve()) both
 *     .fit(seed(7));
 * }</pre>
 *
 * <p>In a notebook pictures appear as PNG and tables as HTML, also where they are just the last line of a cell; text forms
 * go along. In a script or a shell the same call prints text, and writes a picture to a file in the folder {@code shows}
 * (or that of {@code -Debvlm.shows}) with a line that says which. Nothing appears that was not asked for.
 *
 * <p><b>Stopping.</b> A notebook's stop button interrupts the thread of its cell. Whatever this toolkit is at then ends within
 * a step or so, threads of its own included. A training gives its run so far, {@code ending()} INTERRUPTED: in a notebook
 * the cell itself is reported as interrupted, and the variable that the run was to go to holds it in the next cell. Chains
 * give the draws so far; what is of no use by half, such as a divergence or samples, is an {@link
 * org.ebvlm.errors.InterruptionException}.
 *
 * <p><b>Going on.</b> Running the cell again starts afresh, with the same numbers, since a sentence leaves its nouns as they
 * are. {@code Training.of(run.model())} starts from the fitted values, with an updater that has forgotten its moments and
 * other batches: a training of its own. To go on to the bit, write {@code .checkpoint(file, 1000)} into the sentence, and
 * after an interrupt {@code .resuming(file)}: the run is then that of a training never interrupted.
 */
public final class Notebook {
    private static final double LINE_SECONDS = 0.2;
    private static final double CURVE_SECONDS = 0.5;

    private static Screen screen;

    private Notebook() {}

    /**
     * Gets a notebook or shell ready: pictures and tables show as what they are, and errors begin at the user's own line.
     * Silent; once is enough, more does no harm.
     */
    public static synchronized void install() {
        EbvlmException.hideOurFrames(true);
        if (!(screen instanceof JupyterScreen)) {
            Optional<JupyterScreen> notebook = JupyterScreen.find();
            notebook.ifPresent(JupyterScreen::register);
            notebook.ifPresent(found -> screen = found);
        }
    }

    /**
     * Shows things, one below the other: pictures and {@linkplain org.ebvlm.scoring.GramMatrix Gram matrices} as pictures,
     * tables, histories and audits as tables, anything else as text.
     */
    public static void show(Object... things) {
        if (things == null) {
            screen().show(Rendering.of(null));
            return;
        }
        for (Object thing : things) {
            screen().show(Rendering.of(thing));
        }
    }

    /**
     * One line that shows where a training stands: steps, rate, time left, objective, Fisher divergence if it is measured. In
     * a notebook it is renewed in place, on a terminal too; elsewhere there is a line every ten seconds, and at the end.
     *
     * @return for {@link org.ebvlm.training.Training#reporting}
     */
    public static Consumer<Progress> progress() {
        return screen() instanceof JupyterScreen notebook
                ? new Live(notebook::spot, at -> Rendering.text(ProgressLine.of(at)), LINE_SECONDS)
                : ProgressBar.onStandardError();
    }

    /**
     * A picture of all that is measured in a training, renewed in place about twice a second; drawing takes at most a tenth
     * of the time. In a script or shell it is a file that is written anew.
     *
     * @return for {@link org.ebvlm.training.Training#reporting}
     */
    public static Consumer<Progress> curve() {
        return new Live(screen()::spot, Notebook::curves, CURVE_SECONDS);
    }

    private static Rendering curves(Progress at) {
        History history = at.history();
        return HistoryCurves.all(history)
                .map(picture -> new Rendering(
                        "training",
                        "Curves of " + String.join(", ", HistoryCurves.drawable(history)) + ", " + at.step() + " steps",
                        Optional.empty(),
                        Optional.of(picture.png())))
                .orElse(null);
    }

    /** Where things are shown: the notebook that this runs in, or a folder. */
    static synchronized Screen screen() {
        if (screen == null) {
            install(JupyterScreen.find());
        }
        return screen;
    }

    private static void install(Optional<JupyterScreen> notebook) {
        screen = notebook.isPresent()
                ? notebook.get()
                : new FolderScreen(Path.of(System.getProperty("ebvlm.shows", "shows")), () -> System.out);
    }

    /** Shows things elsewhere; null for wherever this runs. */
    static synchronized void use(Screen other) {
        screen = other;
    }
}
