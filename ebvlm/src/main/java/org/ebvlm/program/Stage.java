package org.ebvlm.program;

import java.util.List;

/**
 * One of the loops that a {@link Blocked} step runs on each block.
 *
 * @param operands what its text works on, as in a {@link Kernel}; what is {@linkplain Blocked#own own} has a copy for each
 *     thread
 * @param text statements, which may use {@code block}, the number of the block
 */
record Stage(List<Kernel.Operand> operands, String text) {}
