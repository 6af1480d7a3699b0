// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.field.Nearest;
import java.util.Map;

/** Why Vigilant has no value for a field. */
final class Unsensed {
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("thread.cap_inheritable", "the inheritable capabilities of processes are not kept"),
            Map.entry("fd.l4proto", "the protocol of a socket is not sensed with its use"),
            Map.entry("fd.sip.name", "addresses are not resolved to names"),
            Map.entry("fd.cip.name", "addresses are not resolved to names"),
            Map.entry("fd.rip.name", "addresses are not resolved to names"),
            Map.entry("fd.lip.name", "addresses are not resolved to names"),
            Map.entry("evt.buffer", "what is read and written is not sensed"),
            Map.entry("proc.vpgid", "the number of a process group within its pid namespace is not sensed"),
            Map.entry("proc.is_exe_writable", "whether a program could be written by its user is not sensed"));

    private Unsensed() {}

    static String why(String name) {
        return "`" + name + "`: " + REASONS.getOrDefault(name, "Vigilant's events do not have it");
    }

    /** Falco does not have it either: a mistake. */
    static String unknown(String name) {
        return "unknown field `" + name + "`" + Nearest.hint(name, FieldNames.all(), "");
    }
}
