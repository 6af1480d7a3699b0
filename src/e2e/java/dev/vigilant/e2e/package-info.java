/**
 * End-to-end scenarios: the packaged command against real containers, with alerts read from a real Kafka broker.
 *
 * <p>Flows in: scenario files. Flows out: verdicts. Needs root, kernel audit, docker; skipped with the reason elsewhere.
 */
package dev.vigilant.e2e;
