/**
 * What whoever writes rules works with: events written down, tests of rules, the explanation of a verdict, coverage, the
 * reference of events and fields.
 *
 * <p>Flows in: files, a rule set. Flows out: events, verdicts, documents. Runs on the command line, on one thread; nothing of
 * it is on the road of a live event.
 */
@NullMarked
package dev.vigilant.rules.author;

import org.jspecify.annotations.NullMarked;
