package org.ebvlm.program;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.program.Storage.Role;

/**
 * Gives native calls their memory: each place that native code touches has one mirror, which is copied as seldom as can be.
 * A buffer's place is written once a run and read only afterwards, so the first call that reads it uploads it, unless a
 * call has made it.
 */
final class Mirrors {
    private final List<Step> steps;
    private final Map<Mirror.Place, Mirror> mirrors = new LinkedHashMap<>();
    private final Map<Mirror, Integer> first = new HashMap<>();
    private final Map<Mirror, Integer> last = new HashMap<>();

    private Mirrors(List<Step> steps) {
        this.steps = steps;
    }

    static void assign(List<Step> steps) {
        Mirrors all = new Mirrors(steps);
        all.copies();
        all.memory();
        for (Step step : steps) {
            if (step instanceof NativeCall call) {
                call.prepare(
                        call.inputs().stream().map(all.mirrors::get).toList(),
                        call.outputs().stream().map(all.mirrors::get).toList());
            }
        }
    }

    private void copies() {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof NativeCall call) {
                for (Mirror.Place place : call.inputs()) {
                    if (!mirrors.containsKey(place)) {
                        call.uploads(use(place, i));
                    }
                    use(place, i);
                }
                for (Mirror.Place place : call.outputs()) {
                    Mirror made = use(place, i);
                    if (isReadInJava(place)) {
                        call.downloads(made);
                    }
                }
            }
        }
    }

    private Mirror use(Mirror.Place place, int step) {
        Mirror mirror = mirrors.computeIfAbsent(place, Mirror::new);
        first.putIfAbsent(mirror, step);
        last.put(mirror, step);
        return mirror;
    }

    /** Whether anything but a native call on exactly this place reads it. */
    private boolean isReadInJava(Mirror.Place place) {
        if (place.buffer().role == Role.OUTPUT) {
            return true;
        }
        for (Step step : steps) {
            if (!step.reads().contains(place.buffer())) {
                continue;
            }
            if (!(step instanceof NativeCall call)) {
                return true;
            }
            for (Mirror.Place read : call.inputs()) {
                if (read.buffer() == place.buffer() && !read.equals(place)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One memory for mirrors of one size that are not in use at the same time. */
    private void memory() {
        Map<Integer, Deque<Mirror.Memory>> free = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (Mirror mirror : mirrors.values()) {
                if (first.get(mirror) == i) {
                    Deque<Mirror.Memory> same =
                            free.computeIfAbsent(mirror.place().size(), size -> new ArrayDeque<>());
                    mirror.use(same.isEmpty() ? new Mirror.Memory(mirror.place().size()) : same.pop());
                }
            }
            for (Mirror mirror : mirrors.values()) {
                if (last.get(mirror) == i) {
                    free.get(mirror.place().size()).push(mirror.memory());
                }
            }
        }
    }
}
