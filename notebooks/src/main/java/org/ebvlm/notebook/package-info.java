/** What makes the toolkit at home in a notebook or a shell: what is imported, how things are shown, progress. */
package org.ebvlm.notebook;
