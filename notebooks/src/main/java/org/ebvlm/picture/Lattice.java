package org.ebvlm.picture;

/** The middles of equal cells that fill a rectangle. */
final class Lattice {
    private Lattice() {}

    /** Rows of (x, y): the top line of cells first, from left to right. */
    static double[] rows(Range x, Range y, int columns, int lines) {
        double[] points = new double[2 * columns * lines];
        for (int line = 0; line < lines; line++) {
            System.arraycopy(line(x, y, columns, lines, line), 0, points, 2 * columns * line, 2 * columns);
        }
        return points;
    }

    /** Rows of (x, y) of one line of cells, counted from the top. */
    static double[] line(Range x, Range y, int columns, int lines, int line) {
        double[] points = new double[2 * columns];
        for (int column = 0; column < columns; column++) {
            points[2 * column] = x.at((column + 0.5) / columns);
            points[2 * column + 1] = y.at(1 - (line + 0.5) / lines);
        }
        return points;
    }
}
