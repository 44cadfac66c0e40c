package org.ebvlm.notebook;

/** Where things are shown. */
interface Screen {

    /** Shows a thing, for good. */
    void show(Rendering thing);

    /** A place whose content can be replaced. */
    Spot spot();

    /** A place on a screen. */
    @FunctionalInterface
    interface Spot {
        /** Shows a thing here, in the place of what was here before. */
        void show(Rendering thing);
    }
}
