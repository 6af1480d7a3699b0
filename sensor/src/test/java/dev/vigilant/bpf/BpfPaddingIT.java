// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.source.EnvironmentDemand;
import dev.vigilant.source.Interest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing leaves the kernel in a record that was left over in memory from something else. Needs root, BTF, libbpf1 and gcc. */
@Timeout(120)
class BpfPaddingIT {
    private static final int HEAD = 160;
    private static final int SECTION = 8;
    private static final int FS_TYPE = 40;
    private static final int FS_TYPE_END = 56;

    @TempDir
    private Path directory;

    private final Set<Tag> padded = new TreeSet<>();
    private final List<String> leftOver = new ArrayList<>();

    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    private void sense(Set<String> leftOut) throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        Path uring = Sensing.compile("uring", directory);
        List<Interest> interests = new ArrayList<>(Sensing.everything());
        // Long and of many kinds of bytes, so that it lies under whatever comes later.
        interests.add(Sensing.execsWith(new EnvironmentDemand(false, Set.of("PAD"), Set.of("secret"))));
        try (BpfSensor sensor = new BpfSensor(Sensing.settings(1 << 23, 1 << 23, leftOut), Sensing.PROC)) {
            sensor.want(interests);
            sensor.start();
            Sensing.run(
                    directory,
                    "export PAD=$(head -c 9000 /dev/zero | tr '\\0' p); for i in 1 2 3 4 5 6 7 8; do /bin/true; cat said; done; "
                            + deeds + " all; " + uring + " open one; " + uring + " rename four ten");
            sensor.stop();
            int read;
            do {
                read = sensor.read((channel, type, buffer, offset, length, time) ->
                        look(ByteBuffer.wrap(buffer, offset, length).slice().order(ByteOrder.nativeOrder())));
            } while (read > 0);
        }
        assertThat(leftOver).isEmpty();
        assertThat(padded).contains(Tag.TEXT, Tag.PATH, Tag.FILE, Tag.BYTES, Tag.ARGV, Tag.ENVIRONMENT);
    }

    private void look(ByteBuffer frame) {
        int at = HEAD;
        while (at < frame.limit()) {
            Tag tag = Tag.values()[frame.getShort(at)];
            int length = Math.max(0, frame.getInt(at + 4));
            int begin = at + SECTION;
            int end = begin + length;
            at = end + 7 & ~7;
            zeros(tag + "'s padding", frame, end, at);
            if (end < at) {
                padded.add(tag);
            }
            if (tag == Tag.FILE) {
                int name = begin + FS_TYPE;
                while (name < begin + FS_TYPE_END && frame.get(name) != 0) {
                    name++;
                }
                zeros("type of a file system", frame, name, begin + FS_TYPE_END);
            }
        }
        assertThat(at).isEqualTo(frame.limit());
    }

    private void zeros(String what, ByteBuffer frame, int from, int to) {
        for (int i = from; i < to; i++) {
            if (frame.get(i) != 0) {
                leftOver.add(what + ": " + Integer.toHexString(Byte.toUnsignedInt(frame.get(i))));
                return;
            }
        }
    }

    @Test
    void nothingIsLeftOverBehindWhatIsTold() throws Exception {
        sense(Set.of());
    }

    @Test
    void norWithoutTheCast() throws Exception {
        sense(Set.of("bpf_rdonly_cast"));
    }
}
