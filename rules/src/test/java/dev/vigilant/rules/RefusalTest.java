// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.rules.ast.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '^', textBlock = """
            FileOpn( write )                                ¦ 4:5 unknown event type `FileOpn`: did you mean `FileOpen`?
            ProcessSnapshot( )                              ¦ 4:5 unknown event type `ProcessSnapshot`
            Object( )                                       ¦ 4:5 unknown event type `Object`
            FileOpen( file.pth == "x" )                     ¦ 4:20 unknown field `file.pth` of FileOpen: did you mean `file.path`?
            FileOpen( proces.name == "x" )                  ¦ 4:20 unknown field `proces` of FileOpen: did you mean `process`?
            FileOpen( file.path.length == 3 )               ¦ 4:20 unknown field `file.path.length` of FileOpen: `file.path` has no fields
            FileOpen( getClass == "x" )                     ¦ 4:20 unknown field `getClass`
            FileOpen( file.toString == "x" )                ¦ 4:20 unknown field `file.toString`
            FileOpen( flags str[startsWith] "x" )           ¦ 4:20 `flags` is a number and cannot be compared with str[startsWith]: only text can be searched
            FileOpen( file.path > 3 )                       ¦ 4:20 `file.path` is text and cannot be compared with >: only numbers have an order
            FileOpen( flags == "x" )                        ¦ 4:20 `flags` is a number and cannot be compared with ==: "x" is text
            FileOpen( flags contains 1 )                    ¦ 4:20 `flags` is a number and cannot be compared with contains: only text and lists contain
            FileOpen( file.path in ("a", 3) )               ¦ 4:20 `file.path` is text and cannot be compared with in: 3 is a number
            FileOpen( process.name in (Shels) )             ¦ 4:37 unknown list `Shels`: did you mean `Shells`?
            FileOpen( process.name memberOf Shels )         ¦ 4:42 unknown list `Shels`: did you mean `Shells`?
            FileOpen( process.name == Shells )              ¦ 4:36 `Shells` is a list: write `in (Shells)`
            FileOpen( file.path )                           ¦ 4:20 `file.path` is text, no condition: compare it, or write `file.path != null`
            FileOpen( file == "x" )                         ¦ 4:20 `file` is a structure and cannot be compared with ==
            FileOpen( file.path soundslike "x" )            ¦ 4:30 unknown operator `soundslike`
            FileOpen( file.path str[startswith] "x" )       ¦ 4:34 unknown operator `str[startswith]`: did you mean `startsWith`?
            FileOpen( file.path str[inNetwork] "10.0.0.0/33" ) ¦ 4:20 "10.0.0.0/33" is no network: write 10.0.0.0/8
            FileOpen( file.path matches "(a" )              ¦ 4:20 RE2 does not take the expression "(a"
            FileOpen( file.path matches "(a)\\\\1" )        ¦ 4:20 RE2 does not take the expression "(a)\\1"
            FileOpen( file.path matches "a\\.b" )           ¦ 4:38 unknown escape \\. in a string: write \\\\.
            FileOpen( file.path == "a" || == "b" )          ¦ 4:40 repeat the field
            FileOpen( flags == 1.5 )                        ¦ 4:29 `1.5` is no whole number
            FileOpen( $p : file.path )                      ¦ 4:20 fields are not bound
            FileOpen( System.exit(1) )                      ¦ 4:31 method calls are not part of the rule language
            FileOpen( process.commandLine() == "x" )        ¦ 4:39 method calls are not part of the rule language
            FileOpen( file!.path == "x" )                   ¦ 4:24 `!.` is not needed
            FileOpen( flags == mode + 1 )                   ¦ 4:34 arithmetic is not part of the rule language
            FileOpen( file.path == $x.file.path )           ¦ 4:33 no earlier pattern is bound to `$x`
            FileOpen( this after[0s,60s] $x )               ¦ 4:39 no earlier pattern is bound to `$x`
            FileOpen( "/x"; )                               ¦ 4:5 constraints without a field name
            FileOpen( eval( write ) )                       ¦ 4:20 `eval` cannot stand here
            FileOpen( ) or FileMkdir( )                     ¦ 4: `or` between patterns: write two rules
            FileOpen( ) over window:time(10s)               ¦ 4: windows over a pattern: write `this after[0s,60s] $x`
            FileOpen( ) from entry-point "x"                ¦ 4: from entry-point: there is one stream of events
            FileOpen( ) eval( true )                        ¦ 4: eval: rules run no Java
            FileOpen( ) forall( FileMkdir() )               ¦ 4: forall: write `not Type( ... )`
            FileOpen( ) accumulate( FileMkdir(); $c : count(1) )  ¦ 4:22 count() takes nothing
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : count() ) ¦ 4:22 `$c` is not asked for: add `; $c >= 20`
            FileOpen( ) accumulate( FileMkdir(); $c : count(); $c > 3 ) ¦ 4:22 unbounded: add after[0s,60s]
            FileOpen( ) accumulate( FileMkdir( this after[0s,5s] $e ); $c : count(); $c > 3 ) ¦ 4:22 counts what has not happened yet
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : count(); $c >= 0 ) ¦ 4:22 each number is as `$c` has to be
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : count(); $c > 3, $c < 2 ) ¦ 4:22 no number is as `$c` has to be
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : count(); $c != 3 ) ¦ 4:87 `!=` is no comparison of numbers
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : count(); $c > 20000 ) ¦ 4:22 counts no further than 9999
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : count(); $d > 3 ) ¦ 4:84 `$d` is no count: write `$c >= 20`
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : sum( flags ); $c > 3 ) ¦ 4:22 `sum` is not part of the rule language: count() counts
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $c : collectSet( $e.file.path ); $c.size > 3 ) ¦ 4:22 collectSet takes a field of the counted event
            FileOpen( ) accumulate( $m : FileMkdir( this before[0s,5s] $e ); $c : collectSet( $m.file ); $c.size > 3 ) ¦ 4:22 `file` is a structure: collectSet takes
            FileOpen( ) accumulate( FileMkdir() and FileOpen(); $c : count(); $c > 3 ) ¦ 4:22 accumulate counts the events of one pattern
            FileOpen( ) not( accumulate( FileMkdir( this before[0s,5s] $e ); $c : count(); $c > 3 ) ) ¦ accumulate within `not` or `exists`
            FileOpen( ) accumulate( FileMkdr(); $c : count(); $c > 3 ) ¦ unknown event type `FileMkdr`: did you mean `FileMkdir`?
            FileOpen( ) accumulate( FileMkdir( this before[0s,5s] $e ); $e : count(); $e > 3 ) ¦ `$e` is bound twice
            FileOpen( ) FileMkdir( )                        ¦ 4:5 unbounded: add after[0s,60s]
            FileOpen( ) FileMkdir( this after $e )          ¦ 4:38 unbounded: write `this after[0s,60s] $x`
            FileOpen( ) FileMkdir( this after[5s,x] $e )    ¦ 4:47 `x` is no duration
            FileOpen( ) not FileMkdir( this after[0s,5s] $e ) ¦ 4:26 `not` waits for what has not happened yet
            FileOpen( ) $e : FileMkdir( this after[0s,5s] $e ) ¦ 4: `$e` is bound twice
            FileOpen( ) not( FileMkdir() and FileOpen() )   ¦ 4: `not` and `exists` take one pattern
            FileOpen( ) exists $m : FileMkdir( this before[0s,5s] $e ) ¦ `$m` is bound within not or exists
            """)
    void refusesAPatternWithItsPlaceAndARemedy(String pattern, String expected) {
        List<Problem> refused = Rules.load(
                        Rules.rule("broken", "    $e : " + pattern), Rules.rule("sound", "$e : FileOpen()"))
                .refused();

        assertThat(refused).isNotEmpty();
        assertThat(shown(refused.get(0))).contains(expected);
        assertThat(refused).extracting(Problem::rule).containsOnly("broken");
    }

    @Test
    void anUnknownTypeIsToldOnceAndNotAlsoOfWhatNamesItsEvent() {
        assertThat(Rules.load(Rules.rule("broken", "    $e : FileOpn( write )")).refused())
                .hasSize(1);
    }

    private static String shown(Problem problem) {
        return problem.position().line()
                + (problem.position().column() > 0 ? ":" + problem.position().column() : ":") + " " + problem.reason();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            System.exit(1);                    | `System`: the right-hand side is data, never run: write `alert( $event );`
            alert( $e ); System.exit(1);       | `System` after alert: the right-hand side is data
            alert( $x );                       | alert names `$x`, which no pattern is bound to: did you mean `$e`?
            alert( );                          | alert takes the names of events
            alert( "x" );                      | alert takes the names of events
            modify( $e ) { }                   | `modify`: the right-hand side is data
            /* nothing */                      | no alert: the right-hand side is data
            """)
    void refusesARightHandSideOtherThanAlert(String then, String expected) {
        List<Problem> refused = Rules.load(
                        Rules.rule("broken", "$e : FileOpen()", then), Rules.rule("sound", "$e : FileOpen()"))
                .refused();

        assertThat(refused).extracting(Problem::reason).first().asString().contains(expected);
        assertThat(refused.get(0).position().line()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            @severity("error") @description("d")                       | 2 no @id: add @id("...")
            @id("Bad Id") @severity("error") @description("d")         | 2 @id("Bad Id"): write it in lower case with dashes
            @id("a") @description("d")                                 | 2 no @severity: add one of emergency, alert
            @id("a") @severity("criticl") @description("d")            | 2 unknown severity `criticl`: did you mean `critical`?
            @id("a") @severity("error")                                | 2 no @description
            @id("a") @severity("error") @description("d") @technique("T16")      | 2 @technique("T16"): write T1611 or T1059.004
            @id("a") @severity("error") @description("d") @message("{file.pth}") | 2 @message: unknown field `file.pth` of FileOpen
            @id("a") @severity("error") @description("d") @message("{file}")     | 2 @message: `file` is a structure
            @id("a") @severity("error") @description("d") @message("{file.path") | 2 @message: `{` without `}`
            @id("a") @id("b") @severity("error") @description("d")     | 2 @id stands twice
            @id("a") @severity("error") @description("d") salience 10  | 2 salience: rules have no order
            @id("a") @severity("error") @description("d") dialect "mvel" | 2 dialect: rules have no dialect
            @id("a") @severity("error") @description("d") @limit("often")      | 2 @limit("often"): write "1 per 5m", or
            @id("a") @severity("error") @description("d") @limit("0 per 5m")   | 2 @limit("0 per 5m"): write "1 per 5m", or
            @id("a") @severity("error") @description("d") @limit("1 per 5m by file.pth") | 2 @limit: unknown field `file.pth` of FileOpen
            extends "x" @id("a") @severity("error") @description("d")  | 2 extends: write the conditions of "x"
            """)
    void refusesWrongMetadata(String metadata, String expected) {
        List<Problem> refused = Rules.load("rule \"r\" " + metadata + "\nwhen $e : FileOpen() then alert( $e ); end")
                .refused();

        assertThat(refused).isNotEmpty();
        assertThat(refused.get(0).position().line() + " " + refused.get(0).reason())
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            import java.util.List;                       | 2 import of java.util.List: rules see the events
            global java.io.PrintStream out;              | 2 global out: rules have no globals
            function void f() { System.exit(1); }        | 2 function f: rules run no Java
            declare Foo a : String end                   | 2 declare Foo: event types are fixed
            query "q" FileOpen() end                     | 2 queries are not part of the rule language
            """)
    void refusesOtherStatementsAndGoesOnWithTheRules(String statement, String expected) {
        RuleSet set = Rules.load(statement + "\n", Rules.rule("sound", "$e : FileOpen()"));

        assertThat(set.refused()).hasSize(1);
        assertThat(set.refused().get(0).position().line() + " "
                        + set.refused().get(0).reason())
                .contains(expected);
        assertThat(set.describe()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            rule "r" when $e : FileOpen( flags = 3 ) then end       | 2:36 syntax error: mismatched input '=' in rule "r"
            rule "r" when $e : FileOpen( flags == 3, ) then end     | 2:42 syntax error: no viable alternative at input ')'
            rule "r" when $e : FileOpen( file.path under "/x" ) then end | 2:40 syntax error: mismatched input 'under'
            rull "r" when then end                                  | 2:1 syntax error: mismatched input 'rull'
            rule "r" when $e : FileOpen( file.path == "x ) then end | syntax error: the file ends within a string
            """)
    void tellsSyntaxErrorsWithTheirPlaceAndGoesOnWithOtherFiles(String text, String expected) {
        RuleSet set = RuleLoader.load(List.of(
                new RuleSource("bad.drl", "package vigilant.test;\n" + text),
                new RuleSource("good.drl", "package vigilant.good;\n" + Rules.rule("sound", "$e : FileOpen()"))));

        assertThat(set.refused()).isNotEmpty();
        assertThat(shown(set.refused().get(0))).contains(expected);
        assertThat(set.refused()).extracting(p -> p.position().file()).containsOnly("bad.drl");
        assertThat(set.describe()).hasSize(1);
    }

    @Test
    void refusesTheSecondRuleOfAnId() {
        RuleSet set = Rules.load(Rules.rule("a", "$e : FileOpen()"), Rules.rule("a", "$e : FileMkdir()"));

        assertThat(set.describe()).hasSize(1);
        assertThat(set.refused().get(0).toString())
                .isEqualTo("test.drl:8: rule \"a\": @id(\"a\") is taken by the rule at test.drl:2: ids are unique");
    }

    @Test
    void warnsOfAnUnknownAnnotation() {
        RuleSet set = Rules.sound("rule \"r\" @id(\"a\") @severity(\"info\") @description(\"d\") @tag(\"x\")\n"
                + "when $e : FileOpen() then alert( $e ); end");

        assertThat(set.warnings())
                .extracting(Problem::reason)
                .containsExactly("unknown annotation @tag: did you mean `tags`?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            A: [x\\n                  | 1: not YAML
            A: x                      | 1:1 list A is no list
            - x                       | 1:1 a list file maps names to lists
            A-b: [x]                  | 1:1 the name of a list has letters
            A: [x, [y]]               | 1:8 list A holds something that is no text
            A: [$B]                   | 1:5 unknown list `$B`
            A: [$A]                   | 1:1 list A contains itself
            A: [x, 3]                 | 1:1 list A mixes text with numbers
            """)
    void refusesListsThatAreNone(String yaml, String expected) {
        RuleSet set = RuleLoader.load(List.of(new RuleSource("x.lists.yaml", yaml.replace("\\n", "\n"))));

        assertThat(set.refused()).isNotEmpty();
        String shown = shown(set.refused().get(0));
        assertThat(shown).contains(expected.substring(expected.indexOf(' ') + 1));
        assertThat(shown).startsWith(expected.contains("not YAML") ? "" : expected.split(" ")[0]);
    }

    @Test
    void warnsWhenALaterFileReplacesAList() {
        RuleSet set = RuleLoader.load(
                List.of(new RuleSource("a.lists.yaml", "A: [x]"), new RuleSource("b.lists.yaml", "B: [$A]\nA: [y]")));

        assertThat(set.warnings())
                .extracting(Problem::toString)
                .containsExactly("b.lists.yaml:2:1: list A replaces the one at a.lists.yaml:1:1");
        assertThat(set.lists()).containsEntry("B", List.of("y"));
    }
}
