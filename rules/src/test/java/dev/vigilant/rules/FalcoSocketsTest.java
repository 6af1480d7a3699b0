// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.Context;
import dev.vigilant.event.FdDuplicate;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NetworkAccept;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.NetworkListen;
import dev.vigilant.event.NetworkSocket;
import dev.vigilant.event.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only the making of a socket tells of its use. */
class FalcoSocketsTest {
    private static final int TCP = 1;
    private static final int UDP = 2;
    private static final SocketAddress PEER = new SocketAddress(2, "10.0.0.1", 22, null, null);

    private static RuleSet rule(String condition) {
        RuleSet set = RuleLoader.load(List.of(new RuleSource(
                "a.yaml",
                "- rule: r\n  desc: d\n  output: o\n  priority: INFO\n  condition: >\n    " + condition + "\n")));
        assertThat(set.refused()).isEmpty();
        return set;
    }

    private static Context at(long second, int pid) {
        return Events.context(
                Events.START + second * Events.SECOND, Events.process(pid, "nc", null, "nc"), Events.CONTAINER);
    }

    private static NetworkSocket socket(long second, int pid, int type, int fd) {
        return new NetworkSocket(at(second, pid), 2, type, 0, fd);
    }

    private static NetworkConnect connect(long second, int pid, int fd) {
        return new NetworkConnect(at(second, pid), fd, PEER);
    }

    /** Indexes of the events that each match is about, the last one being the use of the socket. */
    private static List<String> matches(RuleSet set, KernelEvent... events) {
        List<List<String>> alone = DroolsAlone.told(set, events);
        assertThat(Rules.told(set, set.gate()::mayMatch, events)).isEqualTo(alone);
        return alone.stream()
                .flatMap(List::stream)
                .map(m -> m.substring(m.indexOf(':') + 1))
                .toList();
    }

    @Test
    void knowTheProtocolOfAConnection() {
        RuleSet tcp = rule("evt.type = connect and fd.l4proto = tcp and fd.sport = 22");

        assertThat(matches(tcp, socket(0, 1, TCP, 3), connect(1, 1, 3))).containsExactly("0,1");
        assertThat(matches(tcp, socket(0, 1, UDP, 3), connect(1, 1, 3))).isEmpty();
        assertThat(matches(tcp, socket(0, 1, TCP, 3), connect(1, 1, 4))).isEmpty();
        assertThat(matches(tcp, socket(0, 1, TCP, 3), connect(1, 2, 3))).isEmpty();
        assertThat(matches(tcp, socket(0, 1, TCP, 3), connect(61, 1, 3))).isEmpty();
        assertThat(matches(tcp, connect(1, 1, 3))).isEmpty();
        assertThat(matches(tcp, socket(0, 1, TCP, 3), socket(1, 1, UDP, 3), connect(2, 1, 3)))
                .isEmpty();
        assertThat(matches(tcp, socket(0, 1, UDP, 3), socket(1, 1, TCP, 3), connect(2, 1, 3)))
                .containsExactly("1,2");
    }

    @Test
    void exceptOnlyWhatIsKnownToBeExcepted() {
        RuleSet notUdp = rule("evt.type = connect and not fd.l4proto = udp");

        assertThat(matches(notUdp, socket(0, 1, TCP, 3), connect(1, 1, 3))).containsExactly("0,1");
        assertThat(matches(notUdp, socket(0, 1, UDP, 3), connect(1, 1, 3))).isEmpty();
        assertThat(matches(notUdp, connect(1, 1, 3))).containsExactly("0");
        assertThat(matches(rule("evt.type = connect and fd.l4proto != udp"), connect(1, 1, 3)))
                .isEmpty();
    }

    @Test
    void knowWhatIsCopiedToTheStandardStreams() {
        RuleSet shell = rule("evt.type in (dup, dup2, dup3) and evt.rawres in (0, 1, 2) and fd.type in (ipv4, ipv6)");
        NetworkAccept accepted = new NetworkAccept(at(1, 1), 4, PEER);

        assertThat(matches(shell, socket(0, 1, TCP, 3), new FdDuplicate(at(1, 1), 3, 0)))
                .containsExactly("0,1");
        assertThat(matches(shell, socket(0, 1, TCP, 3), new FdDuplicate(at(1, 1), 3, 7)))
                .isEmpty();
        assertThat(matches(shell, socket(0, 1, TCP, 3), new FdDuplicate(at(1, 1), 5, 0)))
                .isEmpty();
        assertThat(matches(shell, socket(0, 1, TCP, 3), accepted, new FdDuplicate(at(2, 1), 4, 1)))
                .containsExactly("1,2");
        assertThat(shell.interests()).extracting(i -> i.kind().label()).contains("network_socket", "fd_duplicate");
    }

    @Test
    void knowTheFamilyOfWhatListens() {
        RuleSet listens = rule("evt.type = listen and fd.typechar = 4");

        assertThat(matches(listens, socket(0, 1, TCP, 3), new NetworkListen(at(1, 1), 3, 5)))
                .containsExactly("0,1");
        assertThat(matches(listens, new NetworkListen(at(1, 1), 3, 5))).isEmpty();
    }
}
