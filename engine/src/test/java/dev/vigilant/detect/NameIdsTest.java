// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NameIdsTest {
    @Test
    void makesTheIdsThatJavaMakes() {
        NameIds ids = new NameIds();
        for (int i = 0; i < 1000; i++) {
            String name = "n\u00f6de|rule|" + i;
            assertThat(ids.of(name))
                    .isEqualTo(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                            .toString());
        }
    }
}
