/**
 * The score of a distribution of which there are samples and nothing else: a generator's, a sampler's, particles', data.
 *
 * <pre>{@code
 * SampleScore score = Stein.kernel(Rbf.medianHeuristic()).ridge(1).fit(samples);
 * score.atSamples();      // G, row i an estimate of grad log q(x_i)
 * score.at(points);       // anywhere else, numbers or an expression
 * score.target();         // something to sample
 * }</pre>
 *
 * <p>All rest on Stein's identity E[ h(x) grad log q(x) + grad h(x) ] = 0 for functions h out of a kernel, which an
 * integration by parts gives without a word about q, and differ in how they solve it where samples are few:
 *
 * <table>
 * <caption>Which to take</caption>
 * <tr><th>estimator</th><th>for</th></tr>
 * <tr><td>{@link org.ebvlm.implicit.Stein}</td><td>the default: one Cholesky factor, robust to its one setting</td></tr>
 * <tr><td>{@link org.ebvlm.implicit.SteinEnergy}, {@link org.ebvlm.implicit.KernelScoreMatching},
 * {@link org.ebvlm.implicit.Kde}</td><td>a log density as well, and quick answers at many new points</td></tr>
 * <tr><td>{@link org.ebvlm.implicit.Tikhonov}, {@link org.ebvlm.implicit.Nystrom},
 * {@link org.ebvlm.implicit.SpectralCutoff}, {@link org.ebvlm.implicit.Landweber},
 * {@link org.ebvlm.implicit.NuMethod}</td><td>one equation, five ways to regularise it; with curl-free kernels the field
 * is a gradient, which pays in many dimensions: on 200 samples of a mixture of six Gaussians of width 100 the nu-method with
 * a curl-free kernel has a relative error of 0.23, Stein one of 0.85</td></tr>
 * </table>
 *
 * <p>What each has to say is a {@link org.ebvlm.implicit.SampleScore}, plain numbers; those that are gradients of something
 * are {@link org.ebvlm.implicit.SampleEnergy SampleEnergies}. {@link org.ebvlm.implicit.HeldOut} chooses among estimators,
 * bandwidths and ridges by score matching on rows left out. {@link org.ebvlm.implicit.SampleFisherDivergence} compares
 * samples with a model by it. {@link org.ebvlm.implicit.EntropyGradient} gives the gradient of
 * a sampler's entropy to whoever trains it. {@link org.ebvlm.implicit.Esm} draws a model to the score of its data, {@link
 * org.ebvlm.implicit.SampledScore} takes that of a model's own samples for the model's. Samplers follow such a score where the
 * gradient is unknown, and stay exact where the density is: {@link org.ebvlm.sampling.Target#along}.
 *
 * <p>Everything is computed in double precision, products for {@link org.ebvlm.implicit.Stein} above 64 coordinates or 300 samples in single
 * where that leaves four digits, in units of the kernel's length and about the samples' mean: so no estimate
 * depends on where the origin lies, and a ridge means the same whatever the data are measured in.
 */
package org.ebvlm.implicit;
