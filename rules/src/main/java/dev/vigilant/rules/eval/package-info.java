/**
 * Conditions of the rule tree as closures over events.
 *
 * <p>Flows in: conditions. Flows out: tests, which are stateless and may be used by any thread.
 */
@NullMarked
package dev.vigilant.rules.eval;

import org.jspecify.annotations.NullMarked;
