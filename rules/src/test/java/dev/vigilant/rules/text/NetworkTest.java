// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            10.0.0.0/8,       10.255.0.1,       true
            10.0.0.0/8,       11.0.0.1,         false
            10.1.2.3/8,       10.9.9.9,         true
            0.0.0.0/0,        255.1.2.3,        true
            0.0.0.0/0,        ::1,              false
            255.255.255.255,  255.255.255.255,  true
            10.1.2.3/32,      10.1.2.3,         true
            10.1.2.3/31,      10.1.2.2,         true
            10.1.2.3,         10.1.2.4,         false
            128.0.0.0/1,      129.0.0.0,        true
            128.0.0.0/1,      127.0.0.0,        false
            fd00::/8,         fdff::1,          true
            fd00::/8,         fe00::1,          false
            ::/0,             fd00::1,          true
            ::/0,             10.0.0.1,         false
            fd00::1,          fd00:0:0:0:0:0:0:1, true
            10.0.0.0/8,       10.0.0,           false
            10.0.0.0/8,       10.0.0.256,       false
            10.0.0.0/8,       localhost,        false
            10.0.0.0/8,       '',               false
            ::/0,             zz::1,            false
            """)
    void knowsItsAddresses(String network, String address, boolean expected) {
        assertThat(Network.of(network).has(address)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10.0.0.0/33",
                "10.0.0/8",
                "::/129",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "fd00::g"
            })
    void refusesWhatIsNoNetwork(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void agreesWithArithmetic() throws UnknownHostException {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextBoolean() ? 4 : 16;
            byte[] a = new byte[length];
            byte[] b = new byte[length];
            random.nextBytes(a);
            System.arraycopy(a, 0, b, 0, length);
            b[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
            int bits = random.nextInt(length * 8 + 1);
            String network = InetAddress.getByAddress(a).getHostAddress() + "/" + bits;
            String address = InetAddress.getByAddress(b).getHostAddress();
            int shift = length * 8 - bits;
            boolean same = new BigInteger(1, a).shiftRight(shift).equals(new BigInteger(1, b).shiftRight(shift));

            assertThat(Network.of(network).has(address))
                    .as(network + " " + address)
                    .isEqualTo(same);
        }
    }
}
