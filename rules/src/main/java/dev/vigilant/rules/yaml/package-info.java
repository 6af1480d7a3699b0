/**
 * YAML with positions: what stands in a file, and where, so that whatever is wrong is said with file, line and column.
 *
 * <p>Flows in: text of YAML files, lines of JSON. Flows out: values. Runs at load, on one thread.
 */
@NullMarked
package dev.vigilant.rules.yaml;

import org.jspecify.annotations.NullMarked;
