// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.source.FileSystems;
import dev.vigilant.syscall.Sockaddr;
import dev.vigilant.syscall.SyscallFacts;
import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The SYSCALL or URINGOP record of a group and what its companions say: arguments, paths, working directory, actor. One event long. */
final class SyscallView implements SyscallFacts {
    private static final String DELETED = " (deleted)";
    private static final int AT_FDCWD = -100;
    private static final long NO_NUMBER = Long.MIN_VALUE;
    private static final String[] ARGUMENTS = {"a0", "a1", "a2", "a3", "a4", "a5"};

    private final RecordGroup group;
    private final Fields scratch;
    private final FileSystems fileSystems;
    private final String name;
    private final boolean uring;
    private final long[] arguments = new long[4];
    private final List<PathItem> paths = new ArrayList<>(2);
    private final @Nullable String workingDirectory;
    private final Context context;

    SyscallView(RecordGroup group, Fields scratch, FileSystems fileSystems, boolean complete, byte @Nullable [] raw) {
        this.group = group;
        this.scratch = scratch;
        this.fileSystems = fileSystems;
        int cwd = group.find(RecordType.CWD);
        if (cwd >= 0) {
            group.read(cwd, scratch);
            workingDirectory = scratch.text("cwd");
        } else {
            workingDirectory = null;
        }
        boolean named = false;
        boolean nameless = false;
        for (int i = 0; i < group.count(); i++) {
            if (group.type(i) == RecordType.PATH) {
                group.read(i, scratch);
                PathItem item = PathItem.of(scratch);
                named |= item.name() != null;
                nameless |= item.name() == null;
                paths.add(item);
            }
        }
        if (named && nameless) {
            // Nameless ones beside named ones are a file system's own doing: overlayfs that copies a file up.
            paths.removeIf(item -> item.name() == null);
        }
        int syscall = group.find(RecordType.SYSCALL);
        uring = syscall < 0;
        group.read(uring ? Math.max(group.find(RecordType.URINGOP), 0) : syscall, scratch);
        int arch = (int) scratch.number("arch", 16, 0);
        name = uring
                ? name("uring_op", SyscallTable.URING.name((int) scratch.number("uring_op", -1)))
                : name("syscall", SyscallTable.name(arch, (int) scratch.number("syscall", -1)));
        for (int i = 0; i < 4; i++) {
            arguments[i] = scratch.number(ARGUMENTS[i], 16, 0);
        }
        context = context(arch, complete, raw);
    }

    private String name(String key, @Nullable String known) {
        return known != null ? known : String.valueOf(scratch.raw(key));
    }

    private Context context(int arch, boolean complete, byte @Nullable [] raw) {
        String success = scratch.raw("success");
        Outcome outcome =
                "yes".equals(success) ? Outcome.SUCCESS : "no".equals(success) ? Outcome.FAILURE : Outcome.UNKNOWN;
        return new Context(
                group.timeNanos(),
                Origin.AUDIT,
                group.serial(),
                actor(scratch, workingDirectory),
                uring ? null : name,
                arch == 0 ? "" : SyscallTable.archName(arch),
                exit(scratch),
                outcome,
                complete,
                raw);
    }

    private static long exit(Fields fields) {
        long number = fields.number("exit", NO_NUMBER);
        if (number != NO_NUMBER) {
            return number;
        }
        String text = fields.raw("exit");
        int errno = text == null ? -1 : SyscallTable.ERRNO.number(text);
        return errno > 0 ? -errno : 0;
    }

