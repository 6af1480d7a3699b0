// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.detect.Detection;
import dev.vigilant.pipeline.EnrichStage;
import dev.vigilant.pipeline.Latencies;
import dev.vigilant.pipeline.Stage;
import dev.vigilant.sink.DeliverStage;
import java.util.List;

/** Which stages share a thread. */
final class Road {
    private Road() {}

    /** Few events at a time: a hand-over costs more than what the light stages do. */
    static List<List<Stage>> live(EnrichStage enrich, Detection detection, DeliverStage deliver, Latencies latencies) {
        Stage decided = detection.teller().with(latencies.decided());
        Stage delivered = deliver.with(latencies.delivered());
        List<Stage> judges = detection.judges();
        return judges.size() == 1
                ? List.of(List.of(enrich.with(judges.get(0)).with(decided)), List.of(delivered))
                : List.of(List.of(enrich), judges, List.of(decided.with(delivered)));
    }

    /** There are always events, so that each stage keeps a thread busy. What waits in a log has no latency. */
    static List<List<Stage>> replay(EnrichStage enrich, Detection detection, DeliverStage deliver) {
        return List.of(
                List.of(enrich), detection.judges(), List.of(detection.teller().with(deliver)));
    }
}
