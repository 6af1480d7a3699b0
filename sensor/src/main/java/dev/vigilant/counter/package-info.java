/**
 * What went in, what came out, and what was lost why.
 *
 * <p>Flows in: single increments from every stage. Flows out: totals for summaries and metrics. Any thread may read; each
 * counter has one writer or uses an adder.
 */
@NullMarked
package dev.vigilant.counter;

import org.jspecify.annotations.NullMarked;
