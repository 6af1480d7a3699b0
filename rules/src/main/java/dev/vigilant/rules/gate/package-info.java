/**
 * The gate: an index of all rules that says of an event, before Drools sees it, whether any pattern could want it. It says
 * no only when it is sure.
 *
 * <pre>
 *  rule tree                                              index of a kind of events
 *  patterns -&gt; alternatives -&gt; single conditions -&gt; one to look up by  -&gt; hash, tries, automaton, intervals
 *                                                   the others, cheap  -&gt; asked of what was found, each once an event
 *                                                   not understood     -&gt; may hold
 * </pre>
 *
 * <p>Flows in: rules, once; then events. Flows out: yes or no. The index is immutable and may be shared; each {@link
 * dev.vigilant.rules.gate.Gate} belongs to one thread. A question allocates nothing.
 */
@NullMarked
package dev.vigilant.rules.gate;

import org.jspecify.annotations.NullMarked;
