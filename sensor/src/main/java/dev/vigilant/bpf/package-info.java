/**
 * The eBPF sensor: Vigilant's own programs in the kernel, what they are told to take, and what they tell.
 *
 * <pre>
 *  Interest -> Plans -> ControlTables ----> programs (src/main/bpf) ----> two ring buffers
 *                                                                              |
 *  KernelEvent <- RecordDecoder <- RecordFacts <- BpfRecord <---------- RingReader
 * </pre>
 *
 * <p>The sensor thread runs it. A record is copied once, from the kernel's memory into a buffer; events and their texts
 * are all that is allocated.
 */
@NullMarked
package dev.vigilant.bpf;

import org.jspecify.annotations.NullMarked;
