// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static dev.vigilant.rules.Events.CONTAINER;
import static dev.vigilant.rules.Events.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Process;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.event.UserRecord;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {
    private static final Process INIT = Events.process(1, "init", null, "/sbin/init");
    private static final Process NGINX = Events.process(10, "nginx", INIT, "nginx", "-g", "daemon off;");
    private static final Process SH = capable(
            Events.process(20, "sh", NGINX, "sh", "-c", "cat /etc/shadow\nid"), new Capabilities(0x2000, 0x202000));
    private static final FileOpen FULL = new FileOpen(
            Events.context(START, SH, CONTAINER),
            new FileTarget("/etc/shadow", "shadow", 5, 8, 1, 0100640, 0, 42, 0, 0, "overlay"),
            0x241,
            0644,
            true);
    /** No process, no container, nothing about the file but its path. */
    private static final FileOpen BARE =
            new FileOpen(Events.context(START, null, null), FileTarget.ofPath("/etc/shadow"), 0, 0, false);

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '^', textBlock = """
            process.name == "sh"                              ¦ yes ¦ no
            process.name == 'sh'                              ¦ yes ¦ no
            process.name != "sh"                              ¦ no  ¦ yes
            process.name != "bash"                            ¦ yes ¦ yes
            !(process.name == "bash")                         ¦ yes ¦ yes
            "x" == process.name || process.name == "sh"       ¦ -   ¦ -
            process.name in ("sh", "dash")                    ¦ yes ¦ no
            process.name in (Shells)                          ¦ yes ¦ no
            process.name in (MoreShells, "x")                 ¦ yes ¦ no
            process.name not in (Shells)                      ¦ no  ¦ yes
            process.name not in ("x")                         ¦ yes ¦ yes
            process.name memberOf Shells                      ¦ yes ¦ no
            process.name not memberOf Shells                  ¦ no  ¦ yes
            process.name memberOf process.ancestors.name      ¦ no  ¦ no
            process.name contains "h"                         ¦ yes ¦ no
            process.name contains Shells                      ¦ yes ¦ no
            process.name not contains "h"                     ¦ no  ¦ yes
            process.name excludes "h"                         ¦ no  ¦ yes
            process.name str[contains] "s"                    ¦ yes ¦ no
            file.path str[startsWith] "/etc"                  ¦ yes ¦ yes
            file.path str[startsWith] "/et"                   ¦ yes ¦ yes
            file.path not str[startsWith] "/etc"              ¦ no  ¦ no
            process.executable not str[startsWith] "/x"       ¦ yes ¦ yes
            file.path str[endsWith] "/shadow"                 ¦ yes ¦ yes
            file.path str[under] "/etc"                       ¦ yes ¦ yes
            file.path str[under] "/etc/"                      ¦ yes ¦ yes
            file.path str[under] "/etc/shadow"                ¦ yes ¦ yes
            file.path str[under] "/"                          ¦ yes ¦ yes
            file.path str[under] "/et"                        ¦ no  ¦ no
            file.path str[under] "/etc/shadow/x"              ¦ no  ¦ no
            file.path str[under] Dirs                         ¦ yes ¦ yes
            file.path matches "/etc/.*"                       ¦ yes ¦ yes
            file.path matches "/etc"                          ¦ no  ¦ no
            file.path matches "^/proc/\\\\d+/root"            ¦ no  ¦ no
            file.path not matches "/x.*"                      ¦ yes ¦ yes
            process.commandLine matches ".*shadow.*"          ¦ yes ¦ no
            process.commandLine matches ".*shadow.id"         ¦ yes ¦ no
            process.args contains "-c"                        ¦ yes ¦ no
            process.args contains "shadow"                    ¦ no  ¦ no
            process.args not contains "-c"                    ¦ no  ¦ yes
            process.args str[contains] "shadow"               ¦ yes ¦ no
            process.args str[endsWith] "id"                   ¦ yes ¦ no
            process.args matches "-[cx]"                      ¦ yes ¦ no
            process.args in ("-c", "-x")                      ¦ yes ¦ no
            process.args[0] == "sh"                           ¦ yes ¦ no
            process.args[2] str[startsWith] "cat"             ¦ yes ¦ no
            process.args[3] == "x"                            ¦ no  ¦ no
            process.args[3] == null                           ¦ yes ¦ yes
            process.argumentLine str[startsWith] "-c cat"     ¦ yes ¦ no
            process.nameAndArguments str[startsWith] "sh -c"  ¦ yes ¦ no
            processAgeNanos == 0                              ¦ yes ¦ no
            file.path str[inNetwork] "10.0.0.0/8"             ¦ no  ¦ no
            process.args != null                              ¦ yes ¦ no
            process.ancestors.name in ("nginx", "httpd")      ¦ yes ¦ no
            process.ancestors.name == "init"                  ¦ yes ¦ no
            process.ancestors.name contains "init"            ¦ yes ¦ no
            process.ancestors.name memberOf Shells            ¦ no  ¦ no
            process.ancestors.name not memberOf Shells        ¦ yes ¦ yes
            process.ancestors.pid > 9                         ¦ yes ¦ no
            process.ancestors.args contains "-g"              ¦ yes ¦ no
            process.parent.parent.name == "init"              ¦ yes ¦ no
            process.parent.parent.parent.name == "init"       ¦ no  ¦ no
            process.parent.parent.parent == null              ¦ yes ¦ yes
            process.pid == 20                                 ¦ yes ¦ no
            process.pid != 20                                 ¦ no  ¦ yes
            process.pid > 19 && process.pid < 21              ¦ yes ¦ no
            process.pid >= 20, process.pid <= 20              ¦ yes ¦ no
            !(process.pid < 20)                               ¦ yes ¦ yes
            process.pid in (20, 0x15)                         ¦ yes ¦ no
            mode == 0644                                      ¦ yes ¦ no
            mode == 0x1a4                                     ¦ yes ¦ no
            mode == 420                                       ¦ yes ¦ no
            user.auid == 1000L                                ¦ yes ¦ yes
            file.deviceMajor == -1                            ¦ no  ¦ yes
            (flags & 0x3) != 0                                ¦ yes ¦ no
            (flags & 0x3) == 1                                ¦ yes ¦ no
            !create || (flags & 0x3) != 0                     ¦ yes ¦ yes
            process.capabilities.effectiveNames contains "CAP_NET_RAW"       ¦ yes ¦ no
            process.capabilities.effectiveNames contains "CAP_SYS_ADMIN"     ¦ no  ¦ no
            process.capabilities.effectiveNames not contains "CAP_SYS_ADMIN" ¦ yes ¦ yes
            process.capabilities.permittedNames contains "CAP_SYS_ADMIN"     ¦ yes ¦ no
            process.capabilities.permitted == 0x202000        ¦ yes ¦ no
            (process.capabilities.effective & 0x2000) == 0x2000 ¦ yes ¦ no
            process.capabilities == null                      ¦ no  ¦ yes
            write                                             ¦ yes ¦ no
            !write                                            ¦ no  ¦ yes
            write == true                                     ¦ yes ¦ no
            write == false                                    ¦ no  ¦ yes
            process.deleted == false                          ¦ yes ¦ no
            !process.deleted                                  ¦ yes ¦ yes
            container != null                                 ¦ yes ¦ no
            container == null                                 ¦ no  ¦ yes
            container.name == "web" && write                  ¦ yes ¦ no
            container.imageName str[startsWith] "nginx:"      ¦ yes ¦ no
            container.labels.app == "shop"                    ¦ yes ¦ no
            container.labels["app"] == "shop"                 ¦ yes ¦ no
            container.labels.other == "shop"                  ¦ no  ¦ no
            container.mounts.source str[under] "/srv"         ¦ yes ¦ no
            container.mounts.writable == true                 ¦ yes ¦ no
            container.pod.namespace == "x"                    ¦ no  ¦ no
            file.rawPath == file.name                         ¦ yes ¦ no
            outcome == "success"                              ¦ yes ¦ yes
            context.origin == "audit"                         ¦ yes ¦ yes
            syscall == "openat"                               ¦ yes ¦ yes
            (write || read) && !(create && !truncate)         ¦ yes ¦ yes
            this.file.path == "/etc/shadow"                   ¦ yes ¦ yes
            $e.file.path == "/etc/shadow"                     ¦ yes ¦ yes
            file.path == /* why */ "/etc/shadow" // that      ¦ yes ¦ yes
            """)
    void decidesOnAnEventWithAndWithoutItsValues(String constraint, String full, String bare) {
        RuleSet set = Rules.load(Rules.rule("r", "$e : FileOpen( " + constraint + "\n )"));
        if (full.equals("-")) {
            assertThat(set.refused()).isNotEmpty();
            return;
        }
        assertThat(set.refused()).isEmpty();

        assertThat(Rules.matches(set, FULL)).as("with values").hasSize(full.equals("yes") ? 1 : 0);
        assertThat(Rules.matches(set, BARE)).as("without values").hasSize(bare.equals("yes") ? 1 : 0);
    }

    private static Process capable(Process p, Capabilities capabilities) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                p.deleted(),
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                p.tty(),
                p.parent(),
                p.container(),
                p.entry(),
                p.stdin(),
                capabilities,
                p.processGroup(),
                p.environment());
    }

    @Test
    void readsFieldsOfRecordsAndNestedStructures() {
        Context context = Events.context(START, SH, null);
        KernelEvent connect = new NetworkConnect(context, 3, new SocketAddress(2, "10.0.0.1", 4444, null, null));
        KernelEvent login = new UserRecord(context, "USER_LOGIN", Map.of("acct", "root"));
        RuleSet set = Rules.sound(
                Rules.rule(
                        "c",
                        "$e : NetworkConnect( address.port in (Ports, 4444), address.familyName == \"inet\","
                                + " address.ip str[inNetwork] \"10.0.0.0/8\", address.ip not str[inNetwork] \"10.1.0.0/16\" )"),
                Rules.rule("l", "$e : UserRecord( record == \"USER_LOGIN\", fields.acct == \"root\" )"));

        assertThat(Rules.matches(set, connect, login)).containsExactly("c:0", "l:1");
    }

    @Test
    void comparesWithFieldsOfAnEarlierEvent() {
        RuleSet set = Rules.sound(Rules.rule(
                "child",
                "$w : FileOpen( write )\n$e : ProcessExec( this != $w, this after[0ms,1m] $w,"
                        + " $w.process.pid memberOf process.ancestors.pid, file.path str[under] $w.file.directory )",
                "alert( $w, $e );"));

        assertThat(Rules.matches(
                        set,
                        Events.open(START, NGINX, null, "/tmp/a/x", 1),
                        Events.exec(START + 1, SH, null, "/tmp/a/b/y"),
                        Events.exec(START + 2, INIT, null, "/tmp/a/b/y"),
                        Events.exec(START + 3, SH, null, "/tmp/ab/y")))
                .containsExactly("child:0,1");
    }

    @Test
    void joinsThreeEventsAndTakesCoincidenceInAnyOrder() {
        RuleSet set = Rules.sound(
                Rules.rule(
                        "chain",
                        "$a : FileOpen( file.path == \"/a\" )\n$b : FileOpen( file.path == \"/b\", this after[0s,10s] $a )\n"
                                + "$e : FileOpen( file.path == \"/c\", this after[0s,10s] $b,"
                                + " process.pid == $a.process.pid && process.pid == $b.process.pid )",
                        "alert( $a, $b, $e );"),
                Rules.rule(
                        "both",
                        "$a : FileOpen( file.path == \"/x\" )\n$e : FileOpen( file.path == \"/y\", this coincides[5s] $a )"));
        long second = Events.SECOND;

        assertThat(Rules.matches(
                        set,
                        Events.open(START, SH, null, "/a", 0),
                        Events.open(START + 9 * second, SH, null, "/b", 0),
                        Events.open(START + 19 * second, SH, null, "/c", 0),
                        Events.open(START + 20 * second, SH, null, "/c", 0)))
                .containsExactly("chain:0,1,2");
        assertThat(Rules.matches(
                        set,
                        Events.open(START, SH, null, "/x", 0),
                        Events.open(START + 5 * second, SH, null, "/y", 0),
                        Events.open(START + 9 * second, SH, null, "/x", 0)))
                .containsExactly("both:1", "both:1");
    }
}
