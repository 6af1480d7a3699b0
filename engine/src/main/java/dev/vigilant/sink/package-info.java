/**
 * Where alerts go: standard output, a file, or Kafka by way of a spool on disk.
 *
 * <p>Flows in: slots with alerts, on the ring's last stage. Flows out: bytes. A sink that is slow or gone never holds up
 * sensing: the spool takes what Kafka does not.
 */
@NullMarked
package dev.vigilant.sink;

import org.jspecify.annotations.NullMarked;
