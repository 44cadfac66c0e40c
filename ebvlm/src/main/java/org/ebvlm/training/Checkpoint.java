package org.ebvlm.training;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.ebvlm.datasets.Batches;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.files.WholeFile;
import org.ebvlm.noise.Noise;

/**
 * All that a training needs to go on to the bit: parameters, updaters, averages, noise, data order, history. One file,
 * written beside its old self and then moved over it, so there is always a whole one.
 *
 * @param data name and hash of what it was trained on
 * @param settings of the training, in words
 * @param vectors parameters and updater states in the stepper's order, then averages
 * @param best the vectors that early stopping keeps; empty if none
 * @param tally sums since the last record, and early stopping's count
 * @param counts steps and updates
 * @param noise of the training
 * @param batches the data order
 * @param history so far
 * @param seconds so far
 */
record Checkpoint(
        String data,
        String settings,
        List<float[]> vectors,
        List<float[]> best,
        double[] tally,
        long[] counts,
        Noise.State noise,
        Batches.State batches,
        History history,
        double seconds) {
    private static final int MAGIC = 0x4542564C;
    private static final int VERSION = 1;

    void write(Path file) {
        WholeFile.write(file, draft -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            write(new DataOutputStream(body));
            byte[] bytes = body.toByteArray();
            try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(draft))) {
                out.write(bytes);
                out.writeLong(sum(bytes, bytes.length));
            }
        });
    }

    private void write(DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(data);
        out.writeUTF(settings);
        write(out, vectors);
        write(out, best);
        write(out, tally);
        out.writeInt(counts.length);
        for (long count : counts) {
            out.writeLong(count);
        }
        write(out, noise);
        write(out, batches.noise());
        out.writeLong(batches.epoch());
        out.writeInt(batches.position());
        Map<String, double[]> series = history.save();
        out.writeInt(series.size());
        for (Map.Entry<String, double[]> entry : series.entrySet()) {
            out.writeUTF(entry.getKey());
            write(out, entry.getValue());
        }
        out.writeDouble(seconds);
    }

    /** A check sum that a damaged byte changes. */
    private static long sum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    private static void write(DataOutputStream out, List<float[]> vectors) throws IOException {
        out.writeInt(vectors.size());
        for (float[] vector : vectors) {
            out.writeInt(vector.length);
            for (float x : vector) {
                out.writeFloat(x);
            }
        }
    }

    private static void write(DataOutputStream out, double[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (double x : numbers) {
            out.writeDouble(x);
        }
    }

    private static void write(DataOutputStream out, Noise.State state) throws IOException {
        out.writeLong(state.key());
        out.writeLong(state.position());
    }

    static Checkpoint read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int length = bytes.length - Long.BYTES;
            require(length > 0, file, "a file of " + bytes.length + " bytes");
            require(
                    ByteBuffer.wrap(bytes).getLong(length) == sum(bytes, length),
                    file,
                    "it is cut short or damaged: its check sum is wrong");
            return read(new DataInputStream(new ByteArrayInputStream(bytes)), file);
        } catch (IOException e) {
            throw new DataException(Facts.that("the checkpoint " + file + " cannot be read")
                    .expected("a file that a training of this toolkit wrote")
                    .causedBy(e)
                    .hint("it is missing or cut short; start the training afresh"));
        }
    }

    private static Checkpoint read(DataInputStream in, Path file) throws IOException {
        require(in.readInt() == MAGIC, file, "the file is not a checkpoint");
        int version = in.readInt();
        require(version == VERSION, file, "its format has version " + version + ", this toolkit writes " + VERSION);
        String data = in.readUTF();
        String settings = in.readUTF();
        List<float[]> vectors = readVectors(in);
        List<float[]> best = readVectors(in);
        double[] tally = readNumbers(in);
        long[] counts = new long[in.readInt()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.readLong();
        }
        Noise.State noise = new Noise.State(in.readLong(), in.readLong());
        Noise.State order = new Noise.State(in.readLong(), in.readLong());
        Batches.State batches = new Batches.State(order, in.readLong(), in.readInt());
        Map<String, double[]> series = new LinkedHashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            String name = in.readUTF();
            series.put(name, readNumbers(in));
        }
        double seconds = in.readDouble();
        History history = History.restore(series);
        return new Checkpoint(data, settings, vectors, best, tally, counts, noise, batches, history, seconds);
    }

    private static List<float[]> readVectors(DataInputStream in) throws IOException {
        List<float[]> vectors = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            float[] vector = new float[in.readInt()];
            for (int k = 0; k < vector.length; k++) {
                vector[k] = in.readFloat();
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private static double[] readNumbers(DataInputStream in) throws IOException {
        double[] numbers = new double[in.readInt()];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = in.readDouble();
        }
        return numbers;
    }

    private static void require(boolean good, Path file, String problem) {
        if (!good) {
            throw new DataException(Facts.that("the checkpoint " + file + " cannot be used")
                    .expected("a whole checkpoint of a training")
                    .butWas(problem));
        }
    }
}
