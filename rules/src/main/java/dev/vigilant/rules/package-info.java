/**
 * What analysts own, made executable: rule files are read into one typed AST; from it come the Drools rules, the sensor's
 * interests, and lint.
 *
 * <p>Flows in: DRL and list files. Flows out: a session that takes events and tells matches. Rule files never run Java.
 * A loaded rule set is immutable; a session belongs to one thread.
 */
@NullMarked
package dev.vigilant.rules;

import org.jspecify.annotations.NullMarked;
