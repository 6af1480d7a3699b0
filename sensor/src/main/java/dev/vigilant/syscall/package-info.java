/**
 * System calls, the same for every sensor: their numbers by architecture, their arguments, the values behind them.
 *
 * <p>Flows in: numbers and bytes as the kernel tells them. Flows out: names, tests that the kernel can make, values of
 * events. Stateless; any thread.
 */
@NullMarked
package dev.vigilant.syscall;

import org.jspecify.annotations.NullMarked;
