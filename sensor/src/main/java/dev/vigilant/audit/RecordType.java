// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.syscall.NumberTable;
import org.jspecify.annotations.Nullable;

/** Audit record types by number and name, letter for letter as linux/audit.h and libaudit.h have them. */
public final class RecordType {
    static final int LOGIN = 1006;
    static final int USER_AVC = 1107;
    static final int SYSCALL = 1300;
    static final int PATH = 1302;
    static final int SOCKETCALL = 1304;
    static final int CONFIG_CHANGE = 1305;
    static final int SOCKADDR = 1306;
    static final int CWD = 1307;
    static final int EXECVE = 1309;
    static final int OBJ_PID = 1318;
    static final int EOE = 1320;
    static final int CAPSET = 1322;
    static final int NETFILTER_CFG = 1325;
    static final int SECCOMP = 1326;
    static final int PROCTITLE = 1327;
    static final int REPLACE = 1329;
    static final int KERN_MODULE = 1330;
    static final int BPF = 1334;
    static final int URINGOP = 1336;
    static final int OPENAT2 = 1337;
    static final int AVC = 1400;
    static final int MAC_POLICY_LOAD = 1403;
    static final int MAC_STATUS = 1404;
    static final int MAC_CONFIG_CHANGE = 1405;
    static final int IPE_ACCESS = 1420;
    static final int IPE_CONFIG_CHANGE = 1421;
    static final int IPE_POLICY_LOAD = 1422;
    static final int LANDLOCK_ACCESS = 1423;

    private static final NumberTable TABLE = new NumberTable(RecordType.class, "record-types.txt");
    private static final String UNKNOWN = "UNKNOWN[";

    private RecordType() {}

    /** The type's name, or {@code UNKNOWN[number]} as auditd writes it. */
    public static String name(int type) {
        String name = TABLE.name(type);
        return name != null ? name : UNKNOWN + type + "]";
    }

    /** The number of a name as auditd writes it, or -1. */
    public static int number(@Nullable String name) {
        if (name == null) {
            return -1;
        }
        if (name.startsWith(UNKNOWN) && name.endsWith("]")) {
            try {
                return Integer.parseInt(name.substring(UNKNOWN.length(), name.length() - 1));
            } catch (NumberFormatException e) {
                return -1;
            }
        }
        return TABLE.number(name);
    }

    /** Whether a user-space program wrote the record: it stands alone and passes at once. */
    static boolean isUser(int type) {
        return (type >= 1100 && type < 1300) || (type >= 2100 && type < 3000);
    }

    /** Whether the record says what the whole event is about: a syscall, or an operation that io_uring did. */
    static boolean isHead(int type) {
        return type == SYSCALL || type == URINGOP;
    }

    /** Whether the record only adds to a head; without one, the head was lost. */
    static boolean isCompanion(int type) {
        return switch (type) {
            case PATH, 1303, SOCKETCALL, SOCKADDR, CWD, EXECVE, 1311, 1312, 1313, 1314, 1315, 1317, OBJ_PID -> true;
            case 1321, CAPSET, 1323, PROCTITLE, OPENAT2 -> true;
            default -> false;
        };
    }

    /** SELinux, AppArmor and other modules' decisions. */
    static boolean isLsmDecision(int type) {
        return type == AVC
                || type == USER_AVC
                || type == IPE_ACCESS
                || type == LANDLOCK_ACCESS
                || (type >= 1500 && type <= 1599);
    }

    /** What the kernel calls an anomaly: promiscuous mode, abnormal end, refused links. */
    static boolean isAnomaly(int type) {
        return type >= 1700 && type <= 1799;
    }

    /** Changes of a security module's state. */
    static boolean isMacStatus(int type) {
        return type == 1401
                || (type >= MAC_POLICY_LOAD && type <= 1419)
                || type == IPE_CONFIG_CHANGE
                || type == IPE_POLICY_LOAD;
    }

    static boolean isIntegrity(int type) {
        return type >= 1800 && type <= 1899;
    }
}
