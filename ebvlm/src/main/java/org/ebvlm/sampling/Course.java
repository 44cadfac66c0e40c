package org.ebvlm.sampling;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Interruption;
import org.ebvlm.noise.Noise;

/**
 * Runs chains: moves of the warm-up, then steps of which every {@code thin}-th is kept, none if that is zero. An interrupt
 * of the thread ends it with the draws kept so far; if there are none it is an error, since where chains are half way says
 * nothing of the target.
 */
record Course(int warmup, int steps, int thin) {

    /** The number of draws that will be kept. */
    int draws() {
        return thin == 0 ? 0 : steps / thin;
    }

    /**
     * Runs all moves.
     *
     * @param sampler how the chains move, for reports
     * @param target what is sampled, for reports
     * @param conditions chain i samples the i-th, modulo this number, of several densities; one if all sample the same
     */
    Chains run(String sampler, String target, int conditions, Transition transition, Noise noise) {
        for (int t = 0; t < warmup; t++) {
            Interruption.check(sampler + " on " + target);
            transition.warm(noise, t, warmup);
        }
        List<float[]> draws = new ArrayList<>();
        double acceptance = 0;
        int made = 0;
        for (; made < steps && !isToStop(sampler + " on " + target, draws); made++) {
            transition.move(noise);
            acceptance += transition.acceptance();
            if (thin > 0 && (made + 1) % thin == 0) {
                draws.add(transition.state().clone());
            }
        }
        transition.finish();
        Data last = Data.of("samples of " + target, transition.state(), transition.width());
        String name = sampler + " on " + target + (made < steps ? ", interrupted after " + made : "");
        return new Chains(name, last, draws, conditions, acceptance / made, transition.stepSize());
    }

    private static boolean isToStop(String what, List<float[]> draws) {
        if (draws.isEmpty()) {
            Interruption.check(what);
        }
        return Thread.interrupted();
    }
}
