// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.KernelEvent;
import java.util.List;

/** ECS {@code event.category} and {@code event.type} of each kind of event. */
final class EcsCategory {
    private EcsCategory() {}

    static List<String> categories(KernelEvent event) {
        return switch (event.kind()) {
            case PROCESS_FORK,
                    PROCESS_EXIT,
                    PROCESS_SNAPSHOT,
                    PROCESS_RENAME,
                    PROCESS_ACCESS,
                    SIGNAL_SENT,
                    NAMESPACE_CHANGE,
                    CAPABILITY_SET,
                    CAPABILITY_USE,
                    FD_DUPLICATE,
                    PERSONALITY_CHANGE,
                    SECCOMP_ACTION,
                    SYSTEM_CALL,
                    IO_URING_OPERATION,
                    KEYRING_CHANGE,
                    PERF_EVENT_OPEN,
                    CHANGE_ROOT -> List.of("process");
            case PROCESS_EXEC -> List.of("process", "file");
            case CREDENTIAL_CHANGE -> List.of("process", "iam");
            case FILE_OPEN,
                    FILE_RENAME,
                    FILE_LINK,
                    FILE_SYMLINK,
                    FILE_UNLINK,
                    FILE_MKDIR,
                    FILE_MKNOD,
                    FILE_CHMOD,
                    FILE_CHOWN,
                    FILE_XATTR,
                    FILE_TRUNCATE,
                    MEMFD_CREATE -> List.of("file");
            case MOUNT_CHANGE -> List.of("file", "configuration");
            case NETWORK_SOCKET, NETWORK_CONNECT, NETWORK_BIND, NETWORK_LISTEN, NETWORK_ACCEPT -> List.of("network");
            case KERNEL_MODULE, BPF_COMMAND, KEXEC_LOAD -> List.of("driver", "configuration");
            case LSM_DENIAL, INTEGRITY_VIOLATION -> List.of("intrusion_detection");
            case MAC_STATUS, NETFILTER_CONFIG, AUDIT_CONFIG -> List.of("configuration");
            case USER_RECORD -> List.of("authentication", "session");
            case CONTAINER_SNAPSHOT, AUDIT_MESSAGE, SENSOR_HEALTH, CLOCK_TICK -> List.of("host");
        };
    }

    static List<String> types(KernelEvent event) {
        if (event instanceof FileOpen open) {
            return List.of(open.created() ? "creation" : open.write() ? "change" : "access");
        }
        return List.of(type(event.kind()));
    }

    private static String type(EventKind kind) {
        return switch (kind) {
            case PROCESS_FORK, PROCESS_EXEC, NETWORK_LISTEN -> "start";
            case PROCESS_EXIT -> "end";
            case FILE_OPEN, PROCESS_ACCESS -> "access";
            case FILE_LINK, FILE_SYMLINK, FILE_MKDIR, FILE_MKNOD, MEMFD_CREATE -> "creation";
            case FILE_UNLINK -> "deletion";
            case FILE_RENAME,
                    FILE_CHMOD,
                    FILE_CHOWN,
                    FILE_XATTR,
                    FILE_TRUNCATE,
                    MOUNT_CHANGE,
                    CREDENTIAL_CHANGE,
                    CAPABILITY_SET,
                    NAMESPACE_CHANGE,
                    CHANGE_ROOT,
                    PERSONALITY_CHANGE,
                    MAC_STATUS,
                    NETFILTER_CONFIG,
                    AUDIT_CONFIG,
                    KEYRING_CHANGE,
                    KERNEL_MODULE,
                    KEXEC_LOAD -> "change";
            case NETWORK_SOCKET, NETWORK_CONNECT, NETWORK_BIND, NETWORK_ACCEPT -> "connection";
            case SECCOMP_ACTION, LSM_DENIAL -> "denied";
            case INTEGRITY_VIOLATION -> "error";
            case PROCESS_SNAPSHOT,
                    PROCESS_RENAME,
                    CONTAINER_SNAPSHOT,
                    CAPABILITY_USE,
                    FD_DUPLICATE,
                    SIGNAL_SENT,
                    BPF_COMMAND,
                    PERF_EVENT_OPEN,
                    IO_URING_OPERATION,
                    USER_RECORD,
                    SYSTEM_CALL,
                    AUDIT_MESSAGE,
                    SENSOR_HEALTH,
                    CLOCK_TICK -> "info";
        };
    }
}
