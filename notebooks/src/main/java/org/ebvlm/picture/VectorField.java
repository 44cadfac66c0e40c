package org.ebvlm.picture;

/** A vector for every point of the plane, such as a score. */
@FunctionalInterface
public interface VectorField {
    /** The two components, along x and along y, of the vector at (x, y). */
    double[] at(double x, double y);
}
