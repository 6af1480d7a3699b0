/**
 * Which container a cgroup belongs to, and what its runtime wrote about it on disk.
 *
 * <p>Flows in: the text of /proc/PID/cgroup, container ids. Flows out: {@link dev.vigilant.event.Container}. Runtime
 * sockets are never used: they are as good as root. Called by the enriching stage's thread; allocates per call.
 */
@NullMarked
package dev.vigilant.container;

import org.jspecify.annotations.NullMarked;
