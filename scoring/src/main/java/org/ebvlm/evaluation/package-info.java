/** Judging and using models of images: a classifier of our own, distances and scores on its features, inpainting, reconstruction, paths in h. */
package org.ebvlm.evaluation;
