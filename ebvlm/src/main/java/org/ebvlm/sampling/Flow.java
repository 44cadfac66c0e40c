package org.ebvlm.sampling;

import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** Where {@link HamiltonianFlow} has led, and what each length of the path would have been worth to a sampler. Plain numbers. */
public final class Flow {
    private final String name;
    private final int width;
    private final double stepSize;
    private final int thin;
    private final List<float[]> kept;
    private final double[] acceptance;
    private final int lost;

    Flow(String name, int width, double stepSize, int thin, List<float[]> kept, double[] acceptance, int lost) {
        this.name = name;
        this.width = width;
        this.stepSize = stepSize;
        this.thin = thin;
        this.kept = kept;
        this.acceptance = acceptance;
        this.lost = lost;
    }

    /** Number of chains. */
    public int chains() {
        return kept.get(0).length / width;
    }

    /** Number of leaps. */
    public int leaps() {
        return acceptance.length - 1;
    }

    /** How many chains have left the finite numbers on their way; they stay where they were last. */
    public int lost() {
        return lost;
    }

    /** Mean over the chains of the probability of accepting the place after t leaps, t = 0 ... leaps; the first is one. */
    public double[] acceptance() {
        return acceptance.clone();
    }

    /**
     * Where the chains are after some leaps; [chains, width].
     *
     * @param leap zero, or a multiple of what was kept
     * @throws SettingException if that was not kept
     */
    public Data at(int leap) {
        if (leap < 0 || leap > leaps() || leap % thin != 0) {
            throw new SettingException(Facts.that("Flow.at: no place was kept after " + leap + " leaps")
                    .expected("a multiple of " + thin + " up to " + leaps())
                    .butWas(leap)
                    .hint("HamiltonianFlow.thin(1) keeps all"));
        }
        return Data.of("flow of " + name + " after " + leap + " leaps", kept.get(leap / thin), width);
    }

    /**
     * What was kept after so many leaps, as draws of chains, with their diagnostics.
     *
     * @throws SettingException if nothing was kept after that
     */
    public Chains after(int leap) {
        List<float[]> draws = kept.subList(Math.min(kept.size(), Math.max(0, leap) / thin + 1), kept.size());
        if (draws.isEmpty()) {
            throw new SettingException(Facts.that("Flow.after: nothing was kept after leap " + leap)
                    .expected("less than " + (kept.size() - 1) * thin)
                    .butWas(leap));
        }
        Data last = Data.of("flow of " + name, draws.get(draws.size() - 1), width);
        return new Chains("flow on " + name, last, draws, 1, acceptance[leaps()], stepSize);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "flow of %,d chains on %s, %,d leaps of %.3g, acceptance %.3f half way, %.3f in the end%s",
                chains(),
                name,
                leaps(),
                stepSize,
                acceptance[leaps() / 2],
                acceptance[leaps()],
                lost == 0 ? "" : ", " + lost + " chains lost");
    }
}
