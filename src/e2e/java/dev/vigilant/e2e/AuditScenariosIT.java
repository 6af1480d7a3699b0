// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

/** The scenarios on kernel audit and the process connector. */
class AuditScenariosIT extends ScenarioSuite {
    AuditScenariosIT() {
        super("audit", 1);
    }
}
