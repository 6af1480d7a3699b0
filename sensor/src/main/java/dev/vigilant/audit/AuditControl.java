// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.jna.NativeFailure;
import dev.vigilant.jna.NetlinkSocket;
import dev.vigilant.jna.Poller;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks and sets the state of kernel audit over a netlink socket of its own, so that replies do not mix with records.
 *
 * <p>Threading: one thread. Allocation: cold calls. Errors: each names what was asked and the kernel's reason.
 */
public final class AuditControl implements Closeable {
    private static final int AUDIT_GET = 1000;
    private static final int AUDIT_SET = 1001;
    private static final int AUDIT_ADD_RULE = 1011;
    private static final int AUDIT_DEL_RULE = 1012;
    private static final int AUDIT_LIST_RULES = 1013;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int REPLY_MILLIS = 5000;
    private static final int ACKNOWLEDGEMENT = 0;

    private final NetlinkSocket socket;
    private final Poller poller;
    private int sequence;

    /** A reply of the kernel: its type and what follows the netlink header. */
    private record Reply(int type, byte[] payload) {}

    /** @throws NativeFailure when the kernel has no audit, or CAP_AUDIT_CONTROL is missing */
    public AuditControl() throws NativeFailure {
        this.socket = new NetlinkSocket(NetlinkSocket.NETLINK_AUDIT, 0, 1 << 20);
        this.poller = new Poller(socket.fd());
    }

    /** The state now. */
    public AuditStatus status() throws IOException {
        List<Reply> replies = request("audit status", AUDIT_GET, new byte[0], AUDIT_GET);
        byte[] payload = replies.get(0).payload();
        return AuditStatus.parse(payload, 0, payload.length);
    }

    /** Sets the fields that the mask names. */
    void set(AuditStatus status, int mask) throws IOException {
        request("audit settings", AUDIT_SET, status.encode(mask), ACKNOWLEDGEMENT);
    }

    /** All rules that the kernel holds, anybody's. */
    public List<AuditRule> rules() throws IOException {
        List<AuditRule> rules = new ArrayList<>();
        for (Reply reply : request("audit rules", AUDIT_LIST_RULES, new byte[0], NLMSG_DONE)) {
            if (reply.type() == AUDIT_LIST_RULES) {
                rules.add(new AuditRule(reply.payload()));
            }
        }
        return rules;
    }

    /** @return false when the kernel holds the same rule already */
    boolean add(AuditRule rule) throws IOException {
        try {
            request("audit rule " + rule, AUDIT_ADD_RULE, rule.bytes(), ACKNOWLEDGEMENT);
            return true;
        } catch (NativeFailure e) {
            if (e.errno() == NativeFailure.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    void remove(AuditRule rule) throws IOException {
        request("removal of audit rule " + rule, AUDIT_DEL_RULE, rule.bytes(), ACKNOWLEDGEMENT);
    }

    /**
     * Sends and collects the replies.
     *
     * @param lastType type of the message that ends the replies, 0 when the acknowledgement does
     */
    private List<Reply> request(String what, int type, byte[] payload, int lastType) throws IOException {
        int mine = ++sequence;
        socket.send(type, NLM_F_REQUEST | NLM_F_ACK, mine, payload);
        Replies replies = new Replies(what, mine, lastType);
        long deadline = System.nanoTime() + REPLY_MILLIS * 1_000_000L;
        while (!replies.complete()) {
            long left = (deadline - System.nanoTime()) / 1_000_000L;
            if (left <= 0) {
                throw new IOException(what + ": the kernel did not answer within " + REPLY_MILLIS + " ms");
            }
            if (poller.await((int) left)) {
                socket.read(replies::take);
            }
        }
        return replies.result();
    }

    /** Gathers the messages that answer one request. */
    private static final class Replies {
        private final String what;
        private final int sequence;
        private final int lastType;
        private final List<Reply> replies = new ArrayList<>();
        private boolean acknowledged;
        private boolean last;
        private @Nullable NativeFailure failure;

        Replies(String what, int sequence, int lastType) {
            this.what = what;
            this.sequence = sequence;
            this.lastType = lastType;
        }

        void take(byte[] buffer, int length) {
            ByteBuffer in = ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.nativeOrder());
            if (length < NetlinkSocket.HEADER || in.getInt(8) != sequence) {
                return;
            }
            int type = in.getShort(4);
            if (type == NLMSG_ERROR) {
                int error = -in.getInt(NetlinkSocket.HEADER);
                acknowledged = true;
                if (error != 0) {
                    failure = new NativeFailure(what, error);
                }
                return;
            }
            last |= type == lastType;
            // The datagram may be padded; of a reply, unlike a record, the header tells the length.
            int end = Math.max(NetlinkSocket.HEADER, Math.min(length, in.getInt(0)));
            byte[] payload = new byte[end - NetlinkSocket.HEADER];
            System.arraycopy(buffer, NetlinkSocket.HEADER, payload, 0, payload.length);
            replies.add(new Reply(type, payload));
        }

        boolean complete() {
            return failure != null || (acknowledged && (lastType == 0 || last));
        }

        List<Reply> result() throws NativeFailure {
            if (failure != null) {
                throw failure;
            }
            return replies;
        }
    }

    @Override
    public void close() {
        poller.close();
        socket.close();
    }
}
