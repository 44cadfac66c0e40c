package org.ebvlm.datasets;

import org.ebvlm.noise.Noise;

/** Point by point, the two-dimensional distributions that have no density in closed form. */
final class Toys {
    private static final double TURN = 2 * Math.PI;

    private Toys() {}

    /** Five blades: points around (1, 0), long and narrow, rotated the further the longer their reach. */
    static void pinwheel(double[] out, Noise noise) {
        double reach = 1 + 0.3 * noise.nextNormal();
        double aside = 0.1 * noise.nextNormal();
        double angle = noise.nextInt(5) * TURN / 5 + 0.25 * StrictMath.exp(reach);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        out[0] = 2 * (reach * cos - aside * sin);
        out[1] = 2 * (reach * sin + aside * cos);
    }

    /** An upper and a lower half circle of radius one, each ending in the middle of the other. */
    static void twoMoons(double[] out, Noise noise) {
        boolean upper = noise.nextInt(2) == 0;
        double angle = noise.nextDouble() * Math.PI;
        out[0] = upper ? StrictMath.cos(angle) : 1 - StrictMath.cos(angle);
        out[1] = upper ? StrictMath.sin(angle) : 0.5 - StrictMath.sin(angle);
        blur(out, 0.1, noise);
    }

    /** Four circles of radius 0.75, 1.5, 2.25 and 3, equally heavy. */
    static void rings(double[] out, Noise noise) {
        double radius = 0.75 * (1 + noise.nextInt(4));
        double angle = noise.nextDouble() * TURN;
        out[0] = radius * StrictMath.cos(angle);
        out[1] = radius * StrictMath.sin(angle);
        blur(out, 0.08, noise);
    }

    /** Two arms of one and a half turns, one the other's mirror image through the origin. */
    static void spirals(double[] out, Noise noise) {
        double angle = Math.sqrt(noise.nextDouble()) * 1.5 * TURN;
        double radius = (noise.nextInt(2) == 0 ? 1 : -1) * angle / 3;
        out[0] = -radius * StrictMath.cos(angle);
        out[1] = radius * StrictMath.sin(angle);
        blur(out, 0.1, noise);
    }

    /** A roll of one and a half turns seen from its end. */
    static void swissRoll(double[] out, Noise noise) {
        double angle = 0.75 * TURN * (1 + 2 * noise.nextDouble());
        out[0] = angle * StrictMath.cos(angle) / 5;
        out[1] = angle * StrictMath.sin(angle) / 5;
        blur(out, 0.1, noise);
    }

    private static void blur(double[] out, double std, Noise noise) {
        out[0] += std * noise.nextNormal();
        out[1] += std * noise.nextNormal();
    }
}
