package org.ebvlm.datasets;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.ebvlm.errors.DataException;

/** The idx format: two zero bytes, type, number of axes; the length of each axis, big-endian; then the values. */
final class IdxReader {
    private static final int UNSIGNED_BYTE = 0x08;

    private IdxReader() {}

    static boolean recognizes(SourceFile file) {
        return file.beginsWith(0, 0, UNSIGNED_BYTE) && file.bytes().length >= 4 && axes(file) >= 1 && axes(file) <= 4;
    }

    static Data read(SourceFile file) {
        if (!recognizes(file)) {
            throw file.wrongMagic("an idx file of unsigned bytes", "00 00 08, then the number of axes, 1 to 4");
        }
        int[] lengths = lengths(file);
        int width = width(lengths);
        return lengths.length < 3 ? matrix(file, width) : images(file, lengths, width);
    }

    private static Data matrix(SourceFile file, int width) {
        return new Data(values(file, 1), About.of(file.name(), width));
    }

    private static Data images(SourceFile file, int[] lengths, int width) {
        Grid grid = new Grid(lengths[1], lengths[2], lengths.length == 4 ? lengths[3] : 1);
        return new Data(values(file, 255), About.of(file.name(), width).on(grid).step("divided by 255"));
    }

    private static int axes(SourceFile file) {
        return file.bytes()[3];
    }

    private static int headerLength(SourceFile file) {
        return 4 + 4 * axes(file);
    }

    private static int width(int[] lengths) {
        return Arrays.stream(lengths, 1, lengths.length).reduce(1, (a, b) -> a * b);
    }

    /** The axes' lengths, known to agree with the length of the file. */
    private static int[] lengths(SourceFile file) {
        long values = file.bytes().length - (long) headerLength(file);
        if (values < 0) {
            throw cutOff(file, headerLength(file) + " bytes of header alone", "the file");
        }
        ByteBuffer header = ByteBuffer.wrap(file.bytes(), 4, 4 * axes(file));
        int[] lengths = new int[axes(file)];
        long product = 1;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = header.getInt();
            // Once it exceeds the file, the product need not grow any more; it must not overflow.
            product = lengths[i] < 1 ? -1 : product > values ? product : product * lengths[i];
        }
        String shape = Arrays.toString(lengths);
        if (Arrays.stream(lengths).anyMatch(length -> length < 1)) {
            throw new DataException(file.wrong("the header names no values")
                    .expected("axes of at least 1")
                    .butWas(shape));
        }
        if (product != values) {
            throw cutOff(file, "as many values as the header names, " + shape, values + " values");
        }
        return lengths;
    }

    private static DataException cutOff(SourceFile file, String expected, String found) {
        return new DataException(file.wrong("the file is cut off or too long")
                .expected(expected)
                .butWas(found + " in " + file.bytes().length + " bytes")
                .hint("fetch the file again"));
    }

    private static float[] values(SourceFile file, float divisor) {
        byte[] bytes = file.bytes();
        int start = headerLength(file);
        float[] values = new float[bytes.length - start];
        for (int i = 0; i < values.length; i++) {
            values[i] = (bytes[start + i] & 0xFF) / divisor;
        }
        return values;
    }
}
