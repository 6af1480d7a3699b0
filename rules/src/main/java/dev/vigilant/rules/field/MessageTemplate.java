// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.field;

import dev.vigilant.event.KernelEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The message of an alert with places for fields: {@code "{file.path} opened by {process.name}"}. A missing value is
 * written as {@code <unknown>}.
 */
public final class MessageTemplate {
    private static final String MISSING = "<unknown>";

    private final List<String> texts;
    private final List<FieldPath> paths;

    private MessageTemplate(List<String> texts, List<FieldPath> paths) {
        this.texts = List.copyOf(texts);
        this.paths = List.copyOf(paths);
    }

    /** Compiles a template for an event. */
    public static MessageTemplate compile(String template, Class<? extends KernelEvent> event)
            throws UnknownFieldException {
        List<String> texts = new ArrayList<>();
        List<FieldPath> paths = new ArrayList<>();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw new UnknownFieldException("`{` without `}` in \"" + template + "\"");
            }
            texts.add(template.substring(at, open));
            paths.add(path(template.substring(open + 1, close).strip(), event));
            at = close + 1;
        }
        texts.add(template.substring(at));
        return new MessageTemplate(texts, paths);
    }

    private static FieldPath path(String name, Class<? extends KernelEvent> event) throws UnknownFieldException {
        FieldPath path = FieldPath.compile(event, List.of(name.split("\\.")));
        if (path.type().kind() == dev.vigilant.rules.ast.FieldType.Kind.OBJECT) {
            throw new UnknownFieldException("`" + name + "` is a structure: name one of its fields");
        }
        return path;
    }

    /** The message about an event. */
    public String render(KernelEvent event) {
        StringBuilder message = new StringBuilder(texts.get(0));
        for (int i = 0; i < paths.size(); i++) {
            message.append(text(paths.get(i).get(event))).append(texts.get(i + 1));
        }
        return message.toString();
    }

    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Objects::toString).collect(Collectors.joining(" "));
        }
        return value == null ? MISSING : value.toString();
    }
}
