package org.ebvlm.datasets;

import java.nio.file.Path;
import org.ebvlm.noise.Noise;

/**
 * Where data come from: distributions to draw from, and files to read.
 *
 * <pre>{@code
 * var board = Datasets.checkerboard(60_000, Noise.seed(7));
 * var faces = Datasets.freyFaces(Path.of("frey_rawface.mat"));
 * var wine  = Datasets.csv(Path.of("winequality-red.csv"), "alcohol", "pH");
 * }</pre>
 *
 * <p>Every reader unpacks gzip by itself. All of them throw {@link org.ebvlm.errors.DataException}, naming the file, what
 * was expected in it and what was found, when it is absent, a folder, empty, cut off, damaged, or of another format.
 */
public final class Datasets {
    private Datasets() {}

    /**
     * Uniform on two opposite quarters of the unit square: {@code checkerboard(2, n, noise)}. The density is known, and log
     * 2 = 0.6931 is the best possible mean log-likelihood.
     */
    public static Data checkerboard(int n, Noise noise) {
        return checkerboard(2, n, noise);
    }

    /**
     * Uniform on every other cell of the unit square, cut into cells x cells. The density is known: {@link Checkerboard}.
     *
     * @param cells cells a side
     * @param n rows
     */
    public static Data checkerboard(int cells, int n, Noise noise) {
        return new Checkerboard(cells).sample(n, noise).named("checkerboard");
    }

    /**
     * Eight round Gaussians of standard deviation 1/(2 sqrt 2), equally heavy, on a circle of radius 2 sqrt 2. The density
     * is known.
     */
    public static Data eightGaussians(int n, Noise noise) {
        double[][] means = new double[8][];
        for (int k = 0; k < means.length; k++) {
            double angle = k * Math.PI / 4;
            means[k] =
                    new double[] {2 * Math.sqrt(2) * StrictMath.cos(angle), 2 * Math.sqrt(2) * StrictMath.sin(angle)};
        }
        return gaussianMixture(means, Math.sqrt(0.125), n, noise).named("eight Gaussians");
    }

    /**
     * Equally heavy round Gaussians. The density is known; {@link GaussianMixture#of} makes less even ones.
     *
     * @param means [components, width]
     * @param std standard deviation of every coordinate
     * @param n rows
     */
    public static Data gaussianMixture(double[][] means, double std, int n, Noise noise) {
        return GaussianMixture.isotropic(means, std).sample(n, noise);
    }

    /**
     * A long thin Gaussian of standard deviations 10 and 1, bent by 0.03: the test of gradient-free Hamiltonian paths. The
     * density is known; {@link Banana#of} makes others.
     */
    public static Data banana(int n, Noise noise) {
        return Banana.of(0.03, 100).sample(n, noise);
    }

    /**
     * Five bent blades around the origin, within about 5 of it (Johnson et al., "Composing graphical models with neural
     * networks", 2016).
     */
    public static Data pinwheel(int n, Noise noise) {
        return toy("pinwheel", Toys::pinwheel, n, noise);
    }

    /** Two interleaved half circles of radius 1, with noise of standard deviation 0.1. */
    public static Data twoMoons(int n, Noise noise) {
        return toy("two moons", Toys::twoMoons, n, noise);
    }

    /** Four circles of radius 0.75, 1.5, 2.25 and 3, equally heavy, with noise of standard deviation 0.08. */
    public static Data rings(int n, Noise noise) {
        return toy("rings", Toys::rings, n, noise);
    }

    /** Two spirals of one and a half turns, out to radius pi, with noise of standard deviation 0.1. */
    public static Data spirals(int n, Noise noise) {
        return toy("spirals", Toys::spirals, n, noise);
    }

    /** A spiral of one and a half turns, from radius 0.9 to 2.8, with noise of standard deviation 0.1. */
    public static Data swissRoll(int n, Noise noise) {
        return toy("swiss roll", Toys::swissRoll, n, noise);
    }

    /**
     * Grey images of digits and letters, ink 1 on 0, drawn in the logical fonts of the Java runtime with a little rotation,
     * scaling and shift. For trying things out without any file. The same seed gives the same images on the same machine;
     * another one may have other fonts.
     *
     * @param size pixels a side, at least 8
     * @param n images
     * @throws org.ebvlm.errors.DataException if the Java runtime finds no fonts
     */
    public static Data glyphs(int size, int n, Noise noise) {
        return Glyphs.draw(size, n, noise);
    }

