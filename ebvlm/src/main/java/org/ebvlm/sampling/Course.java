package org.ebvlm.sampling;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.noise.Noise;

/**
 * Runs chains: moves of the warm-up, then steps of which every {@code thin}-th is kept, none if that is zero. An interrupt
 * of the thread ends it with what there is.
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
        for (int t = 0; t < warmup && !interrupted(); t++) {
            transition.warm(noise, t, warmup);
        }
        List<float[]> draws = new ArrayList<>();
        double acceptance = 0;
        int made = 0;
        for (; made < steps && !interrupted(); made++) {
            transition.move(noise);
            acceptance += transition.acceptance();
            if (thin > 0 && (made + 1) % thin == 0) {
                draws.add(transition.state().clone());
            }
        }
        transition.finish();
        Data last = Data.of("samples of " + target, transition.state(), transition.width());
        return new Chains(sampler + " on " + target, last, draws, conditions, acceptance / made, transition.stepSize());
    }

    private static boolean interrupted() {
        return Thread.currentThread().isInterrupted();
    }
}
