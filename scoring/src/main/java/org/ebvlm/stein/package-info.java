/**
 * Stein variational gradient descent (Liu and Wang, 2016) and its amortised form (Wang and Liu, 2016): points that go where a
 * density is high and keep away from each other, of which nothing need be known but its score.
 *
 * <pre>{@code
 * Particles rows = Svgd.steps(1000).draw(ScoredTarget.of(model), 100, seed(1));         // particles
 *
 * Run run = Training.of(model).minimizing(AmortizedSvgd.sampler(generator).particles(100))
 *     .with(Adam.rate(1e-3)).steps(4000).fit(seed(1));                                   // a sampler that has learned it
 * Data fresh = run.fitted(generator).samples(1000, seed(2));
 * }</pre>
 *
 * <p>{@link org.ebvlm.stein.SteinGan} teaches a model along with its sampler: the sampler draws from the model as it is, the model
 * lowers the energy of data and raises that of the samples.
 *
 * <p>All follow one {@link org.ebvlm.stein.SteinDirection}. It lowers KL(points || target) as fast as a function of the
 * kernel's size can:
 *
 * <pre>phi(x_i) = 1/n sum over j of  k(x_j, x_i) s(x_j) + grad_{x_j} k(x_j, x_i)</pre>
 *
 * <p>Where to look: particles cost n^2 a step and give n points, once; a sampler costs as much in training and then gives
 * as many as wanted, but is only as good as its network. Both underestimate the spread where n is small or the width large,
 * and neither crosses between far modes on its own: start wide, or anneal. Chains ({@code org.ebvlm.sampling}) are exact in
 * the end where these are not.
 */
package org.ebvlm.stein;
