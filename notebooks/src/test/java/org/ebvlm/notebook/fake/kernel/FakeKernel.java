package org.ebvlm.notebook.fake.kernel;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.notebook.fake.kernel.display.DisplayData;

/** As much of a Jupyter kernel as showing things takes: it remembers what it was told. */
public class FakeKernel {
    public final List<DisplayData> shown = new ArrayList<>();
    public final List<DisplayData> updates = new ArrayList<>();
    public final List<String> updatedIds = new ArrayList<>();
    public final List<Boolean> interrupted = new ArrayList<>();

    /** The kernel's ways out. */
    public class Io {
        public final Stream display = new Stream();
    }

    /** The way to displays. */
    public class Stream {
        public void updateDisplay(String id, DisplayData data) {
            interrupted.add(Thread.currentThread().isInterrupted());
            updatedIds.add(id);
            updates.add(data);
        }
    }

    public void display(DisplayData data) {
        interrupted.add(Thread.currentThread().isInterrupted());
        shown.add(data);
    }

    public Io getIO() {
        return new Io();
    }
}
