/**
 * The shell and scripts: JShell with this toolkit ready in it, and files that run from beginning to end or stop at their
 * first error.
 */
package org.ebvlm.shell;
