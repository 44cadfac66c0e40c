/**
 * Scores of models, objectives made of them, and judgements by them.
 *
 * <p>A {@link org.ebvlm.scoring.ScoreEstimator} gives the score at points, exactly or by an estimate; an {@link
 * org.ebvlm.scoring.Estimator} gives its parameter gradient along a vector as well. {@link
 * org.ebvlm.scoring.ExactScore}, {@link org.ebvlm.scoring.Vages}, {@link org.ebvlm.scoring.Bism} and {@link
 * org.ebvlm.scoring.ImportanceScore} are estimators; {@link org.ebvlm.scoring.Vaes} gives scores alone.
 *
 * <p>Most objectives are a residual z, held, times d/dtheta score. They make z and leave the rest to {@code
 * using(estimator)}: {@link org.ebvlm.scoring.Dsm}, {@link org.ebvlm.scoring.Mdsm}, {@link org.ebvlm.scoring.FdSsm},
 * {@link org.ebvlm.scoring.Ksd}, {@link org.ebvlm.scoring.FisherObjective}. Others need the score or the free energy
 * itself, chains, or noise to tell data from: {@link org.ebvlm.scoring.Ssm}, {@link org.ebvlm.scoring.BiSsm}, {@link
 * org.ebvlm.scoring.Cd}, {@link org.ebvlm.scoring.MaximumLikelihood}, {@link org.ebvlm.scoring.Nce}, {@link
 * org.ebvlm.scoring.Vnce}.
 *
 * <p>Evaluations judge a model by scores alone, without log Z: {@link org.ebvlm.scoring.FisherDivergence}, {@link
 * org.ebvlm.scoring.ExactFisherDivergence}, {@link org.ebvlm.scoring.KernelSteinDiscrepancy}. {@link
 * org.ebvlm.scoring.EstimatorAudit} judges an estimator. The same statistics on plain numbers are {@link
 * org.ebvlm.scoring.SteinStatistic} and {@link org.ebvlm.scoring.SteinTest}.
 */
package org.ebvlm.scoring;
