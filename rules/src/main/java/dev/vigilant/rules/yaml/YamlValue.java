// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.field.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A value of a YAML or JSON file, with its place.
 *
 * @param value String, Long, Boolean, a list of values, a map of text to values, or null
 * @param position where it stands
 */
public record YamlValue(@Nullable Object value, Position position) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The file's value; empty for an empty file, and when it is not YAML, which is told. */
    public static Optional<YamlValue> read(String file, String text, Consumer<Problem> problems) {
        return composed(file, problems, compose -> compose.composeString(text).map(node -> of(file, node)))
                .flatMap(v -> v);
    }

    /** The documents of a file, which {@code ---} parts; none when it is not YAML, which is told. */
    public static List<YamlValue> readAll(String file, String text, Consumer<Problem> problems) {
        return composed(file, problems, compose -> {
                    List<YamlValue> documents = new ArrayList<>();
                    compose.composeAllFromString(text).forEach(node -> documents.add(of(file, node)));
                    return documents;
                })
                .orElse(List.of());
    }

    private static <T> Optional<T> composed(String file, Consumer<Problem> problems, Function<Compose, T> reader) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setSchema(new CoreSchema())
                .build();
        try {
            return Optional.of(reader.apply(new Compose(settings)));
        } catch (MarkedYamlEngineException e) {
            Position position = e.getProblemMark()
                    .map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                    .orElse(Position.ofLine(file, 1));
            problems.accept(new Problem("", position, notYaml(e.getProblem())));
        } catch (YamlEngineException e) {
            problems.accept(new Problem("", Position.ofLine(file, 1), "not YAML: " + e.getMessage()));
        }
        return Optional.empty();
    }

    /** What is said of a text that is no YAML. */
    public static String notYaml(String problem) {
        return "not YAML: " + problem + ": look at indentation, brackets and quotes there, and before";
    }

    /** One line of JSON; empty when it is none, which is told. */
    public static Optional<YamlValue> readJson(Position position, String line, Consumer<Problem> problems) {
        try {
            return Optional.of(of(position, JSON.readTree(line)));
        } catch (JsonProcessingException e) {
            problems.accept(new Problem("", position, "not JSON: " + e.getOriginalMessage()));
            return Optional.empty();
        }
    }

    private static YamlValue of(Position position, JsonNode node) {
        if (node.isObject()) {
            Map<String, YamlValue> map = new LinkedHashMap<>();
            node.properties().forEach(e -> map.put(e.getKey(), of(position, e.getValue())));
            return new YamlValue(map, position);
        }
        if (node.isArray()) {
            List<YamlValue> list = new ArrayList<>();
            node.forEach(element -> list.add(of(position, element)));
            return new YamlValue(list, position);
        }
        if (node.isBoolean()) {
            return new YamlValue(node.booleanValue(), position);
        }
        if (node.isIntegralNumber()) {
            return new YamlValue(node.longValue(), position);
        }
        return new YamlValue(node.isNull() ? null : node.asText(), position);
    }

    private static YamlValue of(String file, Node node) {
        Position position = node.getStartMark()
                .map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(Position.ofLine(file, 1));
        if (node instanceof MappingNode mapping) {
            Map<String, YamlValue> map = new LinkedHashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                map.put(
                        tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?",
                        of(file, tuple.getValueNode()));
            }
            return new YamlValue(map, position);
        }
        if (node instanceof SequenceNode sequence) {
            return new YamlValue(
                    sequence.getValue().stream().map(n -> of(file, n)).toList(), position);
        }
        return node instanceof ScalarNode scalar
                ? new YamlValue(scalar(scalar), text(scalar, position))
                : new YamlValue(null, position);
    }

    /** Where the text of a scalar begins: after its quote, or in the line after {@code |} or {@code >}. */
    private static Position text(ScalarNode node, Position start) {
        return switch (node.getScalarStyle()) {
            case SINGLE_QUOTED, DOUBLE_QUOTED -> new Position(start.file(), start.line(), start.column() + 1);
            case LITERAL, FOLDED -> Position.ofLine(start.file(), start.line() + 1);
            case PLAIN, JSON_SCALAR_STYLE -> start;
        };
    }

    private static @Nullable Object scalar(ScalarNode node) {
        String text = node.getValue();
        if (node.getTag().equals(Tag.NULL)) {
            return null;
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return text.equalsIgnoreCase("true");
        }
        if (node.getTag().equals(Tag.INT)) {
            try {
                return Long.decode(text.replaceFirst("^([-+]?)0o", "$10"));
            } catch (NumberFormatException moreThan64Bits) {
                return text;
            }
        }
        return text;
    }

    /** The entries of a map; none for anything else. */
    @SuppressWarnings("unchecked") // made above
    public Map<String, YamlValue> map() {
        return value instanceof Map<?, ?> map ? (Map<String, YamlValue>) map : Map.of();
    }

    /** What a map has under a key; null for nothing. */
    public @Nullable Object get(String key) {
        YamlValue inner = map().get(key);
        return inner == null ? null : inner.value();
    }

    public boolean isMap() {
        return value instanceof Map<?, ?>;
    }

    /** The elements of a list; a single value counts as a list of it, nothing as an empty one. */
    @SuppressWarnings("unchecked") // made above
    public List<YamlValue> list() {
        if (value instanceof List<?> list) {
            return (List<YamlValue>) list;
        }
        return value == null ? List.of() : List.of(this);
    }

    public boolean isList() {
        return value instanceof List<?>;
    }

    /** Whether it is a text, a number or a boolean. */
    public boolean isScalar() {
        return value != null && !isMap() && !isList();
    }

    /** A text, number or boolean as text; empty for anything else. */
    public String text() {
        return isScalar() ? String.valueOf(value) : "";
    }

    /** Tells of the keys of a map that nobody knows. */
    public void onlyKeys(Set<String> known, Consumer<Problem> problems) {
        map().forEach((key, inner) -> {
            if (!known.contains(key)) {
                String all = ": known are "
                        + String.join(", ", known.stream().sorted().toList());
                problems.accept(inner.problem("unknown key `" + key + "`" + Nearest.hint(key, known, all)));
            }
        });
    }

    /** Something that is wrong here. */
    public Problem problem(String reason) {
        return new Problem("", position, reason);
    }
}
