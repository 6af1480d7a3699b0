// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.snakeyaml.engine.v2.common.ScalarStyle;
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
    static Text of(Source source, ScalarNode scalar) {
        int[] offsets = offsets(source, scalar);
        return new Text(
                scalar.getValue(),
                List.of(new Piece(0, index -> source.position(offsets[Math.min(index, offsets.length - 1)]))));
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

    /**
     * Where each character of the value stands in the source: folding changes nothing but blanks and ends of lines, so that the
     * other characters come in the same order.
     */
    private static int[] offsets(Source source, ScalarNode scalar) {
        String text = source.text();
        int at = source.offset(scalar.getStartMark().orElseThrow());
        ScalarStyle style = scalar.getScalarStyle();
        if (style == ScalarStyle.FOLDED || style == ScalarStyle.LITERAL) {
            at = Math.max(at, text.indexOf('\n', at));
        } else if (style != ScalarStyle.PLAIN) {
            at++;
        }
        String value = scalar.getValue();
        int[] offsets = new int[value.length() + 1];
        for (int i = 0; i < value.length(); i++) {
            if (!Character.isWhitespace(value.charAt(i))) {
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                offsets[i] = Math.min(at++, text.length());
            } else {
                offsets[i] = Math.min(at, text.length());
            }
        }
        offsets[value.length()] = Math.min(at, text.length());
        return offsets;
    }
}
