package org.ebvlm.picture;

/** The words around a plot; null where nothing was said. */
record Captions(String title, String x, String y) {
    static final Captions NONE = new Captions(null, null, null);

    Captions titled(String what, String text) {
        return new Captions(Checks.once(what, title, text), x, y);
    }

    Captions labelled(String what, String xLabel, String yLabel) {
        return new Captions(title, Checks.once(what, x, xLabel), Checks.once(what, y, yLabel));
    }

    /** The picture under the title, if there is one. */
    Picture over(Picture picture) {
        return title == null ? picture : picture.titled(title);
    }
}