    /**
     * Any file of a format named below, known by its content or, for text, by its name: idx, MATLAB 5, CIFAR-10 in binary,
     * {@code .amat}, and tables ({@code .csv}, {@code .data}, {@code .txt}, {@code .tsv}, {@code .tra}, {@code .tes}); each
     * also with {@code .gz}. Values are what the format's own reader gives; the Frey faces, being a MATLAB file, need {@link
     * #freyFaces} to come upright.
     */
    public static Data read(Path path) {
        return Formats.read(SourceFile.open(path));
    }

    /**
     * A file in the idx format of MNIST, with unsigned bytes. Images (three axes, or four with channels last) are divided by
     * 255 and know their grid; labels (one axis) and matrices (two) stay as they are.
     */
    public static Data idx(Path path) {
        return IdxReader.read(SourceFile.open(path));
    }

    /**
     * The only numeric matrix in a MATLAB 5 file; its values as they are.
     *
     * @throws org.ebvlm.errors.DataException also if the file holds several; the message lists them
     */
    public static Data mat(Path path) {
        return MatReader.read(SourceFile.open(path));
    }

    /**
     * A matrix in a MATLAB 5 file; its values as they are.
     *
     * @param variable the matrix's name in the file
     * @throws org.ebvlm.errors.DataException also if there is no such matrix; the message lists those there are
     */
    public static Data mat(Path path, String variable) {
        return MatReader.read(SourceFile.open(path), variable);
    }

    /**
     * The 1965 Frey faces, from {@code frey_rawface.mat}: grey images of 28 x 20, divided by 255, in film order, one a row.
     *
     * @see #mat(Path, String) the matrix as it lies in the file, one face a column
     */
    public static Data freyFaces(Path path) {
        return FreyFaces.read(SourceFile.open(path));
    }

    /**
     * A batch file of the binary version of CIFAR-10: colour images of 32 x 32, channels last, divided by 255. Labels are
     * left out.
     *
     * @see #labelledCifar10 the same with labels
     */
    public static Data cifar10(Path path) {
        return Cifar10Reader.read(SourceFile.open(path));
    }

    /** A batch file of the binary version of CIFAR-10, with labels from 0 to 9; images as {@link #cifar10} has them. */
    public static Labelled labelledCifar10(Path path) {
        return Cifar10Reader.labelled(SourceFile.open(path));
    }

    /**
     * A folder of photographs, one a file: JPEG, PNG, BMP or GIF. What follows says what to take of them, and {@link
     * Pictures#scaled} reads them.
     */
    public static Pictures pictures(Path folder) {
        return Pictures.in(folder);
    }

    /** Plain numbers in text, separated by blanks, a line a row: the {@code .amat} format of binarized MNIST. */
    public static Data amat(Path path) {
        return AmatReader.read(SourceFile.open(path));
    }

    /**
     * A table in text, with or without a line of column names, separated by commas, semicolons, tabs or blanks.
     *
     * @param columns names of the columns to take, in this order; none for all numeric ones, the provenance naming the
     *     others. In a file without a line of names they are C0, C1, ...
     * @throws org.ebvlm.errors.DataException also if a column does not exist, is not numeric, or lacks a value
     */
    public static Data csv(Path path, String... columns) {
        return CsvReader.read(SourceFile.open(path), columns);
    }

    /**
     * A table in text as {@link #csv} reads it, one column of which holds labels.
     *
     * @param label the column of labels; words become classes, counted from 0 in the order of the alphabet
     * @param leftOut columns that are neither labels nor of use, such as numbers of rows
     * @throws org.ebvlm.errors.DataException also if a column does not exist, another than the labels' is not numeric, or a
     *     value is missing
     */
    public static Labelled labelled(Path path, String label, String... leftOut) {
        return CsvReader.labelled(SourceFile.open(path), label, leftOut);
    }

    private static Data toy(String name, Draw draw, int n, Noise noise) {
        return draw.data(name, 2, n, noise);
    }
}
