// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileEvent;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds src/docs/events.md to what the code says: the fields that rules may use, their types, and the words of the Javadoc.
 * {@code -Dgolden.update} writes it anew.
 */
class EventReferenceTest {
    private static final Path REFERENCE = Path.of("../src/docs/events.md");
    private static final Path SOURCES = Path.of("../sensor/src/main/java/dev/vigilant/event");
    private static final List<Class<?>> STRUCTURES = List.of(
            Process.class,
            Container.class,
            Container.BindMount.class,
            Container.Pod.class,
            FileTarget.class,
            SocketAddress.class,
            Credentials.class,
            Capabilities.class,
            Context.class,
            Actor.class);
    private static final String HEAD = """
            # Events and fields

            Made from the code; `mvn -pl rules -am test -Dtest=EventReferenceTest -Dgolden.update` writes it anew.

            A pattern names a type and asks of its fields: `FileOpen( write, file.path str[under] "/etc" )`. Fields of structures follow
            after a dot. What is not told is missing: a comparison with it is false. The language is in
            [rules/LANGUAGE.md](../../rules/LANGUAGE.md), how to write a rule in [rules.md](rules.md).

            """;

    @Test
    void referenceSaysWhatTheCodeSays() throws Exception {
        String made = reference();
        if (System.getProperty("golden.update") != null) {
            Files.writeString(REFERENCE, made);
        }
        assertThat(REFERENCE).content().isEqualTo(made);
    }

    private static String reference() throws Exception {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("## Of every event\n\nAlso the fields of the type `KernelEvent`, which stands for all.\n\n");
        table(out, KernelEvent.class, FieldPath.names(KernelEvent.class));
        out.append("\n## Of every event about a file\n\nAlso the fields of the type `FileEvent`, which stands for: ")
                .append(names(FileEvent.class))
                .append(".\n\n");
        table(out, FileEvent.class, own(FileEvent.class));
        out.append("\n## Types of events\n");
        List<EventKind> kinds = Arrays.stream(EventKind.values())
                .filter(kind -> !EventTypes.HIDDEN.contains(kind))
                .sorted(Comparator.comparing(kind -> kind.type().getSimpleName()))
                .toList();
        for (EventKind kind : kinds) {
            out.append("\n### ").append(kind.type().getSimpleName()).append("\n\n");
            out.append(ofType(kind.type())).append("\n");
            if (FileEvent.class.isAssignableFrom(kind.type())) {
                out.append("\nAbout a file.\n");
            }
            Set<String> own = own(kind.type());
            if (!own.isEmpty()) {
                out.append("\n");
                table(out, kind.type(), own);
            }
        }
        out.append("\n## Structures\n");
        for (Class<?> structure : STRUCTURES) {
            out.append("\n### ").append(structure.getSimpleName()).append("\n\n");
            out.append(ofType(structure)).append("\n\n");
            table(out, structure, FieldPath.names(structure));
        }
        return out.toString();
    }

    private static String names(Class<? extends KernelEvent> type) {
        return EventTypes.kinds(type).stream()
                .map(kind -> kind.type().getSimpleName())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Fields that not every event has, and not every event about a file. */
    private static Set<String> own(Class<?> type) {
        Set<String> own = new TreeSet<>(FieldPath.names(type));
        own.removeAll(FieldPath.names(KernelEvent.class));
        if (type != FileEvent.class && FileEvent.class.isAssignableFrom(type)) {
            own.removeAll(FieldPath.names(FileEvent.class));
        }
        return own;
    }

    private static void table(StringBuilder out, Class<?> type, Iterable<String> fields) throws Exception {
        out.append("| field | is | |\n|---|---|---|\n");
        List<String> undocumented = new ArrayList<>();
        for (String field : fields) {
            String meaning = ofField(type, field);
            if (meaning.isEmpty()) {
                undocumented.add(field);
            }
            out.append("| `")
                    .append(field)
                    .append("` | ")
                    .append(typeOf(type, field))
                    .append(" | ");
            out.append(meaning.replace("|", "\\|")).append(" |\n");
        }
        assertThat(undocumented)
                .as("fields of " + type + " that nobody says anything about")
                .isEmpty();
    }

    private static String typeOf(Class<?> owner, String field) throws UnknownFieldException {
        FieldPath path = FieldPath.compile(owner, List.of(field));
        String label = path.type().label().replaceFirst("^an? ", "");
        if (path.type().kind() != FieldType.Kind.OBJECT) {
            return label;
        }
        Class<?> leadsTo = path.leadsTo();
        if (leadsTo == Map.class) {
            return "texts by key";
        }
        String link =
                "[" + leadsTo.getSimpleName() + "](#" + leadsTo.getSimpleName().toLowerCase(Locale.ROOT) + ")";
        return path.type().many() ? "list of " + link : link;
    }

    private static String ofType(Class<?> type) throws IOException {
        Matcher doc = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+\\s+)*public (?:final |sealed )?(?:record|class|interface) "
                                + type.getSimpleName() + "\\b",
                        Pattern.DOTALL)
                .matcher(source(type));
        assertThat(doc.find()).as("Javadoc of " + type).isTrue();
        return words(doc.group(1).split("\n\\s*\\* (?:@param|<h2>|<p>)", 2)[0].split("@param", 2)[0]);
    }

    /** What the accessor says, or else the component. */
    private static String ofField(Class<?> type, String field) throws IOException {
        String source = source(declaring(type, field));
        Matcher accessor = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:public |default )?[\\w<>.@? ]+ "
                                + Pattern.quote(field) + "\\(\\)",
                        Pattern.DOTALL)
                .matcher(source);
        if (accessor.find()) {
            return words(accessor.group(1).split("@return|@param", 2)[0]);
        }
        Matcher component = Pattern.compile("@param " + field + " ((?:(?!@param|\\*/|<h2>).)*)", Pattern.DOTALL)
                .matcher(source);
        return component.find() ? words(component.group(1)) : "";
    }

    private static Class<?> declaring(Class<?> type, String field) {
        try {
            return type.getMethod(field).getDeclaringClass();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String source(Class<?> type) throws IOException {
        Class<?> outer = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
        String whole = Files.readString(SOURCES.resolve(outer.getSimpleName() + ".java"));
        if (outer == type) {
            return whole;
        }
        int record = whole.indexOf("record " + type.getSimpleName() + "(");
        return whole.substring(whole.lastIndexOf("/**", record));
    }

    private static String words(String javadoc) {
        return javadoc.replaceAll("\n\\s*\\*", " ")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replaceAll("\\{@link #?([^}]*)}", "`$1`")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
