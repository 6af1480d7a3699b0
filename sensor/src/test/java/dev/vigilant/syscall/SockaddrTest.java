// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.SocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SockaddrTest {
    private static SocketAddress of(String hex) {
        return Sockaddr.of(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @CsvSource({
        "0200115C7F0000010000000000000000, 127.0.0.1, 4444",
        "0A000035000000000000000000000000000000000000000100000000, ::1, 53",
        "0A0000350000000020010DB800000000000100000000000700000000, 2001:db8::1:0:0:7, 53",
        "0A0000500000000020010DB800010002000300040005000600000000, 2001:db8:1:2:3:4:5:6, 80",
        "0A000050000000000000000000000000000000000000000000000000, ::, 80",
        "0A00005000000000FE80000000000000000000000000000000000000, fe80::, 80",
        "0A000050000000000001000000010000000100000001000000000000, 1:0:1:0:1:0:1:0, 80",
        "0A0000500000000000000000000000000000FFFF0A00000100000000, 10.0.0.1, 80"
    })
    void readsInternetAddresses(String hex, String ip, int port) {
        assertThat(of(hex).ip()).isEqualTo(ip);
        assertThat(of(hex).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "01002F7661722F72756E2F646F636B65722E736F636B00000000, /var/run/docker.sock",
        "0100006162737472616374206E616D65, @abstract name"
    })
    void readsUnixPaths(String hex, String path) {
        assertThat(of(hex).path()).isEqualTo(path);
        assertThat(of(hex).familyName()).isEqualTo("unix");
    }

    @Test
    void readsOtherFamilies() {
        assertThat(of("100000000000000001000000").detail()).isEqualTo("nlnk-pid=0 groups=1");
        assertThat(of("1100000301000000000000000000000000000000").detail()).isEqualTo("protocol=0x0003 ifindex=1");
        assertThat(of("28000000D20400000200000000000000").detail()).isEqualTo("cid=2 port=1234");
        assertThat(of("1F00").familyName()).isEqualTo("31");
    }

    @Test
    void shortAddressesDoNoHarm() {
        String whole = "0A000035000000000000000000000000000000000000000100000000";
        for (String family : new String[] {"01", "02", "0A", "10", "11", "28", "FF"}) {
            for (int bytes = 0; bytes < 28; bytes++) {
                String hex = family + whole.substring(2);
                assertThat(of(hex.substring(0, 2 * bytes))).isNotNull();
            }
        }
    }
}
