/**
 * What a site says of rules that it did not write: which do not run, how severe they are here, what is no finding here, and
 * how often one may alert.
 *
 * <p>Flows in: a YAML file and rules. Flows out: the rules as the site wants them. Runs at load, on one thread.
 */
@NullMarked
package dev.vigilant.rules.site;

import org.jspecify.annotations.NullMarked;
