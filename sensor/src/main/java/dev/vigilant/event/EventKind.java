// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.Locale;

/** The kinds of events, one for each record that implements {@link KernelEvent}. */
public enum EventKind {
    /** A process that was created by fork, vfork, clone or clone3 (not a thread). */
    PROCESS_FORK(ProcessFork.class, "fork"),
    /** A program that was executed by execve or execveat; failed attempts are events too. */
    PROCESS_EXEC(ProcessExec.class, "exec"),
    /** A process (thread group) that ended. */
    PROCESS_EXIT(ProcessExit.class, "exit"),
    /** What /proc said about a process at one moment; feeds the process table, not the rules. */
    PROCESS_SNAPSHOT(ProcessSnapshot.class, "snapshot"),
    /** A process that gave itself another name (comm); feeds the process table, not the rules. */
    PROCESS_RENAME(ProcessRename.class, "rename"),
    /** What a runtime's state files said about a container; feeds the container table, not the rules. */
    CONTAINER_SNAPSHOT(ContainerSnapshot.class, "snapshot"),
    /** A process that asked for other user or group ids (setuid family). */
    CREDENTIAL_CHANGE(CredentialChange.class, "credential_change"),
    /** A process that set its own capabilities with capset. */
    CAPABILITY_SET(CapabilitySet.class, "capset"),
    /** A capability that the kernel was asked about on behalf of a process. */
    CAPABILITY_USE(CapabilityUse.class, "capability_use"),
    /** A process that entered or made namespaces by setns, unshare, clone or clone3. */
    NAMESPACE_CHANGE(NamespaceChange.class, "namespace_change"),
    /** A change of the mount tree: mount, umount, remount, move, pivot_root or the new mount API. */
    MOUNT_CHANGE(MountChange.class, "mount"),
    /** A process that changed its root directory with chroot. */
    CHANGE_ROOT(ChangeRoot.class, "chroot"),
    /** A file that was opened or created: open, openat, openat2, creat, open_by_handle_at. */
    FILE_OPEN(FileOpen.class, "open"),
    /** A file that was renamed. */
    FILE_RENAME(FileRename.class, "rename"),
    /** A hard link that was made. */
    FILE_LINK(FileLink.class, "link"),
    /** A symbolic link that was made. */
    FILE_SYMLINK(FileSymlink.class, "symlink"),
    /** A name that was removed by unlink, unlinkat or rmdir. */
    FILE_UNLINK(FileUnlink.class, "unlink"),
    /** A directory that was made. */
    FILE_MKDIR(FileMkdir.class, "mkdir"),
    /** A device node, fifo or socket that was made by mknod. */
    FILE_MKNOD(FileMknod.class, "mknod"),
    /** Permission bits that were changed: chmod, fchmod, fchmodat, fchmodat2. */
    FILE_CHMOD(FileChmod.class, "chmod"),
    /** A file whose owner was changed. */
    FILE_CHOWN(FileChown.class, "chown"),
    /** An extended attribute that was set or removed. */
    FILE_XATTR(FileXattr.class, "setxattr"),
    /** A file that was cut by truncate or ftruncate. */
    FILE_TRUNCATE(FileTruncate.class, "truncate"),
    /** An anonymous file in memory that was made. */
    MEMFD_CREATE(MemfdCreate.class, "memfd_create"),
    /** A file descriptor that was copied onto a chosen number: dup2, dup3. */
    FD_DUPLICATE(FdDuplicate.class, "dup"),
    /** A process that reached into another: ptrace, process_vm_readv, process_vm_writev, pidfd_getfd. */
    PROCESS_ACCESS(ProcessAccess.class, "process_access"),
    /** A signal that was sent: kill, tkill, tgkill, pidfd_send_signal. */
    SIGNAL_SENT(SignalSent.class, "kill"),
    /** A socket that was made. */
    NETWORK_SOCKET(NetworkSocket.class, "socket"),
    /** A connection that was asked for; EINPROGRESS counts as asked for. */
    NETWORK_CONNECT(NetworkConnect.class, "connect"),
    /** A socket that was given a local address. */
    NETWORK_BIND(NetworkBind.class, "bind"),
    /** A socket that began to listen. */
    NETWORK_LISTEN(NetworkListen.class, "listen"),
    /** A connection that was accepted. */
    NETWORK_ACCEPT(NetworkAccept.class, "accept"),
    /** A kernel module that was loaded or unloaded: init_module, finit_module, delete_module. */
    KERNEL_MODULE(KernelModule.class, "module"),
    /** A use of the bpf syscall. */
    BPF_COMMAND(BpfCommand.class, "bpf"),
    /** A performance counter that was opened. */
    PERF_EVENT_OPEN(PerfEventOpen.class, "perf_event_open"),
    /** A use of the kernel keyring: add_key, request_key, keyctl. */
    KEYRING_CHANGE(KeyringChange.class, "keyring"),
    /** A use of io_uring: setup, register, or one submitted operation. */
    IO_URING_OPERATION(IoUringOperation.class, "io_uring"),
    /** A kernel that was loaded for kexec. */
    KEXEC_LOAD(KexecLoad.class, "kexec"),
    /** A process whose execution domain was changed. */
    PERSONALITY_CHANGE(PersonalityChange.class, "personality"),
    /** A syscall that a seccomp filter acted upon. */
    SECCOMP_ACTION(SeccompAction.class, "seccomp"),
    /** A decision of a Linux security module: SELinux AVC, AppArmor. */
    LSM_DENIAL(LsmDenial.class, "lsm_denial"),
    /** A change of a security module's state: enforcing mode, policy load, boolean. */
    MAC_STATUS(MacStatus.class, "mac_status"),
    /** A record of IMA or EVM. */
    INTEGRITY_VIOLATION(IntegrityViolation.class, "integrity"),
    /** A change of the firewall's tables. */
    NETFILTER_CONFIG(NetfilterConfig.class, "netfilter_config"),
    /** A change of the kernel's audit configuration. */
    AUDIT_CONFIG(AuditConfig.class, "audit_config"),
    /** A record of a user-space program: login, account, authentication, service. */
    USER_RECORD(UserRecord.class, "user_record"),
    /** A syscall for which there is no event of its own. */
    SYSTEM_CALL(SystemCall.class, "syscall"),
    /** An audit record for which there is no event of its own. */
    AUDIT_MESSAGE(AuditMessage.class, "audit_message"),
    /** What the sensor could not see, or what was done to it. */
    SENSOR_HEALTH(SensorHealth.class, "sensor_health"),
    /** Time that passed without an event, so that session time goes on; rules do not see it. */
    CLOCK_TICK(ClockTick.class, "tick");

    private final Class<? extends KernelEvent> type;
    private final String action;

    EventKind(Class<? extends KernelEvent> type, String action) {
        this.type = type;
        this.action = action;
    }

    /** The record that carries events of this kind. */
    public Class<? extends KernelEvent> type() {
        return type;
    }

    /** What ECS calls {@code event.action} when the event names no finer operation. */
    public String action() {
        return action;
    }

    /** Name in summaries and counters: lower case, as in {@code process_exec}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