    /** The process that the fields of a record describe. */
    static Actor actor(Fields fields, @Nullable String workingDirectory) {
        String executable = fields.text("exe");
        boolean deleted = executable != null && executable.endsWith(DELETED);
        return new Actor(
                (int) fields.number("pid", 0),
                (int) fields.number("ppid", 0),
                new Credentials(
                        id(fields, "auid"),
                        id(fields, "uid"),
                        id(fields, "gid"),
                        id(fields, "euid"),
                        id(fields, "suid"),
                        id(fields, "fsuid"),
                        id(fields, "egid"),
                        id(fields, "sgid"),
                        id(fields, "fsgid")),
                fields.text("comm"),
                executable != null && deleted
                        ? executable.substring(0, executable.length() - DELETED.length())
                        : executable,
                deleted,
                workingDirectory,
                fields.text("tty"),
                id(fields, "ses"),
                fields.text("subj"));
    }

    private static long id(Fields fields, String key) {
        long value = fields.number(key, Credentials.UNSET);
        return value == 0xffffffffL ? Credentials.UNSET : value;
    }

    @Override
    public String name() {
        return name;
    }

    /** Whether io_uring did it, not a syscall. */
    boolean isUring() {
        return uring;
    }

    @Override
    public Context context() {
        return context;
    }

    /** The same with the outcome that another record tells, if it does. */
    Context context(Outcome told) {
        return told == Outcome.UNKNOWN
                ? context
                : new Context(
                        context.timeNanos(),
                        context.origin(),
                        context.serial(),
                        context.actor(),
                        context.syscall(),
                        context.arch(),
                        context.result(),
                        told,
                        context.complete(),
                        context.raw());
    }

    /** Lets the scratch fields look at each record of a type in turn. */
    void each(int type, Consumer<Fields> reader) {
        for (int i = 0; i < group.count(); i++) {
            if (group.type(i) == type) {
                group.read(i, scratch);
                reader.accept(scratch);
            }
        }
    }

    @Override
    public long argument(int index) {
        return arguments[index];
    }

    /** Lets the scratch fields look at the first record of a type; null when there is none. */
    @Nullable
    Fields record(int type) {
        int index = group.find(type);
        if (index < 0) {
            return null;
        }
        group.read(index, scratch);
        return scratch;
    }

    List<PathItem> paths() {
        return paths;
    }

    /**
     * The file that the syscall is about: the last PATH that is no parent. When it failed before its last name was looked at,
     * the kernel tells only the directory: then the path ends in a slash.
     */
    FileTarget used(int directoryArgument) {
        PathItem best = null;
        for (PathItem item : paths) {
            if (!item.is("PARENT") && (best == null || !item.is("UNKNOWN"))) {
                best = item;
            }
        }
        return target(best, directoryArgument);
    }

    /** The file of a PATH of one of the types, in this order of preference. */
    private FileTarget typed(int directoryArgument, String... nameTypes) {
        for (String nameType : nameTypes) {
            for (PathItem item : paths) {
                if (item.is(nameType)) {
                    return target(item, directoryArgument);
                }
            }
        }
        return used(directoryArgument);
    }

    FileTarget target(@Nullable PathItem item, int directoryArgument) {
        return item == null
                ? inDirectory(directoryArgument, paths.size())
                : item.target(relativeToFd(directoryArgument) ? null : workingDirectory, fileSystems);
    }

    /** The same file under its last name in the directory that PARENT tells. */
    PathItem besideParent(PathItem item, int directoryArgument) {
        String name = String.valueOf(item.name());
        String last = name.substring(name.lastIndexOf('/') + 1);
        for (PathItem parent : paths) {
            String directory = parent.name();
            if (parent.is("PARENT") && directory != null) {
                boolean unknown = relativeToFd(directoryArgument) && directory.equals(workingDirectory);
                return item.named(unknown ? last : directory.endsWith("/") ? directory + last : directory + "/" + last);
            }
        }
        return item.named(last);
    }

    /** What a descriptor stands for is not told: the PARENT's name is the working directory even then. */
    private boolean relativeToFd(int directoryArgument) {
        return directoryArgument >= 0 && intArgument(directoryArgument) != AT_FDCWD;
    }

    /** Whether the kernel told more than directories. */
    boolean hasNamed() {
        for (PathItem item : paths) {
            if (!item.is("PARENT")) {
                return true;
            }
        }
        return false;
    }

