/**
 * The alert: an immutable value with everything an analyst needs, and its ECS JSON.
 *
 * <p>Flows in: a rule's description and the events that matched it. Flows out: alerts, and their JSON. Alerts belong to any
 * thread, an encoder to one.
 */
@NullMarked
package dev.vigilant.alert;

import org.jspecify.annotations.NullMarked;
