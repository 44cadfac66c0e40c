package org.ebvlm.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;

/** The training loop: batches, steps, averages, records, evaluations, checkpoints, and the ways to end. */
final class Loop implements AutoCloseable {
    /** Records of the objective in a run; each is a mean over the steps between. */
    private static final int RECORDS = 1000;

    /** What objectives call their last phase; its value is averaged between records, those of other phases are not. */
    private static final String OBJECTIVE = "objective";

    private static final long REPORT_NANOS = 100_000_000L;

    private final Training training;
    private final Data data;
    private final Stepper stepper;
    private final Noise evaluationNoise;
    private final long steps;
    private final long recordEvery;
    private Noise noise;
    private Batches batches;
    private History history = new History();
    private List<float[]> averages = List.of();
    private double secondsBefore;
    private long started;
    private double sum;
    private long summed;
    private double best = Double.POSITIVE_INFINITY;
    private int worse;
    private Pace pace;
    private List<float[]> kept = List.of();

    Loop(Training training, Noise source) {
        this.training = training;
        this.data = training.rows();
        this.steps = training.stepCount();
        this.recordEvery = Math.max(1, steps / RECORDS);
        this.noise = source.split("training");
        this.evaluationNoise = source.split("evaluation");
        int rows = training.batchSize();
        Expr batch = Expr.input("batch", rows, training.model.visible());
        this.stepper = new Stepper(
                training.objective.phases(training.learner(), data, batch),
                batch,
                training.updaterOrDefault(),
                others(training),
                training.clip == null ? Double.POSITIVE_INFINITY : training.clip);
        this.batches = data.batches(rows, source.split("data order"));
        if (training.average != null) {
            averages = values();
        }
        if (training.resume != null) {
            restore(Checkpoint.read(training.resume));
        }
    }

    private static List<Parameters> others(Training training) {
        List<Parameters> others = new ArrayList<>(training.objective.parameters());
        others.add(0, training.model.parameters());
        return others;
    }

    Run run() {
        started = System.nanoTime();
        return finish(walk());
    }

    /** Goes on from where the training is, to its end. */
    private Run.Ending walk() {
        try {
            return isUnmeasured() && measure(stepper.steps()) && isStuck() ? Run.Ending.STOPPED_EARLY : steps();
        } catch (InterruptionException e) {
            return Run.Ending.INTERRUPTED;
        }
    }

    private Run.Ending steps() {
        long reported = started;
        pace = new Pace(stepper.steps(), seconds());
        while (stepper.steps() < steps) {
            Interruption.check("the training of " + training.model.name());
            step();
            long done = stepper.steps();
            if (done % recordEvery == 0) {
                record();
            }
            if (measure(done) && isStuck()) {
                return Run.Ending.STOPPED_EARLY;
            }
            if (training.checkpoint != null && done % training.checkpointEvery == 0) {
                checkpoint(seconds());
            }
            if (training.progress != null && System.nanoTime() - reported > REPORT_NANOS) {
                reported = System.nanoTime();
                report(Optional.empty());
            }
        }
        return Run.Ending.FINISHED;
    }

    private void step() {
        data.gather(batches.next(), stepper.batch());
        try {
            stepper.step(noise);
        } catch (DivergenceException e) {
            throw new TrainingDivergedException(
                    Facts.that(e.getMessage()).hint("the run so far is in this error: run()"),
                    finish(Run.Ending.DIVERGED));
        }
        sum += stepper.objective();
        summed++;
        average();
    }

    private void average() {
        if (training.average == null) {
            return;
        }
        float decay = training.average.floatValue();
        List<Parameters> owners = stepper.owners();
        for (int k = 0; k < owners.size(); k++) {
            float[] mean = averages.get(k);
            float[] now = stepper.moving(owners.get(k));
            for (int i = 0; i < mean.length; i++) {
                mean[i] = decay * mean[i] + (1 - decay) * now[i];
            }
        }
    }

    // ---------------------------------------------------------------- measuring

    private void record() {
        if (summed > 0) {
            history.add(stepper.steps(), new Measurement(OBJECTIVE, sum / summed, Double.NaN));
            stepper.phaseValues().forEach((name, value) -> {
                if (!name.equals(OBJECTIVE)) {
                    history.add(stepper.steps(), new Measurement(name, value, Double.NaN));
                }
            });
            sum = 0;
            summed = 0;
        }
    }

    /** Makes the evaluations that are due; whether the watched one was among them. None counts if one is interrupted. */
    private boolean measure(long done) {
        if (!isDue(done)) {
            return false;
        }
        List<Measurement> made = new ArrayList<>();
        for (Training.Every every : training.evaluations) {
            if (isDue(every, done)) {
                made.add(every.evaluation().measure(snapshot()));
            }
        }
        boolean watched = false;
        for (Measurement measured : made) {
            history.add(done, measured);
            watched |= training.stopping != null && watch(measured);
        }
        return watched;
    }

    private boolean isDue(long done) {
        for (Training.Every every : training.evaluations) {
            if (isDue(every, done)) {
                return true;
            }
        }
        return false;
    }

