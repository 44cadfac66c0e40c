package org.ebvlm.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** XChart in the look of this toolkit. */
final class ChartStyle {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int MOST_DOTS = 25;
    private static final Color UNSEEN = new Color(0, 0, 0, 0);
    private static final float LINE = 1.8f;

    private ChartStyle() {}

    /** An empty chart; it leaves a little space between the ranges and its frame. */
    static XYChart chart(Range x, Range y, boolean logX, boolean logY) {
        XYChart chart = new XYChart(WIDTH, HEIGHT);
        XYStyler style = chart.getStyler();
        paper(style);
        axes(style);
        style.setXAxisLogarithmic(logX).setXAxisMin(x.low()).setXAxisMax(x.high());
        style.setYAxisLogarithmic(logY).setYAxisMin(y.low()).setYAxisMax(y.high());
        if (!logX) {
            addUnseen(chart, x, y);
        }
        return chart;
    }

    /**
     * A series that cannot be seen. XChart puts ticks at the x of the data alone if those are evenly spaced, and so
     * writes 100, 1700, 3300, ... below steps 100, 200, 300, ...; one uneven x brings the round numbers back.
     */
    private static void addUnseen(XYChart chart, Range x, Range y) {
        double[] uneven = {x.low(), x.at(Math.sqrt(0.5)), x.high()};
        XYSeries unseen = chart.addSeries("unseen", uneven, new double[] {y.middle(), y.middle(), y.middle()});
        unseen.setMarker(SeriesMarkers.NONE).setLineColor(UNSEEN).setLineStyle(stroke());
    }

    private static void paper(XYStyler style) {
        style.setLegendVisible(false).setChartTitleVisible(false);
        style.setChartBackgroundColor(Style.PAPER).setPlotBackgroundColor(Style.PAPER);
        style.setChartFontColor(Style.INK).setChartPadding(10).setPlotContentSize(0.95);
        style.setPlotBorderVisible(true).setPlotBorderColor(Style.FRAME);
        style.setMarkerSize(7);
    }

    private static void axes(XYStyler style) {
        style.setPlotGridLinesColor(Style.GRID).setPlotGridLinesStroke(new BasicStroke(1));
        style.setAxisTitleFont(Style.LABEL).setAxisTickLabelsFont(Style.NUMBER);
        style.setAxisTickLabelsColor(Style.MUTED).setAxisTickMarksColor(Style.FRAME);
        style.setAxisTickMarkLength(5).setAxisTicksLineVisible(false).setPlotMargin(0);
        style.setYAxisLabelAlignment(TextAlignment.Right);
        style.setXAxisTickLabelsFormattingFunction(Text::number);
        style.setYAxisTickLabelsFormattingFunction(Text::number);
    }

    /** The i-th curve, one series for each stretch between gaps. */
    static void addLine(XYChart chart, Curve curve, int i) {
        for (int[] stretch : curve.stretches()) {
            boolean dots = curve.y.length <= MOST_DOTS || stretch[1] - stretch[0] == 1;
            double[] x = Arrays.copyOfRange(curve.x, stretch[0], stretch[1]);
            double[] y = Arrays.copyOfRange(curve.y, stretch[0], stretch[1]);
            XYSeries line = chart.addSeries("line " + i + " from " + stretch[0], x, y);
            line.setLineColor(Style.series(i)).setLineStyle(stroke());
            line.setMarkerColor(Style.series(i)).setMarker(dots ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        }
    }

    /** One standard error to either side of the i-th curve; cut off at the low end, below which a logarithm may end. */
    static void addBand(XYChart chart, Curve curve, int i, Range y) {
        if (!curve.hasErrors()) {
            return;
        }
        for (int[] stretch : curve.stretches()) {
            int length = stretch[1] - stretch[0];
            double[] x = new double[2 * length];
            double[] edge = new double[2 * length];
            for (int k = 0; k < length; k++) {
                int there = stretch[0] + k;
                int back = 2 * length - 1 - k;
                x[k] = curve.x[there];
                x[back] = curve.x[there];
                edge[k] = curve.above(there);
                edge[back] = Math.max(y.low(), curve.below(there));
            }
            XYSeries band = chart.addSeries("band " + i + " from " + stretch[0], x, edge);
            band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
            band.setLineColor(UNSEEN).setLineStyle(stroke());
            band.setMarker(SeriesMarkers.NONE);
            band.setFillColor(Style.faded(Style.series(i), 0.2));
        }
    }

    private static BasicStroke stroke() {
        return new BasicStroke(LINE, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }
}
