// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.author.Contradictions;
import dev.vigilant.rules.author.MissingMetadata;
import dev.vigilant.rules.gate.DearPatterns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code rules check} answers.
 *
 * @param loaded how many rules run
 * @param refused what does not
 * @param warnings what runs but looks wrong, or is dear
 */
public record CheckReport(int loaded, List<Problem> refused, List<Problem> warnings) {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public CheckReport {
        refused = List.copyOf(refused);
        warnings = List.copyOf(warnings);
    }

    /** The report on a rule set. */
    public static CheckReport of(RuleSet rules) {
        List<Problem> warnings = new ArrayList<>(rules.warnings());
        warnings.addAll(Contradictions.of(rules.rules()));
        warnings.addAll(MissingMetadata.of(rules.rules()));
        warnings.addAll(DearPatterns.of(rules.rules()));
        warnings.addAll(EnvironmentDemands.warnings(rules.rules()));
        return new CheckReport(rules.describe().size(), rules.refused(), warnings);
    }

    /** Whether nothing was refused. */
    public boolean clean() {
        return refused.isEmpty();
    }

    /** One JSON object: {@code loaded}, {@code refused} and {@code warnings}. */
    public String json() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("loaded", loaded);
        report.put("refused", problems(refused));
        report.put("warnings", problems(warnings));
        try {
            return JSON.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report of texts and numbers is always JSON", e);
        }
    }

    private static List<Map<String, Object>> problems(List<Problem> problems) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Problem problem : problems) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("rule", problem.rule());
            fields.put("file", problem.position().file());
            fields.put("line", problem.position().line());
            if (problem.position().column() > 0) {
                fields.put("column", problem.position().column());
            }
            fields.put("reason", problem.reason());
            all.add(fields);
        }
        return all;
    }

    /** Lines for people: {@code file:line:column: rule "name": reason}. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        refused.forEach(p -> lines.append(p).append('\n'));
        warnings.forEach(p -> lines.append(p).append(" (warning)\n"));
        return lines.append(loaded)
                .append(" rules loaded, ")
                .append(refused.size())
                .append(" problems, ")
                .append(warnings.size())
                .append(" warnings")
                .toString();
    }
}
