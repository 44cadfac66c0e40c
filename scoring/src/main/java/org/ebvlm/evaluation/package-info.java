/**
 * Judging models of images by what they make, and using them.
 *
 * <p>A {@link org.ebvlm.evaluation.Classifier}, trained here on labelled images, lends its features to {@link
 * org.ebvlm.evaluation.ClassifierFrechet} and its classes to {@link org.ebvlm.evaluation.ClassifierScore}; both judge
 * samples, and numbers of different classifiers do not compare. {@link org.ebvlm.evaluation.Inpainting} fills in
 * missing values. {@link org.ebvlm.evaluation.HiddenPath} makes codes h of images and lines between them; {@code
 * Langevin} on {@code Target.visible(model, codes)} makes images of codes.
 */
package org.ebvlm.evaluation;
