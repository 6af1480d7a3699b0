/**
 * The judge: each event that the gate lets through goes into the Drools session of the rules, and what fires becomes an alert.
 *
 * <p>Flows in: enriched slots. Flows out: the same slots with alerts. One stage thread owns the session.
 */
@NullMarked
package dev.vigilant.detect;

import org.jspecify.annotations.NullMarked;
