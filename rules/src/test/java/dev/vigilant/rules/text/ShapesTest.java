// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.vigilant.rules.ast.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapesTest {
    private static final String[] PIECES = {
        "a",
        "b",
        "/",
        "k",
        "K",
        "\u212a",
        ".",
        "-",
        "{",
        "}",
        "^",
        "$",
        ",",
        "1",
        "2",
        "\uD83D\uDE00",
        "\n",
        "]",
        "\u017f",
        "s"
    };
    private static final String[] SYNTAX = {
        "a",
        "b",
        "k",
        "s",
        "/",
        ".",
        "\\.",
        "\\/",
        "[ab]",
        "[^a]",
        "[a-b-]",
        "[]a]",
        "[\\d/]",
        "[[:alpha:]]",
        "\\w",
        "\\b",
        "a?",
        "b*",
        "/+?",
        "k{2}",
        "a{0,1}",
        "b{,2}",
        "a{1",
        "^",
        "$",
        "(a|b)",
        "(?:/k|)",
        "(?i)",
        "(?i:ks)",
        "(?-i:k)",
        "(?P<n>ab)",
        "|",
        "(",
        ")",
        "(?s)",
        "\\n",
        "\uD83D\uDE00?",
        "[k-s]",
        ".*",
        ".*?",
        "(.*/)?",
        "(?-s)",
        "(?-s:.*)",
        "\\Qa.\\E",
        "\\x61",
        "(?U)",
        "-",
        "{",
        "}"
    };

    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
            MATCHES    ¦ (/.*)?/etc/shadow-? ¦ /*/etc/shadow-|/*/etc/shadow|/etc/shadow-|/etc/shadow
            MATCHES    ¦ a[bc]d                ¦ abd|acd
            MATCHES    ¦ a[^b]d.*e             ¦ a*d*e
            MATCHES    ¦ \\.ssh/(a|b)\\d       ¦ .ssh/a*|.ssh/b*
            MATCHES    ¦ (?i)a-b               ¦ *-*
            MATCHES    ¦ x{2}y{3               ¦ x*y{3
            MATCHES    ¦ \\Qx\\E               ¦ *
            STARTS_WITH¦ /proc/                ¦ /proc/*
            ENDS_WITH  ¦ /mem                  ¦ */mem
            SUBSTRING  ¦ curl                  ¦ *curl*
            EQUAL      ¦ sh                    ¦ sh
            UNDER      ¦ /var/log/             ¦ /var/log|/var/log/*
            """)
    void saysWhatATextMustLookLike(Operator operator, String literal, String expected) {
        List<String> shapes = Shapes.of(operator, List.of(literal.replace("\\\\", "\\"))).all().stream()
                .map(Shape::toString)
                .toList();

        assertThat(shapes).containsExactlyInAnyOrder(expected.split("\\|"));
    }

    @Test
    void everyTextThatAnExpressionMatchesHasOneOfItsForms() {
        Random random = new Random(7);
        int matched = 0;
        int known = 0;
        int decided = 0;
        for (int i = 0; i < 40_000; i++) {
            String expression = pieces(random, SYNTAX, 6);
            Pattern pattern = compiled(expression);
            if (pattern == null) {
                continue;
            }
            Shapes forms = Shapes.of(Operator.MATCHES, List.of(expression));
            List<Shape> shapes = forms.all();
            known += shapes.contains(Shape.ANY) ? 0 : 1;
            for (int j = 0; j < 30; j++) {
                String text = j % 2 == 0 ? pieces(random, PIECES, 7) : filled(random, shapes);
                if (pattern.matches(text)) {
                    matched++;
                    assertThat(shapes).as("%s of %s", text, expression).anyMatch(s -> has(text, s));
                } else if (forms.sure()) {
                    decided++;
                    assertThat(shapes).as("%s, not of %s", text, expression).noneMatch(s -> has(text, s));
                }
            }
        }
        assertThat(matched).isGreaterThan(50_000);
        assertThat(known).isGreaterThan(5_000);
        assertThat(decided).isGreaterThan(5_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
            MATCHES     ¦ (.*/)?sys/(kernel|fs/cgroup)(/.*)? ¦ true
            MATCHES     ¦ .*/(a|b[cd])                       ¦ true
            MATCHES     ¦ (?s)a.*b                           ¦ true
            MATCHES     ¦ a.*?                               ¦ true
            MATCHES     ¦ (?-s)a.*                           ¦ false
            MATCHES     ¦ a.+                                ¦ false
            MATCHES     ¦ a.b                                ¦ false
            MATCHES     ¦ /proc/[0-9]/x                      ¦ false
            MATCHES     ¦ ^a                                 ¦ false
            MATCHES     ¦ (?i)1.*                            ¦ true
            MATCHES     ¦ (?i)a.*                            ¦ false
            MATCHES     ¦ a{2}                               ¦ false
            MATCHES     ¦ a.+|.*                             ¦ true
            IN_NETWORK  ¦ 10.0.0.0/8                         ¦ false
            STARTS_WITH ¦ /a                                 ¦ true
            UNDER       ¦ /a                                 ¦ true
            """)
    void knowsWhetherTheFormsDecide(Operator operator, String literal, boolean expected) {
        assertThat(Shapes.of(operator, List.of(literal)).sure()).isEqualTo(expected);
    }

    @Test
    void neverHasTooManyForms() {
        assertThat(Shapes.of(Operator.MATCHES, List.of("(a|b|c|d)".repeat(20))).all())
                .hasSizeLessThanOrEqualTo(Shapes.LIMIT);
        assertThat(Shapes.of(Operator.MATCHES, List.of("(".repeat(500) + "a" + ")".repeat(500)))
                        .all())
                .containsExactly(Shape.ANY);
        String numbers = IntStream.range(0, 600).mapToObj(Integer::toString).collect(Collectors.joining("|"));
        assertThat(Shapes.of(Operator.MATCHES, List.of("/etc/(" + numbers + ")/(a|b)"))
                        .all())
                .extracting(Shape::toString)
                .containsExactlyInAnyOrder("/etc/*/a", "/etc/*/b");
        assertThat(Shapes.of(Operator.MATCHES, List.of("(a|aa|aba)/(" + "xyx?|".repeat(300) + "x)/(1|2|3|4){1}"))
                        .all())
                .allMatch(s -> s.toString().startsWith("a"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
            (/.*)?/etc/g?shadow-?                    ¦ gshadow gshadow- shadow shadow-
            .*/\\.ssh/(id_[a-z]+|identity|.*\\.pem)  ¦ .ssh
            /proc/[0-9]+/(task/[0-9]+/)?mem          ¦ mem
            /proc/sys/(kernel|fs|dev)/.*             ¦ sys
            (/usr)?/lib/.*                           ¦ lib
            /etc/cron\\.(daily|weekly)/.*            ¦ cron.daily cron.weekly
            .*/token                                 ¦ token
            .*token                                  ¦
            /home/[^/]+                              ¦ home
            /a|.*                                    ¦
            """)
    void choosesRareComponents(String expression, String expected) {
        Set<String> components =
                PathComponents.of(Shapes.of(Operator.MATCHES, List.of(expression.replace("\\\\", "\\")))
                        .all());

        assertThat(components.stream().sorted().collect(Collectors.joining(" ")))
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void choosesSharedComponentsWhereTheLastOnesAreTooMany() {
        List<String> many = IntStream.range(0, 200)
                .mapToObj(i -> "/etc/app" + i % 3 + "/file" + i)
                .toList();

        assertThat(PathComponents.of(Shapes.of(Operator.IN, many).all()))
                .containsExactlyInAnyOrder("app0", "app1", "app2");
    }

    private static Pattern compiled(String expression) {
        try {
            return Pattern.compile(expression, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    private static String pieces(Random random, String[] of, int most) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(most) + 1; n > 0; n--) {
            text.append(of[random.nextInt(of.length)]);
        }
        return text.toString();
    }

    private static String filled(Random random, List<Shape> shapes) {
        if (shapes.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (char c : shapes.get(random.nextInt(shapes.size())).form().toCharArray()) {
            text.append(c == Shape.GAP ? random.nextBoolean() ? "" : pieces(random, PIECES, 2) : String.valueOf(c));
        }
        return text.toString();
    }

    private static boolean has(String text, Shape shape) {
        String expression = Arrays.stream(shape.form().split("" + Shape.GAP, -1))
                .map(java.util.regex.Pattern::quote)
                .collect(Collectors.joining("(?s:.*)"));
        return text.matches(expression);
    }
}
