/**
 * The one door to native code: libc by JNA direct mapping, netlink sockets, poll.
 *
 * <p>Flows in: calls with primitives and preallocated memory. Flows out: bytes. The sensor thread owns the sockets that it
 * reads. No other package imports JNA.
 */
@NullMarked
package dev.vigilant.jna;

import org.jspecify.annotations.NullMarked;
