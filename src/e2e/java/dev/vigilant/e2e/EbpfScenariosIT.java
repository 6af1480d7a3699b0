// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

/** The scenarios on the eBPF programs. */
class EbpfScenariosIT extends ScenarioSuite {
    EbpfScenariosIT() {
        super("ebpf", 3);
    }
}
