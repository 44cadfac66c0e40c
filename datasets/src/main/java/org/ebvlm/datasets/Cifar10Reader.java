package org.ebvlm.datasets;

import org.ebvlm.errors.DataException;

/** The binary version of CIFAR-10: records of a label, then 1024 red, 1024 green and 1024 blue bytes. */
final class Cifar10Reader {
    private static final Grid GRID = new Grid(32, 32, 3);
    private static final int PIXELS = 32 * 32;
    private static final int RECORD = 1 + GRID.size();

    private Cifar10Reader() {}

    static Data read(SourceFile file) {
        return labelled(file).rows();
    }

    static Labelled labelled(SourceFile file) {
        byte[] bytes = file.bytes();
        if (bytes.length % RECORD != 0) {
            throw new DataException(file.wrong("this is not a CIFAR-10 batch, or it is cut off")
                    .expected("records of " + RECORD + " bytes: a label and 32 x 32 x 3 values")
                    .butWas(bytes.length / RECORD + " records and " + bytes.length % RECORD + " bytes"));
        }
        int n = bytes.length / RECORD;
        float[] values = new float[n * GRID.size()];
        float[] labels = new float[n];
        for (int i = 0; i < n; i++) {
            labels[i] = bytes[i * RECORD] & 0xFF;
            refuseLabel(file, i, bytes[i * RECORD] & 0xFF);
            channelsLast(bytes, i * RECORD + 1, values, i * GRID.size());
        }
        Data images =
                new Data(values, About.of(file.name(), GRID.size()).on(GRID).step("divided by 255"));
        return Labelled.of(images, Data.of("labels of " + file.name(), labels, 1));
    }

    private static void refuseLabel(SourceFile file, int row, int label) {
        if (label > 9) {
            throw new DataException(file.wrong("this is not a CIFAR-10 batch")
                    .expected("labels from 0 to 9")
                    .butWas(label + " in record " + row)
                    .hint("this is the reader of the binary version; those for Python and MATLAB are other files"));
        }
    }

    private static void channelsLast(byte[] planes, int from, float[] out, int to) {
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            for (int c = 0; c < 3; c++) {
                out[to + 3 * pixel + c] = (planes[from + c * PIXELS + pixel] & 0xFF) / 255f;
            }
        }
    }
}