    private boolean isDue(Training.Every every, long done) {
        return done % every.steps() == 0 || done == steps;
    }

    /** Whether the checkpoint was left while it was being measured, so that this is still to be done. */
    private boolean isUnmeasured() {
        long done = stepper.steps();
        return done > 0
                && isDue(done)
                && training.evaluations.stream()
                        .filter(every -> isDue(every, done))
                        .noneMatch(every -> history.lastStep(every.evaluation().name()) == done);
    }

    private boolean watch(Measurement measured) {
        if (!measured.name().equals(training.stopping.measure())) {
            return false;
        }
        double value = measured.value() * training.stopping.sign();
        if (value < best) {
            best = value;
            worse = 0;
            kept = averages.isEmpty()
                    ? values()
                    : averages.stream().map(float[]::clone).toList();
        } else {
            worse++;
        }
        return true;
    }

    private boolean isStuck() {
        return worse >= training.stopping.patience();
    }

    private Snapshot snapshot() {
        Map<Expr, Parameters> now = present(averages);
        Parameters model = now.get(training.model.parameters().leaf());
        return new Snapshot(
                training.model.with(model),
                p -> now.getOrDefault(p.leaf(), p),
                stepper.steps(),
                evaluationNoise.split(stepper.steps()));
    }

    private void report(Optional<Run.Ending> ending) {
        double objective = summed > 0 ? sum / summed : history.last(OBJECTIVE);
        double seconds = seconds();
        double rate = ending.isEmpty() ? pace.at(stepper.steps(), seconds) : stepper.steps() / seconds;
        training.progress.accept(
                new Progress(stepper.steps(), steps, seconds, rate, objective, history.copy(), ending));
    }

    private double seconds() {
        return secondsBefore + (System.nanoTime() - started) * 1e-9;
    }

    // ---------------------------------------------------------------- values

    private List<float[]> values() {
        List<float[]> all = new ArrayList<>();
        stepper.owners().forEach(owner -> all.add(stepper.moving(owner).clone()));
        return all;
    }

    /** The parameters with given values, or with the moving ones if none are given. */
    private Map<Expr, Parameters> present(List<float[]> given) {
        Map<Expr, Parameters> all = new LinkedHashMap<>();
        List<Parameters> owners = stepper.owners();
        for (int k = 0; k < owners.size(); k++) {
            Parameters owner = owners.get(k);
            all.put(owner.leaf(), given.isEmpty() ? stepper.current(owner) : owner.with(given.get(k)));
        }
        return all;
    }

    private Run finish(Run.Ending ending) {
        double seconds = seconds();
        if (training.checkpoint != null && ending != Run.Ending.DIVERGED) {
            checkpoint(seconds);
        }
        record();
        if (training.progress != null) {
            report(Optional.of(ending));
        }
        Map<Expr, Parameters> fitted = present(kept.isEmpty() ? averages : kept);
        return new Run(
                training.model.with(fitted.get(training.model.parameters().leaf())),
                fitted,
                history,
                stepper.steps(),
                seconds,
                ending,
                training.settings());
    }

    // ---------------------------------------------------------------- checkpoints

    private String dataIdentity() {
        return data.name() + " " + data.provenance().sha256();
    }

    private void checkpoint(double seconds) {
        List<float[]> vectors = new ArrayList<>(stepper.save());
        averages.forEach(mean -> vectors.add(mean.clone()));
        new Checkpoint(
                        dataIdentity(),
                        training.settings(),
                        vectors,
                        kept,
                        new double[] {sum, summed, best, worse},
                        stepper.counts(),
                        noise.state(),
                        batches.state(),
                        history,
                        seconds)
                .write(training.checkpoint);
    }

    private void restore(Checkpoint saved) {
        requireSame("data", dataIdentity(), saved.data());
        requireSame("settings", training.settings(), saved.settings());
        List<float[]> expected = new ArrayList<>(stepper.save());
        expected.addAll(averages);
        requireSame("sizes", sizes(expected), sizes(saved.vectors()));
        stepper.restore(saved.vectors(), saved.counts());
        for (int k = 0; k < averages.size(); k++) {
            float[] mean = saved.vectors().get(saved.vectors().size() - averages.size() + k);
            System.arraycopy(mean, 0, averages.get(k), 0, mean.length);
        }
        kept = saved.best();
        sum = saved.tally()[0];
        summed = (long) saved.tally()[1];
        best = saved.tally()[2];
        worse = (int) saved.tally()[3];
        noise = Noise.restore(saved.noise());
        batches = Batches.resume(data.rows(), training.batchSize(), saved.batches());
        history = saved.history();
        secondsBefore = saved.seconds();
    }

    private static List<Integer> sizes(List<float[]> vectors) {
        return vectors.stream().map(v -> v.length).toList();
    }

    private void requireSame(String what, Object now, Object then) {
        if (!now.equals(then)) {
            throw new DataException(
                    Facts.that("the checkpoint " + training.resume + " belongs to a training with other " + what)
                            .expected(then)
                            .butWas(now)
                            .hint("resume with the same sentence, or start afresh"));
        }
    }

    @Override
    public void close() {
        stepper.close();
    }
}
