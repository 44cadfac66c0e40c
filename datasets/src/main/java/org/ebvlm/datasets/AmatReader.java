package org.ebvlm.datasets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ebvlm.errors.DataException;

/** Numbers in text, separated by blanks, a line a row. Read byte by byte: such files have millions of one-digit numbers. */
final class AmatReader {
    private final SourceFile file;
    private final byte[] bytes;
    private float[] values = new float[1 << 10];
    private int count;
    private int width;
    private int line;

    private AmatReader(SourceFile file) {
        this.file = file;
        this.bytes = file.bytes();
    }

    static Data read(SourceFile file) {
        return new AmatReader(file).read();
    }

    private Data read() {
        for (int at = 0; at < bytes.length; ) {
            line++;
            at = readLine(at);
        }
        if (count == 0) {
            throw new DataException(file.wrong("there are no numbers in it")
                    .expected("numbers separated by blanks, a line a row")
                    .butWas(line + " blank lines"));
        }
        return new Data(Arrays.copyOf(values, count), About.of(file.name(), width));
    }

    /** Reads a line and returns where the next one begins. Blank lines do not count. */
    private int readLine(int from) {
        int before = count;
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            int end = at;
            while (end < bytes.length && bytes[end] > ' ') {
                end++;
            }
            if (end > at) {
                add(number(at, end));
                at = end;
            } else {
                at++;
            }
        }
        checkWidth(count - before);
        return at + 1;
    }

    private void checkWidth(int numbers) {
        if (numbers == 0) {
            return;
        }
        if (width == 0) {
            width = numbers;
        }
        if (numbers != width) {
            throw new DataException(file.wrong("the rows differ in length, or the file is cut off")
                    .expected(width + " numbers in every line")
                    .butWas(numbers + " in line " + line));
        }
    }

    private void add(float value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    private float number(int from, int to) {
        if (to == from + 1 && bytes[from] >= '0' && bytes[from] <= '9') {
            return bytes[from] - '0';
        }
        String token = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        try {
            return Float.parseFloat(token);
        } catch (NumberFormatException e) {
            throw new DataException(file.wrong("there is something that is not a number")
                    .expected("numbers separated by blanks")
                    .butWas('"' + token.substring(0, Math.min(40, token.length())) + "\" in line " + line));
        }
    }
}
