/**
 * Errors that say what was being done, what was expected, what was there, and a way out ({@link
 * org.ebvlm.errors.Facts}), by kind: settings, shapes, data, graphs, and values that left the finite numbers. All are
 * unchecked and extend {@link org.ebvlm.errors.EbvlmException}.
 */
package org.ebvlm.errors;
