package org.ebvlm.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * Runs training steps: compiles each phase's value and gradient once, keeps the moving parameters, and allocates nothing
 * from step to step. Training and learned critics are built on it; most users want {@link Training}.
 */
public final class Stepper implements AutoCloseable {
    private final List<Running> running = new ArrayList<>();
    private final Map<Expr, float[]> values = new LinkedHashMap<>();
    private final Map<Expr, Parameters> owners = new LinkedHashMap<>();
    private final float[] batch;
    private final double clip;
    private final SumOfSquares squares = new SumOfSquares();
    private long steps;

    /** A phase whose gradient is longer than this has left what single precision can square. */
    private static final double LONGEST = 1e18;

    /** What moves in one phase. */
    private static final class Moving {
        final Phase phase;
        final Updater.State updater;
        final Parameters parameters;
        final float[] values;
        /** A copy of the parameters, if an update could spoil them. */
        final float[] before;

        final boolean clips;

        long updates;
        double value = Double.NaN;

        Moving(Phase phase, Updater updater, float[] values) {
            this.phase = phase;
            this.parameters = phase.fitted().parameters();
            this.updater = updater.start(parameters.size());
            this.clips = updater.clips();
            this.values = values;
            this.before = updater.keepsFinite() ? null : new float[values.length];
        }

        Expr slope() {
            return parameters.gradient(phase.loss());
        }
    }

    /** Phases that are taken at once, compiled. */
    private static final class Running {
        final List<Moving> moving;
        final int repeats;
        /** The gradients, and after them the values. */
        final Program program;
        /** The gradients alone, for all but the last time in a step. */
        final Program gradient;

        Running(List<Moving> moving) {
            this.moving = moving;
            this.repeats = moving.get(0).phase.repeats();
            List<Expr> slopes = moving.stream().map(Moving::slope).toList();
            List<Expr> all = new ArrayList<>(slopes);
            moving.forEach(each -> all.add(each.phase.value()));
            this.program = Program.of(all);
            this.gradient = repeats == 1 ? program : Program.of(slopes);
        }

        void bind(Expr input, float[] values) {
            program.bind(input, values);
            gradient.bind(input, values);
        }

        long bytes() {
            return program.bytes() + (gradient == program ? 0 : gradient.bytes());
        }

        void close() {
            program.close();
            if (gradient != program) {
                gradient.close();
            }
        }
    }

    /**
     * Compiles the phases of a step.
     *
     * @param phases in order
     * @param batch the input that stands for the step's rows
     * @param updater for phases that bring none
     * @param others parameters that the phases use but do not fit
     * @param clip largest norm of a gradient; infinite for none
     */
    public Stepper(List<Phase> phases, Expr batch, Updater updater, List<Parameters> others, double clip) {
        this.clip = clip;
        this.batch = new float[batch.size()];
        others.forEach(this::own);
        phases.forEach(phase -> own(phase.fitted().parameters()));
        for (List<Phase> together : joined(phases)) {
            Running compiled = new Running(together.stream()
                    .map(phase -> moving(phase, phase.updater().orElse(updater)))
                    .toList());
            values.forEach(compiled::bind);
            compiled.bind(batch, this.batch);
            running.add(compiled);
        }
    }

    private Moving moving(Phase phase, Updater updater) {
        return new Moving(phase, updater, values.get(phase.fitted().parameters().leaf()));
    }

    /** Phases by what is taken at once. */
    private static List<List<Phase>> joined(List<Phase> phases) {
        List<List<Phase>> groups = new ArrayList<>();
        boolean goesOn = false;
        for (Phase phase : phases) {
            if (!goesOn) {
                groups.add(new ArrayList<>());
            }
            List<Phase> group = groups.get(groups.size() - 1);
            requireJoinable(group, phase);
            group.add(phase);
            goesOn = phase.joined();
        }
        return groups;
    }

    private static void requireJoinable(List<Phase> group, Phase phase) {
        Expr leaf = phase.fitted().parameters().leaf();
        for (Phase other : group) {
            if (other.repeats() != phase.repeats()
                    || other.fitted().parameters().leaf().equals(leaf)) {
                throw new SettingException(
                        Facts.that("phases " + other.name() + " and " + phase.name() + " cannot be taken at once")
                                .expected("as many repetitions, and parameters of their own")
                                .butWas(other.repeats() + " and " + phase.repeats() + " repetitions, of "
                                        + other.fitted() + " and " + phase.fitted()));
            }
        }
    }

    private void own(Parameters parameters) {
        values.putIfAbsent(parameters.leaf(), parameters.values());
        owners.putIfAbsent(parameters.leaf(), parameters);
    }

    /** The rows of the next step, to be filled by the caller. */
    public float[] batch() {
        return batch;
    }

    /** One step: every phase, as often as it says. */
    public void step(Noise noise) {
        for (Running each : running) {
            for (int left = each.repeats - 1; left > 0; left--) {
                each.gradient.draw(noise);
                each.gradient.run();
                follow(each, each.gradient);
            }
            each.program.draw(noise);
            each.program.run();
            for (int k = 0; k < each.moving.size(); k++) {
                each.moving.get(k).value = each.program.scalar(each.moving.size() + k);
            }
            follow(each, each.program);
        }
        steps++;
    }

