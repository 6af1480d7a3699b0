/**
 * The DRL front end: a safe subset of Drools' rule language becomes the rule tree. Drools' own parser reads the file;
 * nothing of it is compiled, and the right-hand side is data.
 *
 * <p>Flows in: text of {@code .drl} and {@code .lists.yaml} files. Flows out: rules, lists, and what was refused, each
 * with file and line. Runs at load, on one thread.
 */
@NullMarked
package dev.vigilant.rules.drl;

import org.jspecify.annotations.NullMarked;
