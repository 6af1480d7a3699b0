// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vigilant.alert.RuleDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which ATT&amp;CK techniques and controls rules are about, by what they say of themselves. */
public final class RuleCoverage {
    private static final String LAYER_VERSION = "4.5";

    private final Map<String, List<String>> techniques = new TreeMap<>();
    private final Map<Control, List<String>> controls = new LinkedHashMap<>();

    private RuleCoverage() {}

    /** The coverage of these rules. */
    public static RuleCoverage of(List<RuleDescription> rules) {
        RuleCoverage coverage = new RuleCoverage();
        for (RuleDescription rule : rules) {
            rule.techniques()
                    .forEach(technique -> coverage.techniques
                            .computeIfAbsent(technique, t -> new ArrayList<>())
                            .add(rule.id()));
        }
        for (Control control : Control.values()) {
            coverage.controls.put(
                    control,
                    rules.stream()
                            .filter(control::watchedBy)
                            .map(RuleDescription::id)
                            .toList());
        }
        return coverage;
    }

    /** Ids of rules by technique. */
    public Map<String, List<String>> techniques() {
        return techniques;
    }

    /** Ids of rules by control; those that no rule watches have none. */
    public Map<Control, List<String>> controls() {
        return controls;
    }

    /** A layer for MITRE's ATT&amp;CK Navigator: the score of a technique is the number of its rules. */
    public String navigatorLayer() {
        JsonMapper mapper = new JsonMapper();
        ObjectNode layer = mapper.createObjectNode();
        layer.put("name", "Vigilant");
        layer.put("description", "Techniques that the loaded rules are about; the score is the number of rules");
        layer.put("domain", "enterprise-attack");
        layer.putObject("versions").put("layer", LAYER_VERSION);
        ArrayNode list = layer.putArray("techniques");
        int most = 1;
        for (Map.Entry<String, List<String>> technique : techniques.entrySet()) {
            most = Math.max(most, technique.getValue().size());
            list.addObject()
                    .put("techniqueID", technique.getKey())
                    .put("score", technique.getValue().size())
                    .put("comment", String.join(", ", technique.getValue()))
                    .put("enabled", true);
        }
        ObjectNode gradient = layer.putObject("gradient");
        gradient.putArray("colors").add("#d7e9fb").add("#0b5394");
        gradient.put("minValue", 0);
        gradient.put("maxValue", most);
        return layer.toPrettyString() + "\n";
    }
}
