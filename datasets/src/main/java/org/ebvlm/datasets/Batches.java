package org.ebvlm.datasets;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;

/**
 * Endless batches of row numbers: in every epoch each row comes exactly once, in a fresh random order. All batches have
 * the same size; one that begins at the end of an epoch is filled up from the next.
 *
 * <p>The order of epoch e comes from {@code noise.split(e)}, so a {@linkplain #state() state} is three numbers and {@link
 * #resume} goes on to the bit. Nothing is allocated from batch to batch. Not thread-safe.
 */
public final class Batches {
    private final int[] order;
    private final int[] batch;
    private final Noise noise;
    private long epoch;
    private int position;

    private Batches(int rows, int size, State state) {
        this.order = new int[rows];
        this.batch = new int[size];
        this.noise = Noise.restore(state.noise());
        this.epoch = state.epoch();
        this.position = state.position();
        shuffle();
    }

    /**
     * Batches of some of the rows 0 to {@code rows - 1}.
     *
     * @param noise gives the orders; left as it is
     * @throws SettingException if size is below 1 or above the number of rows
     */
    public static Batches of(int rows, int size, Noise noise) {
        return resume(rows, size, new State(noise.state(), 0, 0));
    }

    /**
     * The batches that followed when the state was taken.
     *
     * @throws SettingException if size is below 1 or above the number of rows, or the state is of fewer rows
     */
    public static Batches resume(int rows, int size, State state) {
        if (size < 1 || size > rows) {
            throw new SettingException(Facts.that("Batches: the size of a batch is out of range")
                    .expected("1 to " + rows + ", the number of rows")
                    .butWas(size));
        }
        if (state.epoch() < 0 || state.position() < 0 || state.position() > rows) {
            throw new SettingException(Facts.that("Batches.resume: the state is not one of these batches")
                    .expected("an epoch from 0, a position from 0 to " + rows)
                    .butWas(state));
        }
        return new Batches(rows, size, state);
    }

    /** The next batch of row numbers: always the same array, filled anew. */
    public int[] next() {
        for (int i = 0; i < batch.length; i++) {
            if (position == order.length) {
                position = 0;
                epoch++;
                shuffle();
            }
            batch[i] = order[position++];
        }
        return batch;
    }

    /** The epoch of the last row handed out, counting from 0. */
    public long epoch() {
        return epoch;
    }

    /** All that is needed to go on from here, to the bit. */
    public State state() {
        return new State(noise.state(), epoch, position);
    }

    private void shuffle() {
        noise.split(epoch).permutation(order);
    }

    /**
     * Where batches stand.
     *
     * @param noise the source that the orders of the epochs are split from
     * @param epoch the present epoch, counting from 0
     * @param position how many rows of it were handed out
     */
    public record State(Noise.State noise, long epoch, int position) {}

    @Override
    public String toString() {
        return "Batches of " + batch.length + " of " + order.length + " rows: epoch " + epoch + ", " + position
                + " rows done";
    }
}
