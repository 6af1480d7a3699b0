// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.rules.yaml.YamlValue;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What is no finding at a site.
 *
 * @param rule id of the rule
 * @param name how summaries call it
 * @param when the condition, in the rule language, with its place
 * @param owner who answers for it
 * @param reason why
 * @param expires the last day (UTC) on which it applies, null for ever
 * @param written the whole entry
 */
record SiteException(
        YamlValue rule,
        String name,
        YamlValue when,
        String owner,
        String reason,
        @Nullable LocalDate expires,
        YamlValue written) {
    private static final long SECOND = 1_000_000_000L;

    /** Nanoseconds since the epoch, {@link Long#MAX_VALUE} for never. */
    long endNanos() {
        return expires == null ? Long.MAX_VALUE : expires.plusDays(1).toEpochDay() * 86_400L * SECOND;
    }

    String because() {
        return "exception \"" + name + "\" of " + owner + (expires == null ? "" : ", until " + expires);
    }
}
