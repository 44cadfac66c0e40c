/** Reports: a {@link org.ebvlm.report.Page} of text, tables and pictures, written beside them. */
package org.ebvlm.report;