    /** Looks all gradients through, and then follows them. */
    private void follow(Running phases, Program program) {
        for (int k = 0; k < phases.moving.size(); k++) {
            makeReady(phases.moving.get(k), program.value(k), program == phases.program);
        }
        for (int k = 0; k < phases.moving.size(); k++) {
            Moving each = phases.moving.get(k);
            if (each.before == null) {
                each.updater.update(each.values, program.value(k), each.updates++);
            } else {
                updateWithCare(each, program.value(k));
            }
        }
    }

    private void makeReady(Moving each, float[] gradient, boolean valued) {
        double norm = Math.sqrt(squares.sum(gradient));
        if (!(norm < LONGEST)) {
            throw diverged(spoiled(each, gradient, norm));
        }
        if (valued && !Double.isFinite(each.value)) {
            throw diverged(each.phase.name() + " = " + each.value + " is not finite");
        }
        if (norm > clip && each.clips) {
            scale(gradient, (float) (clip / norm));
        }
    }

    private void updateWithCare(Moving each, float[] gradient) {
        System.arraycopy(each.values, 0, each.before, 0, each.before.length);
        each.updater.update(each.values, gradient, each.updates++);
        if (!Double.isFinite(squares.sum(each.values))) {
            String name = each.parameters.nameAt(firstNotFinite(each.values));
            System.arraycopy(each.before, 0, each.values, 0, each.before.length);
            throw diverged(name + " after the update of " + each.phase.name() + " is not finite");
        }
    }

    private static void scale(float[] g, float factor) {
        for (int i = 0; i < g.length; i++) {
            g[i] *= factor;
        }
    }

    private static String spoiled(Moving each, float[] gradient, double norm) {
        int bad = firstNotFinite(gradient);
        String what = "the gradient of " + each.phase.name();
        return bad < gradient.length
                ? what + " in " + each.parameters.nameAt(bad) + " is not finite"
                : what + " has length " + norm;
    }

    private static int firstNotFinite(float[] values) {
        int i = 0;
        while (i < values.length && Float.isFinite(values[i])) {
            i++;
        }
        return i;
    }

    private DivergenceException diverged(String what) {
        return new DivergenceException(Facts.that("training left the finite numbers at step " + (steps + 1))
                .expected("finite values and gradients")
                .butWas(what)
                .hint("the parameters are those before this step; take a smaller learning rate, clip gradients, or "
                        + "standardise the data"));
    }

    /** Steps done. */
    public long steps() {
        return steps;
    }

    /** Size of the compiled programs' arrays together, in bytes; the batch and parameters count in each that reads them. */
    public long bytes() {
        return running.stream().mapToLong(Running::bytes).sum();
    }

    /** The last value of each phase, by name. */
    public Map<String, Double> phaseValues() {
        Map<String, Double> all = new LinkedHashMap<>();
        moving().forEach(each -> all.put(each.phase.name(), each.value));
        return all;
    }

    /** The last value of the last phase: the objective. */
    public double objective() {
        List<Moving> last = running.get(running.size() - 1).moving;
        return last.get(last.size() - 1).value;
    }

    /** What moves in each phase, in order. */
    private List<Moving> moving() {
        return running.stream().flatMap(each -> each.moving.stream()).toList();
    }

    /** The parameters as they are now; those that no phase touches come back unchanged. */
    public Parameters current(Parameters of) {
        float[] now = values.get(of.leaf());
        return now == null ? of : of.with(now);
    }

    /** All fitted parameters' owners, in a fixed order. */
    List<Parameters> owners() {
        return List.copyOf(owners.values());
    }

    /** The moving values of a parameter vector themselves. */
    float[] moving(Parameters of) {
        return values.get(of.leaf());
    }

    // ---------------------------------------------------------------- saving

    /** All that moves, in a fixed order: parameters, then updaters. */
    List<float[]> save() {
        List<float[]> all = new ArrayList<>();
        values.values().forEach(v -> all.add(v.clone()));
        moving().forEach(each -> all.add(each.updater.save()));
        return all;
    }

    long[] counts() {
        List<Moving> all = moving();
        long[] counts = new long[all.size() + 1];
        counts[0] = steps;
        for (int i = 0; i < all.size(); i++) {
            counts[i + 1] = all.get(i).updates;
        }
        return counts;
    }

    void restore(List<float[]> saved, long[] counts) {
        int at = 0;
        for (float[] v : values.values()) {
            System.arraycopy(saved.get(at++), 0, v, 0, v.length);
        }
        steps = counts[0];
        List<Moving> all = moving();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).updater.restore(saved.get(at++));
            all.get(i).updates = counts[i + 1];
        }
    }

    /** Frees the compiled programs. */
    @Override
    public void close() {
        running.forEach(Running::close);
    }
}
