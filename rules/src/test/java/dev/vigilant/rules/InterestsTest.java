// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterestsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '^', textBlock = """
            FdDuplicate( newFd <= 2 )                         ¦ newFd LESS_OR_EQUAL 2
            FdDuplicate( newFd <= 2, process.name == "sh" )   ¦ newFd LESS_OR_EQUAL 2
            FdDuplicate( newFd >= 1 && newFd < 3 )            ¦ newFd GREATER_OR_EQUAL 1, newFd LESS 3
            FdDuplicate( newFd == 0 || newFd == 1 )           ¦
            FdDuplicate( newFd != 0 )                         ¦ newFd NOT_EQUAL 0
            FdDuplicate( !(newFd < 3) )                       ¦
            NetworkConnect( address.family == 2 )             ¦ address.family EQUAL 2
            NetworkConnect( process.pid == 2 )                ¦
            FileOpen( write )                                 ¦ flags ANY_BIT 3
            FileOpen( write == true )                         ¦ flags ANY_BIT 3
            FileOpen( !write )                                ¦
            FileOpen( read )                                  ¦
            FileOpen( write || create )                       ¦ flags ANY_BIT 67
            FileOpen( write || file.path == "x" )             ¦
            FileOpen( (flags & 0x400) != 0 )                  ¦ flags ANY_BIT 1024
            FileOpen( (flags & 0x400) == 0 )                  ¦
            NamespaceChange( userNamespace )                  ¦ flags ANY_BIT 268435456
            """)
    void pushesWhatTheKernelCanDecide(String pattern, String expected) {
        List<Interest> interests =
                Rules.sound(Rules.rule("r", "$e : " + pattern)).interests();

        assertThat(interests).hasSize(1);
        assertThat(String.join(
                        ", ",
                        interests.get(0).conditions().stream()
                                .map(c -> c.component() + " " + c.comparison() + " " + c.value())
                                .toList()))
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void namesTheSystemCallsThatAPatternAsksFor() {
        RuleSet set = Rules.sound(
                Rules.rule("a", "$e : SystemCall( process.pid == 1 && name == \"userfaultfd\" )"),
                Rules.rule("b", "$e : SystemCall( name in ( \"syslog\", \"acct\" ) )"));

        assertThat(set.interests())
                .extracting(Interest::syscalls)
                .containsExactly(List.of("userfaultfd"), List.of("syslog", "acct"));
    }

    @Test
    void wantsAllKindsOfAnInterfaceAndOfEveryPattern() {
        RuleSet set = Rules.sound(
                Rules.rule("f", "$e : FileEvent( file.path == \"/x\" )"),
                Rules.rule("n", "$e : ProcessExec()\nnot NetworkConnect( this before[0s,1s] $e )"));

        assertThat(set.interests())
                .extracting(Interest::kind)
                .contains(EventKind.FILE_OPEN, EventKind.CHANGE_ROOT, EventKind.PROCESS_EXEC, EventKind.NETWORK_CONNECT)
                .doesNotContain(EventKind.NETWORK_BIND)
                .doesNotHaveDuplicates();
    }

    @Test
    void keepsOneInterestForRulesThatAskTheSame() {
        RuleSet set = Rules.sound(
                Rules.rule("a", "$e : FileOpen( write, file.path == \"/x\" )"),
                Rules.rule("b", "$e : FileOpen( write )"));

        assertThat(set.interests())
                .containsExactly(
                        new Interest(EventKind.FILE_OPEN, List.of(new Condition("flags", Comparison.ANY_BIT, 3))));
    }
}
