/**
 * The {@code vigilant} command: its sub-commands, the configuration, and the daemon that wires the road in plain sight.
 *
 * <p>Flows in: arguments, a YAML file. Flows out: exit codes, one clear line on standard error for each thing that is
 * wrong.
 */
@NullMarked
package dev.vigilant.daemon;

import org.jspecify.annotations.NullMarked;
