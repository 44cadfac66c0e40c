package org.ebvlm.notebook.fake.kernel.display;

/** Renders a thing. */
public interface RenderFunction<T> {
    void render(T thing, RenderContext context);
}
