/**
 * The one source of random numbers, {@link org.ebvlm.noise.Noise}: explicit, owned by the caller, and split by name
 * or number into sources for the parts of a task, so that none of them disturbs another.
 */
package org.ebvlm.noise;
