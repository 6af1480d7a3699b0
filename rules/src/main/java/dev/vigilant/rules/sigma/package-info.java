// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The Sigma front end: rules in Sigma's YAML become the rule tree.
 *
 * <pre>
 *  YAML -&gt; Detection (selections of Items, and the Formula that joins them)
 *       -&gt; for each View (a kind of event as a log source has it): Target (what a field is there)
 *       -&gt; Comparisons -&gt; conditions of the rule tree
 * </pre>
 *
 * <p>Flows in: text of Sigma's rule files. Flows out: rules, and what was refused, each with file and line. Runs at load, on
 * one thread.
 */
@NullMarked
package dev.vigilant.rules.sigma;

import org.jspecify.annotations.NullMarked;
