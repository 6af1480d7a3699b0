// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import dev.vigilant.rules.ast.Transform;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes of a text what is compared. */
public final class Transforms {
    private Transforms() {}

    /** The value, or null when it cannot be made. */
    static @Nullable Object apply(List<Transform> transforms, Object value) {
        Object made = value;
        for (int i = 0; i < transforms.size() && made != null; i++) {
            made = apply(transforms.get(i), (String) made);
        }
        return made;
    }

    /** The text with its ASCII letters in lower case; the same object when they are. */
    public static String lower(String text) {
        return cased(text, 'A', 'Z');
    }

    private static @Nullable Object apply(Transform transform, String text) {
        return switch (transform) {
            case LOWER -> lower(text);
            case UPPER -> cased(text, 'a', 'z');
            case BASE64 -> decoded(text);
            case BASENAME -> text.substring(text.lastIndexOf('/') + 1);
            case LENGTH -> (long) text.getBytes(StandardCharsets.UTF_8).length;
        };
    }

    /** Letters between the two get the other case, which is one bit away. */
    private static String cased(String text, char first, char last) {
        int at = 0;
        while (at < text.length() && (text.charAt(at) < first || text.charAt(at) > last)) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        char[] changed = text.toCharArray();
        for (int i = at; i < changed.length; i++) {
            if (changed[i] >= first && changed[i] <= last) {
                changed[i] = (char) (changed[i] ^ 0x20);
            }
        }
        return new String(changed);
    }

    private static @Nullable String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
