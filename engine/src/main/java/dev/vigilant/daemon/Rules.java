// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads the rules that the configuration names, and says what is wrong with them. */
final class Rules {
    private Rules() {}

    static RuleSet load(Config config) throws IOException {
        RuleSet rules = read(config);
        for (Problem problem : rules.refused()) {
            System.err.println("vigilant: refused: " + problem);
        }
        for (Problem problem : rules.warnings()) {
            System.err.println("vigilant: warning: " + problem);
        }
        if (rules.rules().isEmpty()) {
            throw new ConfigurationException("no rule is left to run: mend the refused ones or add --rules PATH");
        }
        return rules;
    }

    /** The rules with what the site says of them, and whatever is wrong. */
    static RuleSet read(Config config) throws IOException {
        for (Path path : config.rules()) {
            if (!Files.exists(path)) {
                throw new ConfigurationException("--rules " + path + ": no such file or directory");
            }
        }
        RuleSet rules = config.builtInRules()
                ? RuleLoader.builtInAnd(config.rules())
                : RuleLoader.load(config.rules().toArray(Path[]::new));
        Path site = config.site();
        return site == null
                ? rules
                : rules.tuned(site.toString(), Files.readString(site), System.currentTimeMillis() * 1_000_000L);
    }
}
