/**
 * Data as values: distributions to draw from and files to read ({@link org.ebvlm.datasets.Datasets}), what can be done to
 * the rows ({@link org.ebvlm.datasets.Data}), and the densities that some of them come from ({@link
 * org.ebvlm.datasets.Density}).
 */
package org.ebvlm.datasets;
