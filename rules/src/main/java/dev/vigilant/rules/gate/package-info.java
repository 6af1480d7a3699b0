/**
 * The gate: an index of all rules that says of an event, before Drools sees it, which patterns could want it. It says no only
 * when it is sure.
 *
 * <pre>
 *  rule tree                                              index of a kind of events
 *  patterns -&gt; alternatives -&gt; single conditions -&gt; one to look up by  -&gt; automaton of texts' pieces, intervals
 *                                                   the others         -&gt; asked of what was found, the dear ones last: once
 *                                                                         a process or once an event; of a text, by the
 *                                                                         same pass of the automaton
 * </pre>
 *
 * <p>Flows in: rules, once; then events. Flows out: numbers of patterns. The index is immutable and may be shared; each {@link
 * dev.vigilant.rules.gate.Gate} belongs to one thread. A question allocates
 * nothing but for processes that are new to it and fields that are made anew.
 */
@NullMarked
package dev.vigilant.rules.gate;

import org.jspecify.annotations.NullMarked;
