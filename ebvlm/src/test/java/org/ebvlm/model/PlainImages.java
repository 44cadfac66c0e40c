package org.ebvlm.model;

import java.util.function.DoubleUnaryOperator;

/** Layers on one image [row][column][channel] in plain loops and double precision: the ground for networks on images. */
final class PlainImages {
    private PlainImages() {}

    static double[][][] image(double[] row, int height, int width, int channels) {
        double[][][] out = new double[height][width][channels];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    out[y][x][c] = row[(y * width + x) * channels + c];
                }
            }
        }
        return out;
    }

    static double[] flat(double[][][] image) {
        int width = image[0].length;
        int channels = image[0][0].length;
        double[] out = new double[image.length * width * channels];
        for (int i = 0; i < out.length; i++) {
            out[i] = image[i / channels / width][i / channels % width][i % channels];
        }
        return out;
    }

    /** Windows of odd size centred on every stride-th pixel, zeros outside, weights [row][column][in][out], and a bias if there is one. */
    static double[][][] convolution(Parameters p, String name, double[][][] image, int stride) {
        int[] shape = p.shape(name + ".W");
        float[] w = p.values(name + ".W");
        float[] b = p.names().contains(name + ".b") ? p.values(name + ".b") : new float[shape[3]];
        int height = image.length;
        int width = image[0].length;
        double[][][] out = new double[(height + stride - 1) / stride][(width + stride - 1) / stride][shape[3]];
        for (int y = 0; y < out.length; y++) {
            for (int x = 0; x < out[0].length; x++) {
                for (int o = 0; o < shape[3]; o++) {
                    double sum = b[o];
                    for (int i = 0; i < shape[0]; i++) {
                        for (int j = 0; j < shape[1]; j++) {
                            int row = y * stride + i - shape[0] / 2;
                            int column = x * stride + j - shape[1] / 2;
                            for (int c = 0; c < shape[2] && inside(row, height) && inside(column, width); c++) {
                                sum += image[row][column][c] * w[((i * shape[1] + j) * shape[2] + c) * shape[3] + o];
                            }
                        }
                    }
                    out[y][x][o] = sum;
                }
            }
        }
        return out;
    }

    private static boolean inside(int at, int size) {
        return at >= 0 && at < size;
    }

    static double[][][] halved(double[][][] image) {
        double[][][] out = new double[image.length / 2][image[0].length / 2][image[0][0].length];
        for (int y = 0; y < out.length; y++) {
            for (int x = 0; x < out[0].length; x++) {
                for (int c = 0; c < out[0][0].length; c++) {
                    out[y][x][c] = (image[2 * y][2 * x][c]
                                    + image[2 * y + 1][2 * x][c]
                                    + image[2 * y][2 * x + 1][c]
                                    + image[2 * y + 1][2 * x + 1][c])
                            / 4;
                }
            }
        }
        return out;
    }

    static double[][][] each(DoubleUnaryOperator f, double[][][] image) {
        double[][][] out = new double[image.length][image[0].length][image[0][0].length];
        for (int y = 0; y < out.length; y++) {
            for (int x = 0; x < out[0].length; x++) {
                for (int c = 0; c < out[0][0].length; c++) {
                    out[y][x][c] = f.applyAsDouble(image[y][x][c]);
                }
            }
        }
        return out;
    }

    static double[][][] sum(double[][][] a, double[][][] b) {
        double[][][] out = new double[a.length][a[0].length][a[0][0].length];
        for (int y = 0; y < out.length; y++) {
            for (int x = 0; x < out[0].length; x++) {
                for (int c = 0; c < out[0][0].length; c++) {
                    out[y][x][c] = a[y][x][c] + b[y][x][c];
                }
            }
        }
        return out;
    }

    /** x W + b. */
    static double[] layer(Parameters p, String name, double[] x) {
        float[] w = p.values(name + ".W");
        double[] out = Doubles.widened(p.values(name + ".b"));
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < out.length; j++) {
                out[j] += x[i] * w[i * out.length + j];
            }
        }
        return out;
    }
}
