/**
 * The fields of events: which there are, what they hold, and how they are read without reflection.
 *
 * <p>Flows in: event classes and paths. Flows out: types for the front ends, compiled paths for whoever decides. Built
 * once at load; a compiled path may be used by any thread.
 */
@NullMarked
package dev.vigilant.rules.field;

import org.jspecify.annotations.NullMarked;
