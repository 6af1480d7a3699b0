/**
 * The Falco front end: rules, macros and lists in Falco's YAML become the rule tree.
 *
 * <pre>
 *  YAML -&gt; Catalogue (definitions, overridden and appended) -&gt; ConditionParser -&gt; Filter (Falco's condition, macros in place)
 *       -&gt; Translator, for each kind of event: FieldMap (what a field is there) -&gt; Comparisons -&gt; conditions of the rule tree
 * </pre>
 *
 * <p>Flows in: text of Falco's rule files, all of them at once because later ones change earlier ones. Flows out: rules, and
 * what was refused, each with file and line. Runs at load, on one thread.
 */
@NullMarked
package dev.vigilant.rules.falco;

import org.jspecify.annotations.NullMarked;
