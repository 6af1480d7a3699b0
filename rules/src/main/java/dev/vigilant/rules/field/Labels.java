// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.field;

import java.util.Arrays;
import java.util.Locale;

/** The text that stands for a constant of an enumeration. */
final class Labels {
    private Labels() {}

    private static final ClassValue<String[]> LABELS = new ClassValue<>() {
        @Override
        protected String[] computeValue(Class<?> type) {
            return Arrays.stream(type.getEnumConstants())
                    .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT))
                    .toArray(String[]::new);
        }
    };

    static String of(Enum<?> constant) {
        return LABELS.get(constant.getDeclaringClass())[constant.ordinal()];
    }
}
