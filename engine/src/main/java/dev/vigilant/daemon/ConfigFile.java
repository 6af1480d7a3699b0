// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/**
 * Reads the YAML configuration. All that is wrong is said at once, each with its line; an unknown key is wrong.
 *
 * <p>Keys: {@code sensor}, {@code bpf.flood_bytes}, {@code bpf.vital_bytes}, {@code audit.mode}, {@code audit.backlog_limit}, {@code audit.complete}, {@code
 * audit.receive_buffer}, {@code ring.slots}, {@code rules.built_in}, {@code rules.paths}, {@code rules.site}, {@code sinks}, {@code
 * kafka.properties}, {@code spool.directory}, {@code spool.bytes}, {@code state_directory}, {@code metrics.listen}, {@code root}.
 */
final class ConfigFile {
    private final Path file;
    private final Map<String, Node> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    private ConfigFile(Path file) {
        this.file = file;
    }

    /** @throws ConfigurationException with every problem of the file */
    static Config read(Path file) {
        ConfigFile reader = new ConfigFile(file);
        reader.load();
        Config config = reader.config();
        for (Map.Entry<String, Node> entry : reader.values.entrySet()) {
            if (!reader.known.contains(entry.getKey())) {
                reader.problem(entry.getValue(), "unknown key " + entry.getKey() + "; known: " + reader.sortedKeys());
            }
        }
        if (!reader.problems.isEmpty()) {
            throw new ConfigurationException(String.join("\n", reader.problems));
        }
        return config;
    }

    private String sortedKeys() {
        return String.join(", ", known.stream().sorted().toList());
    }

    private void load() {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setUseMarks(true)
                .build();
        try (InputStream in = Files.newInputStream(file)) {
            Node root = new Compose(settings).composeInputStream(in).orElse(null);
            if (root instanceof MappingNode mapping) {
                flatten("", mapping);
            } else if (root != null) {
                problem(root, "a mapping of settings is expected, such as 'sensor: audit'");
            }
        } catch (IOException e) {
            throw new ConfigurationException("--config: " + Vigilant.message(e), e);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
            throw new ConfigurationException(file + line + ": no YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new ConfigurationException(
                    file + ": no YAML: " + String.valueOf(e.getMessage()).replace('\n', ' '), e);
        }
    }

    private void flatten(String prefix, MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            String key = prefix + (tuple.getKeyNode() instanceof ScalarNode s ? s.getValue() : "?");
            if (tuple.getValueNode() instanceof MappingNode inner && !key.equals("kafka.properties")) {
                flatten(key + ".", inner);
            } else {
                values.put(key, tuple.getValueNode());
            }
        }
    }

    private Config config() {
        Config d = Config.DEFAULTS;
        return new Config(
                oneOf("sensor", d.sensor(), Set.of("auto", "ebpf", "audit")),
                powerOfTwo("bpf.flood_bytes", d.floodBytes(), 1 << 16, 1 << 30),
                powerOfTwo("bpf.vital_bytes", d.vitalBytes(), 1 << 16, 1 << 30),
                oneOf("audit.mode", d.auditMode(), Set.of("auto", "owner", "listener")),
                (int) number("audit.backlog_limit", d.backlogLimit(), 64, 1 << 24),
                bool("audit.complete", d.complete()),
                (int) number("audit.receive_buffer", d.receiveBuffer(), 1 << 16, 1 << 30),
                powerOfTwo("ring.slots", d.ringSlots(), 64, 1 << 22),
                (int) number("detect.shards", d.shards(), 1, 64),
                bool("rules.built_in", d.builtInRules()),
                strings("rules.paths", List.of()).stream().map(Path::of).toList(),
                path("rules.site"),
                strings("sinks", d.sinks()),
                properties("kafka.properties"),
                Path.of(text("spool.directory", d.spool().toString())),
                number("spool.bytes", d.spoolBytes(), 1 << 20, 1L << 50),
                Path.of(text("state_directory", d.stateDirectory().toString())),
                address("metrics.listen"),
                Path.of(text("root", d.root().toString())));
    }

    private void problem(Node node, String what) {
        String line = node.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
        problems.add(file + line + ": " + what);
    }

    private @Nullable Node take(String key) {
        known.add(key);
        return values.get(key);
    }

    private String text(String key, String otherwise) {
        Node node = take(key);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        problem(node, key + ": one value is expected");
        return otherwise;
    }

    private @Nullable Path path(String key) {
        String path = text(key, "");
        return path.isEmpty() ? null : Path.of(path);
    }

    private @Nullable InetSocketAddress address(String key) {
        String value = text(key, "");
        Node node = values.get(key);
        if (node == null) {
            return null;
        }
        int colon = value.lastIndexOf(':');
        try {
            InetSocketAddress address = new InetSocketAddress(
                    value.substring(0, Math.max(colon, 0)), Integer.parseInt(value.substring(colon + 1)));
            if (colon > 0 && !address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        problem(node, key + ": " + value + " is no HOST:PORT, such as 127.0.0.1:9090");
        return null;
    }

    private String oneOf(String key, String otherwise, Set<String> allowed) {
        String value = text(key, otherwise);
        Node node = values.get(key);
        if (!allowed.contains(value) && node != null) {
            problem(
                    node,
                    key + ": " + value + " is none of "
                            + allowed.stream().sorted().toList());
        }
        return value;
    }

    private long number(String key, long otherwise, long least, long most) {
        Node node = take(key);
        if (node == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text(key, ""));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        problem(node, key + ": a number from " + least + " to " + most + " is expected");
        return otherwise;
    }

    private int powerOfTwo(String key, int otherwise, int least, int most) {
        int value = (int) number(key, otherwise, least, most);
        Node node = values.get(key);
        if (Integer.bitCount(value) != 1 && node != null) {
            problem(node, key + ": a power of two is expected, such as " + Integer.highestOneBit(value));
        }
        return value;
    }

    private boolean bool(String key, boolean otherwise) {
        String value = text(key, Boolean.toString(otherwise));
        Node node = values.get(key);
        if (!value.equals("true") && !value.equals("false") && node != null) {
            problem(node, key + ": true or false is expected");
        }
        return value.equals("true");
    }

    private List<String> strings(String key, List<String> otherwise) {
        Node node = take(key);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar) {
            return List.of(scalar.getValue());
        }
        List<String> found = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                if (item instanceof ScalarNode scalar) {
                    found.add(scalar.getValue());
                } else {
                    problem(item, key + ": plain values are expected");
                }
            }
            return found;
        }
        problem(node, key + ": a list is expected");
        return otherwise;
    }

    private Map<String, String> properties(String key) {
        Node node = take(key);
        Map<String, String> found = new HashMap<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode k && tuple.getValueNode() instanceof ScalarNode v) {
                    found.put(k.getValue(), v.getValue());
                } else {
                    problem(tuple.getKeyNode(), key + ": plain values are expected");
                }
            }
        } else if (node != null) {
            problem(node, key + ": a mapping of Kafka client settings is expected");
        }
        return found;
    }
}
