// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.enrich.Enricher;

/** First stage: process, lineage and container. */
public final class EnrichStage implements Stage {
    private final Enricher enricher;

    public EnrichStage(Enricher enricher) {
        this.enricher = enricher;
    }

    @Override
    public void on(Slot slot, boolean endOfBatch) {
        enricher.enrich(slot.event());
    }
}
