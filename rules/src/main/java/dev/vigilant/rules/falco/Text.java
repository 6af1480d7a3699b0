// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A text of a rule file, or of several, that knows where each of its characters stands. */
final class Text {
    private final String value;
    private final List<Piece> pieces;

    /**
     * A stretch of the text.
     *
     * @param from index of its first character
     * @param places where its characters stand, by their index in the piece
     */
    private record Piece(int from, IntFunction<Position> places) {}

    private Text(String value, List<Piece> pieces) {
        this.value = value;
        this.pieces = pieces;
    }

    /** A text that was made, and stands for what is at one place. */
    static Text at(String value, Position position) {
        return new Text(value, List.of(new Piece(0, index -> position)));
    }

    /** A scalar of a YAML file. */
    static Text of(String file, String source, ScalarNode scalar) {
        String value = scalar.getValue();
        return new Text(value, List.of(new Piece(0, index -> place(file, source, scalar, index))));
    }

    String value() {
        return value;
    }

    /** Where the character stands. */
    Position position(int index) {
        Piece last = pieces.get(0);
        for (Piece piece : pieces) {
            last = piece.from() <= index ? piece : last;
        }
        return last.places().apply(index - last.from());
    }

    /** Both texts with a blank between them, as Falco appends. */
    Text then(Text more) {
        List<Piece> all = new ArrayList<>(pieces);
        int from = value.length() + 1;
        more.pieces.forEach(p -> all.add(new Piece(from + p.from(), p.places())));
        return new Text(value + " " + more.value, all);
    }

    /** Folding changes nothing but blanks and ends of lines, so that the other characters can be counted in the source. */
    private static Position place(String file, String source, ScalarNode scalar, int index) {
        Mark start = scalar.getStartMark().orElseThrow();
        int at = 0;
        for (int line = 0; line < start.getLine(); line++) {
            at = source.indexOf('\n', at) + 1;
        }
        at += start.getColumn();
        ScalarStyle style = scalar.getScalarStyle();
        if (style == ScalarStyle.FOLDED || style == ScalarStyle.LITERAL) {
            at = Math.max(at, source.indexOf('\n', at));
        } else if (style != ScalarStyle.PLAIN) {
            at++;
        }
        String before = scalar.getValue().substring(0, index);
        long left = before.chars().filter(c -> !Character.isWhitespace(c)).count();
        while (at < source.length() && (left > 0 || Character.isWhitespace(source.charAt(at)))) {
            left -= Character.isWhitespace(source.charAt(at)) ? 0 : 1;
            at++;
        }
        int line = 1;
        int begin = 0;
        for (int end = source.indexOf('\n'); end >= 0 && end < at; end = source.indexOf('\n', end + 1)) {
            line++;
            begin = end + 1;
        }
        return new Position(file, line, Math.min(at, source.length()) - begin + 1);
    }
}
