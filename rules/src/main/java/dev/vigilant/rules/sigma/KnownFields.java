// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.field.Nearest;
import java.util.List;
import java.util.Set;

/** The fields of Sigma that are known here, for messages. */
final class KnownFields {
    private static final List<String> ALL = List.of(
            "Image",
            "CommandLine",
            "CurrentDirectory",
            "ProcessId",
            "User",
            "LogonId",
            "ParentImage",
            "ParentCommandLine",
            "ParentProcessId",
            "ParentUser",
            "TargetFilename",
            "DestinationIp",
            "DestinationPort",
            "DestinationIsIpv6",
            "Initiated",
            "container.id",
            "container.name",
            "container.image.name",
            "exe",
            "comm",
            "success",
            "exit",
            "pid",
            "ppid",
            "auid",
            "uid",
            "euid",
            "tty",
            "name",
            "nametype",
            "type",
            "syscall");

    /** Fields of Sigma that no one wrote wrong. */
    private static final Set<String> UNSENSED = Set.of(
            "Company",
            "Description",
            "DestinationHostname",
            "FileVersion",
            "Hashes",
            "Imphash",
            "IntegrityLevel",
            "LogonGuid",
            "OriginalFileName",
            "ParentProcessGuid",
            "ProcessGuid",
            "Product",
            "Protocol",
            "SourceHostname",
            "SourceIp",
            "SourceIsIpv6",
            "SourcePort",
            "TerminalSessionId",
            "md5",
            "sha1",
            "sha256");

    private KnownFields() {}

    /** The nearest one, to be put behind a message; empty when none is near. */
    static String hint(String name) {
        return UNSENSED.contains(name) ? "" : Nearest.hint(name, ALL, "");
    }
}
