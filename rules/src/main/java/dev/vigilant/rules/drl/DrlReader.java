// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.drools.drl.ast.descr.BaseDescr;
import org.drools.drl.ast.descr.ImportDescr;
import org.drools.drl.ast.descr.PackageDescr;
import org.drools.drl.ast.descr.QueryDescr;
import org.drools.drl.ast.descr.RuleDescr;
import org.drools.drl.parser.DrlParser;
import org.drools.drl.parser.DroolsError;
import org.drools.drl.parser.DroolsParserException;
import org.drools.drl.parser.ParserError;
import org.kie.internal.builder.conf.LanguageLevelOption;

/**
 * Reads one DRL file: Drools' parser (language level 6, whose annotations and positions are sound) gives the structure,
 * and each rule of it is checked and lowered on its own, so that one bad rule does not cost the others.
 */
public final class DrlReader {
    private static final Pattern DROOLS_PREFIX =
            Pattern.compile("^(\\[ERR \\d+])?\\s*Line (\\d+):(\\d+)\\s*(.*)", Pattern.DOTALL);
    private static final String EVENTS = "dev.vigilant.event.";

    private final String file;
    private final String text;
    private final Map<String, List<Object>> lists;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    private DrlReader(String file, String text, Map<String, List<Object>> lists) {
        this.file = file;
        this.text = text;
        this.lists = lists;
    }

    /** The rules of a file. */
    public static ParsedFile read(String file, String text, Map<String, List<Object>> lists) {
        DrlReader reader = new DrlReader(file, text, lists);
        reader.read();
        return new ParsedFile(reader.rules, reader.refused, reader.warnings);
    }

    private void read() {
        DrlParser parser = new DrlParser(LanguageLevelOption.DRL6);
        PackageDescr parsed = null;
        try {
            parsed = parser.parse(false, text);
        } catch (DroolsParserException | RuntimeException e) {
            refuse("", 1, "cannot be read as DRL: " + e.getMessage());
        }
        for (DroolsError error : parser.getErrors()) {
            syntaxError(error);
        }
        if (parsed == null || !refused.isEmpty()) {
            return;
        }
        refuseForeign(parsed);
        for (RuleDescr rule : parsed.getRules()) {
            if (rule instanceof QueryDescr) {
                refuse(rule.getName(), rule.getLine(), "queries are not part of the rule language: write a rule");
                continue;
            }
            RuleReader reader = new RuleReader(file, text, parsed.getName(), lists, rule);
            reader.read().ifPresent(rules::add);
            refused.addAll(reader.refused());
            warnings.addAll(reader.warnings());
        }
    }

    private void syntaxError(DroolsError error) {
        int line = error instanceof ParserError p ? Math.max(1, p.getRow()) : 1;
        int column = error instanceof ParserError p ? Math.max(0, p.getCol()) : 0;
        String message = String.valueOf(error.getMessage());
        Matcher prefix = DROOLS_PREFIX.matcher(message);
        if (prefix.matches()) {
            line = Math.max(1, Integer.parseInt(prefix.group(2)));
            column = Integer.parseInt(prefix.group(3)) + 1;
            message = prefix.group(4);
        }
        boolean internal = message.startsWith("unexpected exception");
        if (internal && !refused.isEmpty()) {
            return;
        }
        if (internal || message.equals("mismatched input ''")) {
            message = "the file ends within a string, a parenthesis or a rule";
        }
        refused.add(new Problem(
                "", new Position(file, line, column), "syntax error: " + message.strip() + remedy(message)));
    }

    /** What most often is behind it. */
    private static String remedy(String message) {
        if (message.contains("input '='")) {
            return ": write `==`";
        }
        if (message.contains("input '<eof>'")) {
            return ": a rule ends with `end`";
        }
        return message.contains("tokens: '[package") ? " A rule file begins with `package vigilant.yourpack;`" : "";
    }

    private void refuseForeign(PackageDescr parsed) {
        for (ImportDescr descr : parsed.getImports()) {
            if (!descr.getTarget().startsWith(EVENTS)) {
                refuse(
                        descr,
                        "import of " + descr.getTarget() + ": rules see the events of " + EVENTS
                                + "* without an import, and no other Java class");
            }
        }
        parsed.getFunctionImports().forEach(d -> refuse(d, "import function: rules run no Java; use the operators"));
        parsed.getAccumulateImports().forEach(d -> refuse(d, "import accumulate: rules run no Java"));
        parsed.getGlobals()
                .forEach(d -> refuse(
                        d,
                        "global " + d.getIdentifier() + ": rules have no globals; put values into a .lists.yaml file"));
        parsed.getFunctions()
                .forEach(d -> refuse(
                        d, "function " + d.getName() + ": rules run no Java; use the operators of the rule language"));
        parsed.getTypeDeclarations()
                .forEach(d -> refuse(
                        d,
                        "declare " + d.getTypeName() + ": event types are fixed; put values into a .lists.yaml file"));
        parsed.getEnumDeclarations().forEach(d -> refuse(d, "declare enum: put values into a .lists.yaml file"));
        parsed.getEntryPointDeclarations()
                .forEach(d -> refuse(d, "declare entry-point: there is one stream of events"));
        parsed.getWindowDeclarations().forEach(d -> refuse(d, "declare window: write `this after[0s,60s] $x`"));
        parsed.getAttributes()
                .forEach(d -> refuse(d, d.getName() + ": rules have no attributes; all of them see every event"));
        if (parsed.getName() == null || parsed.getName().isEmpty()) {
            refuse("", 1, "no package: begin the file with `package vigilant.yourpack;`");
        }
    }

    private void refuse(BaseDescr descr, String reason) {
        refuse("", descr.getLine(), reason);
    }

    private void refuse(String rule, int line, String reason) {
        refused.add(new Problem(rule, Position.ofLine(file, Math.max(1, line)), reason));
    }
}