    /** A file of which only the directory is known: the last PARENT before an index. */
    FileTarget inDirectory(int directoryArgument, int before) {
        if (relativeToFd(directoryArgument)) {
            return FileTarget.ofPath("");
        }
        for (int i = Math.min(before, paths.size()) - 1; i >= 0; i--) {
            if (paths.get(i).is("PARENT")) {
                String directory =
                        FileTarget.absolute(workingDirectory, paths.get(i).name());
                return FileTarget.ofPath(directory.endsWith("/") ? directory : directory + "/");
            }
        }
        return FileTarget.ofPath("");
    }

    @Override
    public FileTarget file(Role role, int path, int directory) {
        return switch (role) {
            case USED -> used(directory);
            case OPENED -> typed(directory, "CREATE", "NORMAL");
            case MADE -> name.startsWith("symlink") ? Symlinks.link(this, directory) : typed(directory, "CREATE");
            case REMOVED -> typed(directory, "DELETE");
            // Refused, or RENAME_EXCHANGE: the kernel tells the two directories only, the new one first.
            case RENAMED -> hasNamed() ? typed(directory, "DELETE", "NORMAL", "UNKNOWN") : target(null, directory);
            case RENAMED_TO -> hasNamed() ? typed(directory, "CREATE") : inDirectory(directory, 1);
            case LINKED -> typed(directory, "NORMAL", "UNKNOWN");
        };
    }

    @Override
    public boolean created() {
        for (PathItem item : paths) {
            if (item.is("CREATE")) {
                return true;
            }
        }
        return false;
    }

    /** The kernel looks up the mount point first, then what is mounted, if that is a path at all. */
    @Override
    public @Nullable FileTarget mountPoint(int path, int directory) {
        return paths.isEmpty() ? null : target(paths.get(0), directory);
    }

    @Override
    public @Nullable String mountSource(int path, int directory) {
        return paths.size() > 1 ? target(paths.get(1), directory).path() : null;
    }

    /** Audit tells nothing of descriptors. */
    @Override
    public @Nullable Mounted mounted(int descriptor) {
        return null;
    }

    /** Audit tells no text that is not a path. */
    @Override
    public @Nullable String text(int argument) {
        return null;
    }

    @Override
    public @Nullable String linkText() {
        return Symlinks.text(this);
    }

    /** What open_how and the arguments of socketcall are told in, each in a record of its own. */
    @Override
    public long memory(int argument, int index, int size) {
        if (name.equals("openat2")) {
            Fields how = record(RecordType.OPENAT2);
            return how == null ? 0 : how.number(index == 0 ? "oflag" : "mode", 8, 0);
        }
        Fields call = name.equals("socketcall") ? record(RecordType.SOCKETCALL) : null;
        return call == null ? 0 : call.number(ARGUMENTS[index], 16, 0);
    }

    @Override
    public SocketAddress address(int argument) {
        Fields sockaddr = record(RecordType.SOCKADDR);
        return Sockaddr.of(sockaddr == null ? new byte[0] : sockaddr.hexBytes("saddr"));
    }

    @Override
    public @Nullable String moduleName() {
        Fields module = record(RecordType.KERN_MODULE);
        return module == null ? null : module.text("name");
    }

    @Override
    public @Nullable Target target() {
        Fields object = record(RecordType.OBJ_PID);
        return object == null ? null : new Target((int) object.number("opid", 0), object.text("ocomm"));
    }

    @Override
    public long[] capabilitySets() {
        Fields capset = record(RecordType.CAPSET);
        return capset == null
                ? new long[3]
                : new long[] {
                    capset.number("cap_pe", 16, 0), capset.number("cap_pp", 16, 0), capset.number("cap_pi", 16, 0)
                };
    }

    @Override
    public long @Nullable [] namespace(int argument) {
        return null;
    }
}
