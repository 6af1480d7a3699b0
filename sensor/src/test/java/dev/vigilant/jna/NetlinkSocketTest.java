// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Over NETLINK_ROUTE, which needs no privilege. */
class NetlinkSocketTest {
    private static final int NETLINK_ROUTE = 0;
    private static final int RTM_GETLINK = 18;
    private static final int NLM_F_REQUEST_DUMP = 0x301;

    @Test
    void kernelAnswersARequest() throws Exception {
        try (NetlinkSocket socket = new NetlinkSocket(NETLINK_ROUTE, 0, 1 << 16);
                Poller poller = new Poller(socket.fd())) {
            socket.send(RTM_GETLINK, NLM_F_REQUEST_DUMP, 7, new byte[16]);
            assertThat(poller.await(5000)).isTrue();

            List<Integer> sequences = new ArrayList<>();
            int count = socket.read((buffer, length) -> sequences.add(ByteBuffer.wrap(buffer, 0, length)
                    .order(ByteOrder.nativeOrder())
                    .getInt(8)));

            assertThat(count).isPositive();
            assertThat(sequences).hasSize(count).containsOnly(7);
        }
    }

    @Test
    void emptySocketIsReadAsNothing() throws Exception {
        Counters counters = new Counters();
        try (NetlinkSocket socket = new NetlinkSocket(NETLINK_ROUTE, 0, 1 << 16)) {
            assertThat(socket.read((buffer, length) -> {})).isZero();
            assertThat(socket.account(counters)).isZero();
        }
        assertThat(counters.get(Counter.LOST_RECEIVE_OVERRUN)).isZero();
    }

    @Test
    void overrunIsCountedOnceAndReadingGoesOn() throws Exception {
        Counters counters = new Counters();
        try (NetlinkSocket socket = new NetlinkSocket(NETLINK_ROUTE, 0, 1)) {
            // The least buffer holds a few acknowledgements of this size; each request brings one.
            for (int i = 0; i < 64; i++) {
                sendIgnoringFullness(socket, i);
            }
            int read = 0;
            for (int i = 0; i < 10; i++) {
                read += socket.read((buffer, length) -> {});
            }

            assertThat(socket.account(counters)).isPositive();
            assertThat(read).isPositive();
            assertThat(socket.account(counters)).isZero();
        }
    }

    private static void sendIgnoringFullness(NetlinkSocket socket, int sequence) {
        try {
            socket.send(RTM_GETLINK, NLM_F_REQUEST_DUMP & 1 | 4, sequence, new byte[16]);
        } catch (NativeFailure full) {
            assertThat(full.errno()).isEqualTo(NativeFailure.ENOBUFS);
        }
    }

    @Test
    void closedSocketSaysSo() throws Exception {
        NetlinkSocket socket = new NetlinkSocket(NETLINK_ROUTE, 0, 1 << 16);
        socket.close();
        socket.close();

        assertThatThrownBy(() -> socket.read((buffer, length) -> {}))
                .isInstanceOf(NativeFailure.class)
                .hasMessage("netlink read: EBADF (closed)");
    }

    @Test
    void unknownProtocolIsNamedWithItsErrno() {
        assertThatThrownBy(() -> new NetlinkSocket(29, 0, 1 << 16))
                .isInstanceOf(NativeFailure.class)
                .hasMessage("netlink socket of protocol 29: EPROTONOSUPPORT (protocol not in this kernel)");
    }
}
