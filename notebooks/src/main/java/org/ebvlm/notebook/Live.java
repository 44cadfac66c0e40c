package org.ebvlm.notebook;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ebvlm.training.Progress;

/**
 * Shows each training in a spot of its own, renewed now and then and once more at its end. Making what is shown takes at most
 * a tenth of the time.
 */
final class Live implements Consumer<Progress> {
    private static final long SHARE = 10;

    private final Supplier<Screen.Spot> spots;
    private final Picturing picturing;
    private final long restNanos;
    private Screen.Spot spot;
    private long due;

    /** What is shown of a training; null for nothing as yet. */
    @FunctionalInterface
    interface Picturing {
        Rendering of(Progress at);
    }

    Live(Supplier<Screen.Spot> spots, Picturing picturing, double restSeconds) {
        this.spots = spots;
        this.picturing = picturing;
        this.restNanos = (long) (restSeconds * 1e9);
    }

    @Override
    public void accept(Progress at) {
        boolean last = at.ending().isPresent();
        long now = System.nanoTime();
        if (spot != null && !last && now - due < 0) {
            return;
        }
        Rendering shown = picturing.of(at);
        if (shown != null) {
            spot = spot == null ? spots.get() : spot;
            spot.show(shown);
        }
        long after = System.nanoTime();
        due = after + Math.max(restNanos, SHARE * (after - now));
        if (last) {
            // The next training gets a place of its own.
            spot = null;
        }
    }
}
