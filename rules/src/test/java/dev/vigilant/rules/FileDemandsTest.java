// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.text.PathComponents;
import dev.vigilant.rules.text.Shape;
import dev.vigilant.rules.text.Shapes;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.FileDemand;
import dev.vigilant.source.Interest.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileDemandsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '^', textBlock = """
            FileOpen( container != null, file.path str[endsWith] "/release_agent" )        ¦ CONTAINER path=[release_agent]
            FileOpen( container == null, file.path str[under] "/var/log" )                  ¦ HOST path=[log]
            FileOpen( outcome == "success", file.name in ("a", "b") )                       ¦ success path=[a, b]
            FileOpen( file.path in ("/dev/mem", "/dev/kmem") )                              ¦ path=[kmem, mem]
            FileOpen( file.path str[startsWith] "/proc/1/ro" )                              ¦ path=[1]
            FileOpen( file.path str[startsWith] "/et" )                                     ¦
            FileOpen( file.path contains "/.ssh/" )                                         ¦ path=[.ssh]
            FileOpen( file.path contains ".ssh" )                                           ¦
            FileOpen( file.name str[endsWith] "_key" )                                      ¦
            FileOpen( file.path != "/etc/shadow" )                                          ¦
            FileOpen( !(file.path != "/etc/shadow") )                                       ¦ path=[shadow]
            FileOpen( file.path == "/a/x" || file.path == "/b/x/y", container != null )     ¦ CONTAINER path=[x] ; CONTAINER path=[y]
            FileOpen( file.path == "/a/x" || file.type == "block_device" )                  ¦ path=[x] ; type=[block_device]
            FileOpen( file.fileSystem in ("debugfs", "tracefs"), container.hostPid )        ¦ CONTAINER fs=[debugfs, tracefs]
            FileOpen( hostPath matches "/etc/cron.*/x" )                                    ¦
            FileOpen( container != null, hostPath == "/etc/shadow" )                        ¦ CONTAINER
            FileOpen( container == null, hostPath == "/etc/shadow" )                        ¦ HOST path=[shadow]
            FileOpen( file.path str[startsWith] "/etc/", file.path str[endsWith] "/x" )     ¦ path=[x]
            FileOpen( syscall == "open_by_handle_at" )                                      ¦ open_by_handle_at
            FileOpen( file.rawPath matches "/proc/self/fd/.*" )                             ¦ raw=[fd] begins=[/proc/self/fd/]
            FileOpen( file.rawPath matches "/proc/(self|[0-9]+)/fd/.*" )                    ¦ raw=[fd] begins=[/proc/]
            FileOpen( file.rawPath matches ".*/fd/.*" )                                     ¦ raw=[fd]
            FileOpen( file.rawPath matches "(/proc/1|.*)/fd", file.rawPath != "/x/fd" )     ¦ raw=[fd]
            FileOpen( process.name in ("insmod", "kmod"), read )                            ¦ by=[insmod, kmod]
            FileOpen( process.name not in ("insmod", "kmod") )                              ¦
            FileOpen( process.parent.name == "sshd" )                                       ¦
            FileRename( target.path == "/etc/shadow" )                                      ¦
            MountChange( file.path == "/etc/shadow" )                                       ¦
            FileOpen( container == null || write )                                          ¦
            FileOpen( container.name != "web" )                                             ¦
            """)
    void saysWhatEveryWantedEventHas(String pattern, String expected) {
        List<Interest> interests =
                Rules.sound(Rules.rule("r", "$e : " + pattern)).interests();

        assertThat(interests.stream().map(FileDemandsTest::text).collect(Collectors.joining(" ; ")))
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void keepsWhatOnlyOneAlternativeDemands() {
        RuleSet set = Rules.sound(
                Rules.rule("a", "$e : FileOpen( write, file.path == \"/x\" )"),
                Rules.rule("b", "$e : FileOpen( write, container != null )"),
                Rules.rule("c", "$e : FileOpen( write, container != null, outcome == \"success\" )"));

        assertThat(set.interests()).extracting(FileDemandsTest::text).containsExactly("path=[x]", "CONTAINER");
    }

    @Test
    void keepsNamedSyscallsBesideAPatternThatWantsAny() {
        RuleSet set = Rules.sound(
                Rules.rule("any", "$e : KernelEvent( user.euid == 0 )"),
                Rules.rule("named", "$e : SystemCall( name == \"userfaultfd\" )"));

        assertThat(set.interests())
                .filteredOn(i -> i.kind() == EventKind.SYSTEM_CALL)
                .extracting(Interest::syscalls)
                .containsExactlyInAnyOrder(List.of(), List.of("userfaultfd"));
    }

    @Test
    void everyPathThatABuiltInConditionTakesHasOneOfItsComponents() {
        Random random = new Random(3);
        List<Condition.Comparison> comparisons = new ArrayList<>();
        RuleLoader.builtIn()
                .rules()
                .forEach(r -> r.patterns().forEach(p -> p.conditions().forEach(c -> collect(c, comparisons))));
        int taken = 0;
        int derived = 0;
        for (Condition.Comparison comparison : comparisons) {
            List<?> literals = ((Operand.Literals) comparison.right()).values();
            List<Shape> shapes = Shapes.of(comparison.operator(), literals).all();
            Set<String> components = PathComponents.of(shapes);
            derived += components.isEmpty() ? 0 : 1;
            Predicate<String> takes = takes(comparison.operator(), literals);
            for (int i = 0; i < 2000; i++) {
                String path = path(random, shapes);
                if (takes.test(path)) {
                    taken++;
                    assertThat(components.isEmpty()
                                    || Arrays.stream(path.split("/")).anyMatch(components::contains))
                            .as("%s of %s: %s", path, comparison.text(), components)
                            .isTrue();
                }
            }
        }
        assertThat(comparisons).hasSizeGreaterThan(40);
        assertThat(derived).isGreaterThan(40);
        assertThat(taken).isGreaterThan(20_000);
    }

    private static void collect(Condition condition, List<Condition.Comparison> comparisons) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(p -> collect(p, comparisons));
        } else if (condition instanceof Condition.Or or) {
            or.parts().forEach(p -> collect(p, comparisons));
        } else if (condition instanceof Condition.Not not) {
            collect(not.part(), comparisons);
        } else if (condition instanceof Condition.Comparison c
                && c.right() instanceof Operand.Literals
                && c.left().path().endsWith("ath")) {
            comparisons.add(c);
        }
    }

    /** A path of one of the forms, with something in the gaps, and now and then a character too few or too many. */
    private static String path(Random random, List<Shape> shapes) {
        String[] fillings = {"", "", "/", "a", "7", "/x/y", "etc", "/..", "\n", "-", "passwd", "9/fd/2", "z/"};
        StringBuilder path = new StringBuilder();
        for (char c : shapes.get(random.nextInt(shapes.size())).toString().toCharArray()) {
            path.append(c == '*' ? fillings[random.nextInt(fillings.length)] : String.valueOf(c));
        }
        if (random.nextInt(4) == 0 && path.length() > 0) {
            path.deleteCharAt(random.nextInt(path.length()));
        }
        return random.nextInt(8) == 0 ? path + "/x" : path.toString();
    }

    private static Predicate<String> takes(Operator operator, List<?> literals) {
        List<Predicate<String>> any = literals.stream()
                .map(String.class::cast)
                .<Predicate<String>>map(t -> switch (operator) {
                    case EQUAL, IN -> t::equals;
                    case STARTS_WITH -> p -> p.startsWith(t);
                    case ENDS_WITH -> p -> p.endsWith(t);
                    case CONTAINS, SUBSTRING -> p -> p.contains(t);
                    case UNDER -> p -> (p + "/").startsWith(t + "/");
                    case MATCHES -> Pattern.compile(t, Pattern.DOTALL)::matches;
                    case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IN_NETWORK ->
                        throw new AssertionError(operator);
                })
                .toList();
        return path -> any.stream().anyMatch(p -> p.test(path));
    }

    private static String text(Interest interest) {
        List<String> parts = new ArrayList<>();
        parts.add(interest.place() == Place.ANYWHERE ? "" : interest.place().name());
        parts.add(interest.successful() ? "success" : "");
        parts.addAll(interest.syscalls());
        parts.add(set("by", interest.programs()));
        FileDemand file = interest.file();
        parts.add(set("path", file.pathComponents()));
        parts.add(set("raw", file.rawPathComponents()));
        parts.add(set("begins", file.rawPathPrefixes()));
        parts.add(set("type", file.types()));
        parts.add(set("fs", file.fileSystems()));
        return parts.stream().filter(p -> !p.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String set(String name, Set<String> values) {
        return values.isEmpty() ? "" : name + "=" + new TreeSet<>(values);
    }
}
