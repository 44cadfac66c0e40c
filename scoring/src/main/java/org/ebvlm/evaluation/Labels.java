package org.ebvlm.evaluation;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/** Labels of images, in a column of whole numbers counted from 0. */
final class Labels {
    private static final int MOST = 10_000;

    private Labels() {}

    /** The classes of images, one each. */
    static int[] of(Data images, Data labels) {
        if (labels.width() != 1 || labels.rows() != images.rows()) {
            throw new ShapeException(Facts.that("Classifier: the labels do not fit the images")
                    .expected("[" + images.rows() + ", 1], a label for each image of " + images.name())
                    .butWas("[" + labels.rows() + ", " + labels.width() + "] in " + labels.name()));
        }
        int[] classes = new int[labels.rows()];
        for (int i = 0; i < classes.length; i++) {
            float label = labels.at(i, 0);
            classes[i] = (int) label;
            if (classes[i] != label || label < 0 || label >= MOST) {
                throw new DataException(Facts.that("Classifier: " + labels.name() + " are not labels")
                        .expected("whole numbers from 0")
                        .butWas(label + " in row " + i));
            }
        }
        return classes;
    }
}
