/**
 * Pictures: values that are described first and drawn when asked for.
 *
 * <p>A {@link org.ebvlm.picture.Drawing} ({@link org.ebvlm.picture.Scatter}, {@link org.ebvlm.picture.Heatmap},
 * {@link org.ebvlm.picture.Curves}, {@link org.ebvlm.picture.ImageGrid}) becomes a {@link org.ebvlm.picture.Picture},
 * which may stand beside or above others and be saved. {@link org.ebvlm.picture.AuditCurves} makes curves of an audit
 * of estimators, {@link org.ebvlm.picture.HistoryCurves} of a training, and {@link org.ebvlm.picture.Plane} heat maps of a
 * model; the others take plain numbers and know no model.
 */
package org.ebvlm.picture;
