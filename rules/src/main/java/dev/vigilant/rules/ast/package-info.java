/**
 * The rule tree: what a rule says, checked and typed, whatever language it was written in. Every node knows its file and
 * line, and says itself in one canonical text.
 *
 * <p>Flows in: what the front ends read. Flows out: what Drools decides, the sensor's interests, lint. Immutable; any thread.
 */
@NullMarked
package dev.vigilant.rules.ast;

import org.jspecify.annotations.NullMarked;
