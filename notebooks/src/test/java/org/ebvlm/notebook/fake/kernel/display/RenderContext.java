package org.ebvlm.notebook.fake.kernel.display;

/** Where a rendering is put. */
public class RenderContext {
    private final DisplayData container = new DisplayData();

    public DisplayData getOutputContainer() {
        return container;
    }
}
