/**
 * The event vocabulary: what happened on the node, to which process, in which container.
 *
 * <p>Flows in: nothing. Flows out: values that every other package speaks. Imports nothing of ours. Names come from the
 * kernel, audit and ECS.
 */
@NullMarked
package dev.vigilant.event;

import org.jspecify.annotations.NullMarked;
