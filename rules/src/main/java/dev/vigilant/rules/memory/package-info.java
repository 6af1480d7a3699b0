/**
 * What rules of several events remember, and when it has to be decided on.
 *
 * <p>Flows in: events that a rule may want. Flows out: those that go into working memory, and when they leave it. One session's
 * thread.
 */
@NullMarked
package dev.vigilant.rules.memory;

import org.jspecify.annotations.NullMarked;
