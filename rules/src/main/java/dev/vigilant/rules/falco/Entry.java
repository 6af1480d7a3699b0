// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A map of a rule file: keys that are texts, values of any kind, and where they stand. */
final class Entry {
    private final Source source;
    private final String file;
    private final Position position;
    private final Map<String, NodeTuple> values = new LinkedHashMap<>();

    Entry(Source source, MappingNode map) {
        this.source = source;
        this.file = source.file();
        this.position = position(file, map);
        for (NodeTuple tuple : map.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                values.put(key.getValue(), tuple);
            }
        }
    }

    static Position position(String file, Node node) {
        return node.getStartMark()
                .map((Mark m) -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(Position.ofLine(file, 1));
    }

    Position position() {
        return position;
    }

    Set<String> keys() {
        return values.keySet();
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Where the value of the key stands, or the whole map without one. */
    Position position(String key) {
        NodeTuple tuple = values.get(key);
        return tuple == null ? position : position(file, tuple.getValueNode());
    }

    @Nullable
    Node node(String key) {
        NodeTuple tuple = values.get(key);
        return tuple == null ? null : tuple.getValueNode();
    }

    /** A text; empty when the key is missing. */
    Optional<Text> text(String key) throws RefusedException {
        Node node = node(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            throw new RefusedException(position(key), "`" + key + "` takes one text");
        }
        return Optional.of(Text.of(source, scalar));
    }

    /** A text that has to be there. */
    Text required(String key, String what) throws RefusedException {
        return text(key)
                .filter(t -> !t.value().isBlank())
                .orElseThrow(() -> new RefusedException(position, "no `" + key + "`: add `" + key + ": " + what + "`"));
    }

    boolean flag(String key, boolean otherwise) throws RefusedException {
        Optional<Text> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        String value = text.get().value();
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw new RefusedException(position(key), "`" + key + ": " + value + "`: write true or false");
        }
        return value.equalsIgnoreCase("true");
    }

    /** Texts; one text counts as a list of one. */
    List<String> words(String key) throws RefusedException {
        Node node = node(key);
        return node == null ? List.of() : words(node, "`" + key + "`");
    }

    private List<String> words(Node node, String what) throws RefusedException {
        if (node instanceof ScalarNode scalar) {
            return List.of(scalar.getValue());
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw new RefusedException(position(file, node), what + " takes a list of texts");
        }
        List<String> words = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (!(item instanceof ScalarNode scalar)) {
                throw new RefusedException(position(file, item), what + " takes a list of texts");
            }
            words.add(scalar.getValue());
        }
        return words;
    }

    /** Maps in a list. */
    List<Entry> entries(String key) throws RefusedException {
        List<Entry> entries = new ArrayList<>();
        for (Node node : sequence(key)) {
            if (!(node instanceof MappingNode map)) {
                throw new RefusedException(position(file, node), "`" + key + "` takes a list of maps");
            }
            entries.add(new Entry(source, map));
        }
        return entries;
    }

    /** A map of texts. */
    Optional<Entry> entry(String key) throws RefusedException {
        Node node = node(key);
        if (node != null && !(node instanceof MappingNode)) {
            throw new RefusedException(position(key), "`" + key + "` takes a map");
        }
        return node instanceof MappingNode map ? Optional.of(new Entry(source, map)) : Optional.empty();
    }

    List<Node> sequence(String key) throws RefusedException {
        Node node = node(key);
        if (node != null && !(node instanceof SequenceNode)) {
            throw new RefusedException(position(key), "`" + key + "` takes a list");
        }
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    /** Lists of values: each a list whose elements are texts or lists of texts. */
    List<List<List<String>>> tuples(String key) throws RefusedException {
        List<List<List<String>>> tuples = new ArrayList<>();
        for (Node node : sequence(key)) {
            List<Node> parts = node instanceof SequenceNode tuple ? tuple.getValue() : List.of(node);
            List<List<String>> values = new ArrayList<>();
            for (Node part : parts) {
                values.add(words(part, "`" + key + "`"));
            }
            tuples.add(values);
        }
        return tuples;
    }

    /** Whether the value of the key is one text. */
    boolean single(String key) {
        return node(key) instanceof ScalarNode;
    }
}
