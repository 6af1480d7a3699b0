/**
 * The rule tree as Drools' canonical model, built in memory: no rule is compiled, and no Java comes out of a rule file.
 *
 * <p>Flows in: rules. Flows out: a knowledge base whose matches go to one sink. Built once; a session of it belongs to one
 * thread.
 */
@NullMarked
package dev.vigilant.rules.drools;

import org.jspecify.annotations.NullMarked;
