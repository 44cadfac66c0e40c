package org.ebvlm.reproduce;

import java.util.List;
import java.util.stream.Collectors;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** All experiments, by name. */
public final class Experiments {
    private static final List<Experiment> ALL = List.of(
            new CheckerboardExperiment(),
            new FreyExperiment(),
            new FisherExperiment(),
            new ImplicitExperiment(),
            new FlowExperiment(),
            new MetaInferenceExperiment(),
            new SvgdExperiment(),
            new BiasExperiment(),
            new SensitivityExperiment(),
            new DeepExperiment(),
            new VimcoExperiment(),
            new StructuredExperiment(),
            new BeganExperiment(),
            new SteinGanExperiment());

    private Experiments() {}

    /** All of them, in the order of the field's story. */
    public static List<Experiment> all() {
        return ALL;
    }

    /** The one of this name. */
    public static Experiment named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SettingException(Facts.that("reproduce: there is no experiment of that name")
                        .expected(ALL.stream().map(Experiment::name).collect(Collectors.joining(", ")))
                        .butWas(name)));
    }
}
