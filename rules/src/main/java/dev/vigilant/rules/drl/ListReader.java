// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
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
 * Reads list files: YAML maps of a name to a list of values. {@code $Other} stands for the values of another list, of any
 * file; a later file's list replaces an earlier one of the same name.
 */
public final class ListReader {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

    private final Map<String, Named> named = new LinkedHashMap<>();
    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** A list as it stands in its file. */
    private record Named(List<Entry> entries, Position position) {}

    /** A value of a list, or the name of another one. */
    private record Entry(Object value, boolean reference, Position position) {}

    /** Takes one file. */
    public void read(String file, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setSchema(new CoreSchema())
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                return;
            }
            if (root.get() instanceof MappingNode map) {
                map.getValue().forEach(tuple -> list(file, tuple));
            } else {
                refuse(position(file, root.get()), "a list file maps names to lists: write `Name: [a, b]`");
            }
        } catch (MarkedYamlEngineException e) {
            Position position = e.getProblemMark()
                    .map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                    .orElse(Position.ofLine(file, 1));
            refuse(position, YamlValue.notYaml(e.getProblem()));
        } catch (YamlEngineException e) {
            refuse(Position.ofLine(file, 1), "not YAML: " + e.getMessage());
        }
    }

    private void list(String file, NodeTuple tuple) {
        Position position = position(file, tuple.getKeyNode());
        String name = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
        if (!name.matches(NAME)) {
            refuse(position, "the name of a list has letters, digits and _ only, and begins with a letter");
            return;
        }
        if (!(tuple.getValueNode() instanceof SequenceNode sequence)) {
            refuse(position, "list " + name + " is no list: write `" + name + ": [a, b]`");
            return;
        }
        List<Entry> entries = new ArrayList<>();
        for (Node node : sequence.getValue()) {
            entry(file, name, node).ifPresent(entries::add);
        }
        Named before = named.put(name, new Named(entries, position));
        if (before != null) {
            warnings.add(new Problem("", position, "list " + name + " replaces the one at " + before.position()));
        }
    }

    private Optional<Entry> entry(String file, String list, Node node) {
        Position position = position(file, node);
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            refuse(position, "list " + list + " holds something that is no text, number or boolean");
            return Optional.empty();
        }
        String value = scalar.getValue();
        if (scalar.getTag().equals(Tag.STR)
                && value.startsWith("$")
                && value.substring(1).matches(NAME)) {
            return Optional.of(new Entry(value.substring(1), true, position));
        }
        if (scalar.getTag().equals(Tag.INT)) {
            try {
                return Optional.of(new Entry(Long.decode(value.replaceFirst("^([-+]?)0o", "$10")), false, position));
            } catch (NumberFormatException e) {
                refuse(position, value + " has more than 64 bits");
                return Optional.empty();
            }
        }
        if (scalar.getTag().equals(Tag.BOOL)) {
            return Optional.of(new Entry(value.equalsIgnoreCase("true"), false, position));
        }
        return Optional.of(new Entry(value, false, position));
    }

    /** All lists with their references resolved; to be asked after the last file. */
    public Map<String, List<Object>> expand() {
        Map<String, List<Object>> expanded = new LinkedHashMap<>();
        for (Map.Entry<String, Named> list : named.entrySet()) {
            Set<Object> values = new LinkedHashSet<>();
            collect(list.getKey(), list.getValue(), values, new HashSet<>());
            Set<Class<?>> classes = new HashSet<>();
            values.forEach(v -> classes.add(v.getClass()));
            if (classes.size() > 1) {
                refuse(
                        list.getValue().position(),
                        "list " + list.getKey() + " mixes text with numbers or booleans: put quotes around the values");
            }
            expanded.put(list.getKey(), List.copyOf(values));
        }
        return expanded;
    }

    private void collect(String name, Named list, Set<Object> values, Set<String> above) {
        if (!above.add(name)) {
            refuse(list.position(), "list " + name + " contains itself: take its name out");
            return;
        }
        for (Entry entry : list.entries()) {
            if (!entry.reference()) {
                values.add(entry.value());
                continue;
            }
            String other = (String) entry.value();
            Named referred = named.get(other);
            if (referred == null) {
                refuse(entry.position(), "unknown list `$" + other + "`" + Nearest.hint(other, named.keySet(), ""));
            } else {
                collect(other, referred, values, above);
            }
        }
        above.remove(name);
    }

    /** What could not be read. */
    public List<Problem> refused() {
        return refused.stream().distinct().toList();
    }

    /** What was replaced. */
    public List<Problem> warnings() {
        return warnings;
    }

    private void refuse(Position position, String reason) {
        refused.add(new Problem("", position, reason));
    }

    private static Position position(String file, Node node) {
        return node.getStartMark()
                .map((Mark m) -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(Position.ofLine(file, 1));
    }
}
