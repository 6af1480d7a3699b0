/**
 * What a text must look like for a condition on it to hold: literal pieces with gaps between them. Made from operators and
 * their literals, regular expressions among them, and always too wide rather than too narrow.
 *
 * <p>Flows in: comparisons with literals. Flows out: what the gate looks up, and which files a sensor has to tell of.
 * Immutable; any thread.
 */
@NullMarked
package dev.vigilant.rules.text;

import org.jspecify.annotations.NullMarked;
