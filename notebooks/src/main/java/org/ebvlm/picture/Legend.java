package org.ebvlm.picture;

import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.util.List;

/** One line of coloured dots and names above a plot; the i-th name has the i-th colour. */
final class Legend {
    private static final int DOT = 10;
    private static final int SPACE = 20;

    private Legend() {}

    static Picture over(Picture picture, List<String> names) {
        int width = names.stream().mapToInt(Legend::width).sum() - SPACE;
        return picture.under(Style.LINE, width, (pen, middle) -> draw(pen, names, middle - width / 2));
    }

    private static void draw(Graphics2D pen, List<String> names, int left) {
        double y = Style.LINE / 2.0 + 2;
        int x = left;
        for (int i = 0; i < names.size(); i++) {
            pen.setColor(Style.series(i));
            pen.fill(new Ellipse2D.Double(x, y - DOT / 2.0, DOT, DOT));
            Text.left(pen, names.get(i), Style.LABEL, Style.INK, x + DOT + 6, y);
            x += width(names.get(i));
        }
    }

    private static int width(String name) {
        return DOT + 6 + Text.width(name, Style.LABEL) + SPACE;
    }
}
