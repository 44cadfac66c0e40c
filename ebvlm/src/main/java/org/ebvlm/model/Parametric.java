package org.ebvlm.model;

/**
 * Something with parameters that can be fitted.
 *
 * @param <T> its own type
 */
public interface Parametric<T> {

    /** The parameters with their values. */
    Parameters parameters();

    /** The same thing with other values of the same parameters. */
    T with(Parameters values);
}
