package org.ebvlm.evaluation;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Rowwise;
import org.ebvlm.variational.Posterior;

/**
 * Codes h, as data: the means of a posterior at images, and points on lines between them. Langevin steps on v with h held
 * show what a model makes of them: reconstructions at means, interpolations along a line.
 *
 * <pre>{@code
 * var codes = HiddenPath.means(q, images);
 * var again = Langevin.published().sample(Target.visible(model, codes), codes.rows(), seed(7));
 * }</pre>
 */
public final class HiddenPath {
    private HiddenPath() {}

    /**
     * E[h | v] under a posterior.
     *
     * @param images [n, visible]
     * @return [n, hidden]
     */
    public static Data means(Posterior q, Data images) {
        if (images.width() != q.visible()) {
            throw new ShapeException(Facts.that("HiddenPath.means: the rows do not fit the posterior")
                    .expected("[n, " + q.visible() + "]")
                    .butWas("[" + images.rows() + ", " + images.width() + "]"));
        }
        int width = q.hidden();
        float[] all = new float[images.rows() * width];
        Rowwise.evaluate(
                images,
                q::mean,
                program -> q.parameters().give(program),
                Noise.seed(0),
                (from, to, values) -> System.arraycopy(values, 0, all, from * width, (to - from) * width));
        return Data.of("posterior means of " + images.name(), all, width);
    }

    /**
     * Points in equal steps from one row to another, both included: (1 - t) a + t b.
     *
     * @param codes [n, hidden]
     * @param points 2 or more
     * @return [points, hidden]
     */
    public static Data between(Data codes, int from, int to, int points) {
        return line(codes, codes.row(from), codes.row(to), 1, points);
    }

    /**
     * Points in equal steps from a multiple of a row to minus that: scale (1 - 2 t) a. Published scales: 1, 3 and 5.
     *
     * @param codes [n, hidden]
     * @param points 2 or more
     * @return [points, hidden]
     */
    public static Data across(Data codes, int row, double scale, int points) {
        float[] there = codes.row(row);
        float[] opposite = there.clone();
        for (int j = 0; j < opposite.length; j++) {
            opposite[j] = -opposite[j];
        }
        return line(codes, there, opposite, scale, points);
    }

    private static Data line(Data codes, float[] a, float[] b, double scale, int points) {
        if (points < 2) {
            throw new SettingException(Facts.that("HiddenPath: too few points for a line")
                    .expected("2 or more")
                    .butWas(points));
        }
        float[] all = new float[points * a.length];
        for (int i = 0; i < points; i++) {
            double t = i / (points - 1.0);
            for (int j = 0; j < a.length; j++) {
                all[i * a.length + j] = (float) (scale * ((1 - t) * a[j] + t * b[j]));
            }
        }
        return Data.of("line through " + codes.name(), all, a.length);
    }
}
