package org.ebvlm.datasets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** All that is known of data aside from the values, and what remains known after a step. */
record About(
        String name,
        int width,
        List<String> steps,
        Optional<Grid> grid,
        List<String> columns,
        Optional<Density> density,
        Optional<Scaling> scaling) {

    static About of(String name, int width) {
        return new About(name, width, List.of(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }

    About named(String newName) {
        return new About(newName, width, steps, grid, columns, density, scaling);
    }

    About on(Grid newGrid) {
        return new About(name, width, steps, Optional.of(newGrid), columns, density, scaling);
    }

    About columns(List<String> names) {
        return new About(name, width, steps, grid, List.copyOf(names), density, scaling);
    }

    About drawnFrom(Density newDensity) {
        return new About(name, width, steps, grid, columns, Optional.of(newDensity), scaling);
    }

    /** Other rows of the same distribution. */
    About step(String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return new About(name, width, List.copyOf(longer), grid, columns, density, scaling);
    }

    /** Values changed in a way that is not affine: neither density nor scaling hold any more. */
    About revalued(String step) {
        return step(step).with(Optional.empty(), Optional.empty());
    }

    About rescaled(Scaling next, String step) {
        return step(step)
                .with(
                        density.map(d -> new RescaledDensity(d, next)),
                        Optional.of(scaling.map(s -> s.then(next)).orElse(next)));
    }

    About noised(double std, String step) {
        return step(step).with(density.flatMap(d -> d.convolved(std)), scaling);
    }

    About keeping(int[] kept, String step) {
        List<String> names = columns.isEmpty()
                ? columns
                : Arrays.stream(kept).mapToObj(columns::get).toList();
        return new About(
                name,
                kept.length,
                step(step).steps,
                Optional.empty(),
                names,
                Optional.empty(),
                scaling.map(s -> s.keeping(kept)));
    }

    /** The name of a column, for messages and tables: its own, or x0, x1, ... */
    String column(int index) {
        return columns.isEmpty() ? "x" + index : columns.get(index);
    }

    private About with(Optional<Density> newDensity, Optional<Scaling> newScaling) {
        return new About(name, width, steps, grid, columns, newDensity, newScaling);
    }
}
