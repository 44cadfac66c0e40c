/**
 * The command line, a class for each command, behind {@link org.ebvlm.cli.Main}. Commands read and write files,
 * print, and leave the mathematics to the other packages.
 */
package org.ebvlm.cli;
