package org.ebvlm.datasets;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;

/**
 * Rows with what is to be predicted of each: a class, counted from 0, or a number.
 *
 * <pre>{@code
 * Labelled wine = Labelled.of(table.select(...), grades.binarized(5.5)).split(0.4, Noise.seed(1)).train();
 * }</pre>
 *
 * @param rows [n, width]
 * @param labels [n, 1]
 */
public record Labelled(Data rows, Data labels) {
    /** Checks that there is one label for each row. */
    public Labelled {
        if (labels.width() != 1 || labels.rows() != rows.rows()) {
            throw new ShapeException(Facts.that("Labelled: the labels do not fit the rows")
                    .expected("[" + rows.rows() + ", 1], a label for each row of " + rows.name())
                    .butWas("[" + labels.rows() + ", " + labels.width() + "] in " + labels.name()));
        }
    }

    /** Rows [n, width] and labels [n, 1]. */
    public static Labelled of(Data rows, Data labels) {
        return new Labelled(rows, labels);
    }

    /** What the rows are called. */
    public String name() {
        return rows.name();
    }

    /** How many rows there are. */
    public int size() {
        return rows.rows();
    }

    /** Values in a row, the label not among them. */
    public int width() {
        return rows.width();
    }

    /** The same with labels replaced by their places, from 0, among the different labels in ascending order. */
    public Labelled classes() {
        float[] values = labels.values();
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        float[] different = new float[sorted.length];
        int many = 0;
        for (float each : sorted) {
            if (many == 0 || different[many - 1] != each) {
                different[many++] = each;
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = Arrays.binarySearch(different, 0, many, values[i]);
        }
        return new Labelled(rows, Data.of("classes of " + name(), values, 1));
    }

    /** The same without columns that have one value throughout, which cannot be standardised and say nothing. */
    public Labelled withoutConstantColumns() {
        return new Labelled(rows.withoutConstantColumns(), labels);
    }

    /** Some rows with their labels, in this order. */
    public Labelled select(int... which) {
        return new Labelled(rows.select(which), labels.select(which));
    }

    /**
     * Two parts at random, the columns of both standardised by the first. Columns that are constant in the first part are
     * left out of both; labels stay as they are.
     *
     * @param train share of the rows in the first part, between 0 and 1; each part gets one row at least
     */
    public LabelledSplit split(double train, Noise noise) {
        int many = (int) Math.round(train * size());
        if (!(train > 0 && train < 1) || many < 2 || many >= size()) {
            throw new SettingException(Facts.that("Labelled.split: a part would be too small")
                    .expected("a share that leaves two rows to train and one to test, of " + size())
                    .butWas(train));
        }
        int[] order = noise.permutation(size());
        Labelled first = select(Arrays.copyOf(order, many));
        Labelled second = select(Arrays.copyOfRange(order, many, size()));
        int[] telling = IntStream.range(0, width()).filter(first::varies).toArray();
        Split both = new Split(first.columns(telling), second.columns(telling)).standardized();
        return new LabelledSplit(new Labelled(both.train(), first.labels), new Labelled(both.test(), second.labels));
    }

    private boolean varies(int column) {
        return IntStream.range(1, size()).anyMatch(i -> rows.at(i, column) != rows.at(0, column));
    }

    private Data columns(int... which) {
        if (which.length == 0) {
            throw new SettingException(Facts.that("Labelled.split: nothing to predict from")
                    .expected("a column that varies in the part to train")
                    .butWas("none in " + name()));
        }
        float[] values = new float[size() * which.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.at(i / which.length, which[i % which.length]);
        }
        return Data.of(name(), values, which.length);
    }

    @Override
    public String toString() {
        return "%s: %d labelled rows, width %d".formatted(name(), size(), width());
    }
}
