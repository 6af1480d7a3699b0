// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The fields that Falco's language has for system calls, whether or not Vigilant has them too. */
final class FieldNames {
    private static final Collection<String> ALL =
            new TreeSet<>(Arrays.asList("""
            container.cni.json container.duration container.full_id container.healthcheck container.host_ipc
            container.host_network container.host_pid container.id container.image container.image.digest
            container.image.id container.image.repository container.image.tag container.ip container.label
            container.labels container.liveness_probe container.mount container.mount.dest container.mount.mode
            container.mount.propagation container.mount.rdwr container.mount.source container.mounts
            container.name container.privileged container.readiness_probe container.start_ts container.type
            evt.abspath evt.arg evt.args evt.asynctype evt.buffer evt.buflen evt.buflen.file evt.buflen.file.in
            evt.buflen.file.out evt.buflen.in evt.buflen.net evt.buflen.net.in evt.buflen.net.out evt.buflen.out
            evt.category evt.count evt.count.error evt.count.error.file evt.count.error.memory
            evt.count.error.net evt.count.error.other evt.count.exit evt.count.procinfo evt.count.threadinfo
            evt.cpu evt.datetime evt.datetime.s evt.deltatime evt.deltatime.ns evt.deltatime.s evt.dir
            evt.failed evt.hostname evt.info evt.infra.docker.container.id evt.infra.docker.container.image
            evt.infra.docker.container.name evt.infra.docker.name evt.io_dir evt.is_async evt.is_io
            evt.is_io_read evt.is_io_write evt.is_open_create evt.is_open_exec evt.is_open_read
            evt.is_open_write evt.is_syslog evt.is_wait evt.latency evt.latency.human evt.latency.ns
            evt.latency.quantized evt.latency.s evt.num evt.outputtime evt.plugininfo evt.pluginname evt.rawarg
            evt.rawres evt.rawtime evt.rawtime.ns evt.rawtime.s evt.reltime evt.reltime.ns evt.reltime.s evt.res
            evt.source evt.time evt.time.iso8601 evt.time.s evt.type evt.type.is evt.wait_latency fd.cip
            fd.cip.name fd.cnet fd.connected fd.containerdirectory fd.containername fd.cport fd.cproto fd.dev
            fd.dev.major fd.dev.minor fd.directory fd.filename fd.ino fd.ip fd.is_lower_layer fd.is_server
            fd.is_upper_layer fd.l4proto fd.lip fd.lip.name fd.lnet fd.lport fd.lproto fd.name fd.name_changed
            fd.nameraw fd.net fd.num fd.port fd.proto fd.rip fd.rip.name fd.rnet fd.rport fd.rproto fd.sip
            fd.sip.name fd.snet fd.sockfamily fd.sport fd.sproto fd.type fd.typechar fd.types fd.uid fdlist.cips
            fdlist.cports fdlist.names fdlist.nums fdlist.sips fdlist.sports fs.path.name fs.path.nameraw
            fs.path.source fs.path.sourceraw fs.path.target fs.path.targetraw group.gid group.name k8s.ns.name
            k8s.pod.cni.json k8s.pod.full_sandbox_id k8s.pod.id k8s.pod.ip k8s.pod.label k8s.pod.labels
            k8s.pod.name k8s.pod.sandbox_id k8s.pod.uid proc.aargs proc.acmdline proc.aenv proc.aexe
            proc.aexepath proc.aname proc.apid proc.args proc.cmdlenargs proc.cmdline proc.cmdnargs proc.cwd
            proc.duration proc.env proc.exe proc.exe_ino proc.exe_ino.ctime
            proc.exe_ino.ctime_duration_pidns_start proc.exe_ino.ctime_duration_proc_start proc.exe_ino.mtime
            proc.exeline proc.exepath proc.fdlimit proc.fdopencount proc.fdusage proc.is_container_healthcheck
            proc.is_container_liveness_probe proc.is_container_readiness_probe proc.is_exe_from_memfd
            proc.is_exe_lower_layer proc.is_exe_upper_layer proc.is_exe_writable proc.is_pgid_leader
            proc.is_sid_leader proc.is_vpgid_leader proc.loginshellid proc.name proc.nchilds proc.nthreads
            proc.pcmdline proc.pexe proc.pexepath proc.pgid proc.pgid.exe proc.pgid.exepath proc.pgid.name
            proc.pid proc.pid.ts proc.pidns_init_start_ts proc.pname proc.ppid proc.ppid.duration proc.ppid.ts
            proc.pvpid proc.sid proc.sid.exe proc.sid.exepath proc.sname proc.stderr.name proc.stderr.type
            proc.stdin.name proc.stdin.type proc.stdout.name proc.stdout.type proc.tty proc.vmrss proc.vmsize
            proc.vmswap proc.vpgid proc.vpgid.exe proc.vpgid.exepath proc.vpgid.name proc.vpid syscall.type
            thread.cap_effective thread.cap_inheritable thread.cap_permitted thread.cgroup thread.cgroups
            thread.cpu thread.cpu.system thread.cpu.user thread.exectime thread.ismain thread.nametid
            thread.pfmajor thread.pfminor thread.tid thread.totexectime thread.vmrss thread.vmrss.b
            thread.vmsize thread.vmsize.b thread.vtid user.homedir user.loginname user.loginuid user.name
            user.shell user.uid
            """.strip().split("\\s+")));

    /** What stands before the first dot of fields of other sources, and of plugins that are not there. */
    private static final Set<String> OTHER_SOURCES =
            Set.of("ka", "json", "jevt", "ct", "okta", "github", "gcp", "krsi", "k8smeta", "aws");

    private FieldNames() {}

    static Collection<String> all() {
        return ALL;
    }

    /** Whether Falco knows the field, if it has the plugin. */
    static boolean has(String name) {
        return ALL.contains(name)
                || name.startsWith("evt.arg.")
                || name.startsWith("evt.rawarg.")
                || OTHER_SOURCES.contains(name.substring(0, name.indexOf('.')));
    }
}
