// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.AuditConfig;
import dev.vigilant.event.AuditMessage;
import dev.vigilant.event.Context;
import dev.vigilant.event.IntegrityViolation;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.LsmDenial;
import dev.vigilant.event.MacStatus;
import dev.vigilant.event.NetfilterConfig;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.SeccompAction;
import dev.vigilant.event.UserRecord;
import dev.vigilant.source.FileSystems;
import dev.vigilant.syscall.SyscallTable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of records that say it all themselves, with or without a syscall beside them. */
final class StandaloneEvents {
    private final RecordGroup group;
    private final Fields fields;
    private final FileSystems fileSystems;
    private final boolean complete;
    private final byte @Nullable [] raw;

    StandaloneEvents(
            RecordGroup group, Fields fields, FileSystems fileSystems, boolean complete, byte @Nullable [] raw) {
        this.group = group;
        this.fields = fields;
        this.fileSystems = fileSystems;
        this.complete = complete;
        this.raw = raw;
    }

    /** The event of the record with this index. */
    KernelEvent event(int index) {
        int type = group.type(index);
        group.read(index, fields);
        Context context = context(outcome(), index);
        if (type == RecordType.CONFIG_CHANGE) {
            return auditConfig(context);
        }
        if (type == RecordType.NETFILTER_CFG) {
            return new NetfilterConfig(context, table(), fields.text("op"), fields.number("entries", -1));
        }
        if (type == RecordType.SECCOMP) {
            return seccomp(context);
        }
        boolean profileChange = "STATUS".equals(fields.raw("apparmor"));
        if (RecordType.isLsmDecision(type) && !profileChange) {
            return lsmDecision(context, type);
        }
        if (RecordType.isMacStatus(type) || profileChange) {
            return new MacStatus(context, RecordType.name(type), fields.all());
        }
        if (RecordType.isIntegrity(type)) {
            return new IntegrityViolation(context, RecordType.name(type), fields.all());
        }
        if (RecordType.isUser(type) || type == RecordType.LOGIN) {
            return new UserRecord(context, RecordType.name(type), fields.all());
        }
        return new AuditMessage(context, RecordType.name(type), allFields());
    }

    private Context context(Outcome outcome, int index) {
        if (group.hasHead()) {
            Context context = new SyscallView(group, fields, fileSystems, complete, raw).context(outcome);
            group.read(index, fields);
            return context;
        }
        return new Context(
                group.timeNanos(),
                Origin.AUDIT,
                group.serial(),
                SyscallView.actor(fields, null),
                null,
                "",
                0,
                outcome,
                complete,
                raw);
    }

    /** What the record itself says: sendto succeeds also when the kernel refuses the change it carries. */
    private Outcome outcome() {
        String result = first("res", "result");
        if (result == null) {
            return Outcome.UNKNOWN;
        }
        return switch (result) {
            case "1", "success", "yes" -> Outcome.SUCCESS;
            case "0", "failed", "no" -> Outcome.FAILURE;
            default -> Outcome.UNKNOWN;
        };
    }

    private @Nullable String table() {
        String table = fields.text("table");
        String family = fields.raw("family");
        return family == null ? table : table + " family=" + family;
    }

    private AuditConfig auditConfig(Context context) {
        String setting = null;
        long value = -1;
        for (int i = 0; i < fields.size(); i++) {
            String key = fields.key(i);
            if (key.startsWith("audit_")) {
                setting = key;
                value = fields.number(key, -1);
                break;
            }
        }
        String operation = fields.text("op");
        return new AuditConfig(
                context,
                operation != null ? operation : setting != null ? "set" : null,
                setting,
                value,
                fields.number("old", -1),
                fields.text("key"));
    }

    private SeccompAction seccomp(Context context) {
        int arch = (int) fields.number("arch", 16, 0);
        String name = SyscallTable.name(arch, (int) fields.number("syscall", -1));
        return new SeccompAction(
                context,
                name != null ? name : String.valueOf(fields.raw("syscall")),
                (int) fields.number("sig", 0),
                fields.number("code", 16, 0));
    }

    private LsmDenial lsmDecision(Context context, int type) {
        if (type == RecordType.LANDLOCK_ACCESS || type == RecordType.IPE_ACCESS) {
            return plainDecision(context, type == RecordType.IPE_ACCESS ? "ipe" : "landlock");
        }
        String apparmor = fields.text("apparmor");
        if (apparmor != null) {
            return new LsmDenial(
                    context,
                    "apparmor",
                    apparmor.equals("DENIED"),
                    first("requested_mask", "capname"),
                    fields.text("profile"),
                    first("target", "peer"),
                    fields.text("operation"),
                    fields.text("name"));
        }
        return new LsmDenial(
                context,
                "selinux",
                fields.denied() && fields.number("permissive", 0) == 0,
                fields.braces(),
                fields.text("scontext"),
                fields.text("tcontext"),
                fields.text("tclass"),
                first("path", "name"));
    }

    /** Landlock and IPE write a record only when they refuse, IPE unless it does not enforce. */
    private LsmDenial plainDecision(Context context, String module) {
        return new LsmDenial(
                context,
                module,
                fields.number("enforcing", 1) != 0,
                first("blockers", "ipe_op"),
                fields.text("domain"),
                null,
                null,
                fields.text("path"));
    }

    private @Nullable String first(String key, String otherwise) {
        String text = fields.text(key);
        return text != null ? text : fields.text(otherwise);
    }

    private Map<String, String> allFields() {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < group.count(); i++) {
            group.read(i, fields);
            fields.all().forEach(all::putIfAbsent);
        }
        return all;
    }
}
