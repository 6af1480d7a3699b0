// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.List;
import java.util.Set;

/** Which events a log source has. */
final class LogSources {
    private static final Target NO_TEXT =
            new Target.Unknown("keywords are looked for in lines of a log, which such events do not have");

    private final Accounts accounts;
    private final Position position;

    private LogSources(Accounts accounts, Position position) {
        this.accounts = accounts;
        this.position = position;
    }

    /** The views of the rule's log source. */
    static List<View> views(YamlValue source, Detection detection, Accounts accounts) throws RefusedException {
        String product = source.map().containsKey("product")
                ? source.map().get("product").text()
                : "";
        String category = source.map().containsKey("category")
                ? source.map().get("category").text()
                : "";
        String service = source.map().containsKey("service")
                ? source.map().get("service").text()
                : "";
        LogSources sources = new LogSources(accounts, source.position());
        if (!Set.of("", "linux").contains(product)) {
            throw sources.refused("product `" + product + "`: Vigilant senses Linux");
        }
        if (service.equals("auditd") && category.isEmpty()) {
            return new AuditRecords(accounts, source.position()).views(detection);
        }
        if (!service.isEmpty()) {
            throw sources.refused("service `" + service + "`: its log is not read, the kernel's events are");
        }
        return switch (category) {
            case "process_creation" -> List.of(sources.processes());
            case "file_event" -> List.of(sources.files(), sources.renamed());
            case "network_connection" -> List.of(sources.connections());
            case "" -> throw sources.refused("no category: lines of logs are not read, the kernel's events are");
            default ->
                throw sources.refused("category `" + category
                        + "` is not sensed"
                        + Nearest.hint(
                                category,
                                List.of("process_creation", "file_event", "network_connection"),
                                ": process_creation, file_event, network_connection and service auditd are"));
        };
    }

    private RefusedException refused(String reason) {
        return new RefusedException(position, reason);
    }

    private Fields fields(EventKind kind) {
        return new Fields(kind, accounts, position);
    }

    private View processes() {
        Fields fields = fields(EventKind.PROCESS_EXEC);
        return new View(fields.kind(), fields.succeeded(), fields::process, NO_TEXT);
    }

    /** A file that is made or written. */
    private View files() {
        Fields fields = fields(EventKind.FILE_OPEN);
        Condition written = Logic.or(List.of(fields.holds("create"), fields.holds("write")), position);
        Condition base = Logic.and(List.of(fields.succeeded(), written), position);
        return new View(fields.kind(), base, name -> ofFile(fields, "file.path", name), NO_TEXT);
    }

    /** A file that gets a name. */
    private View renamed() {
        Fields fields = fields(EventKind.FILE_RENAME);
        return new View(fields.kind(), fields.succeeded(), name -> ofFile(fields, "target.path", name), NO_TEXT);
    }

    private static Target ofFile(Fields fields, String path, String name) {
        return name.equals("TargetFilename") ? fields.texts(path) : fields.process(name);
    }

    private View connections() {
        Fields fields = fields(EventKind.NETWORK_CONNECT);
        Condition internet = new Condition.Present(fields.path("address.ip"), position);
        Condition base = Logic.and(List.of(fields.succeeded(), internet), position);
        return new View(fields.kind(), base, name -> ofConnection(fields, name), NO_TEXT);
    }

    private static Target ofConnection(Fields fields, String name) {
        return switch (name) {
            case "Initiated" -> fields.constant("true");
            case "DestinationIp" -> new Target.Address(fields.path("address.ip"));
            case "DestinationPort" -> fields.number("address.port");
            case "DestinationIsIpv6" -> {
                Condition six = fields.is("address.familyName", "inet6");
                yield new Target.Choice(java.util.Map.of("true", six, "false", Logic.not(six)));
            }
            case "DestinationHostname" ->
                new Target.Unknown("`DestinationHostname`: the kernel knows addresses, not names");
            default -> fields.process(name);
        };
    }
}
