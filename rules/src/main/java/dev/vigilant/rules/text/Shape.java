// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import java.util.Arrays;
import java.util.List;

/**
 * A form of text: literal pieces in their order, with gaps that anything may fill, nothing included. {@code "/proc/" GAP
 * "/mem"} is the form of every text that begins with the one and ends with the other.
 *
 * @param form the pieces with {@link #GAP} between them, never two gaps in a row
 */
public record Shape(String form) {
    /** Stands for any text; no character of Unicode. */
    public static final char GAP = '\uFFFF';

    /** The form of every text. */
    public static final Shape ANY = new Shape(String.valueOf(GAP));

    /** The form of one text only. A text that holds the mark of a gap is taken for wider than it is. */
    static Shape exactly(String text) {
        return new Shape(text.indexOf(GAP) < 0 ? text : text.replaceAll(GAP + "{2,}", String.valueOf(GAP)));
    }

    Shape then(Shape next) {
        boolean gaps = form.endsWith(ANY.form) && next.form.startsWith(ANY.form);
        return new Shape(form + (gaps ? next.form.substring(1) : next.form));
    }

    /** Whether only one text has this form. */
    public boolean exact() {
        return form.indexOf(GAP) < 0;
    }

    /** What comes before the first gap; the whole text when there is no gap. */
    public String prefix() {
        int gap = form.indexOf(GAP);
        return gap < 0 ? form : form.substring(0, gap);
    }

    /** What comes after the last gap; the whole text when there is no gap. */
    public String suffix() {
        return form.substring(form.lastIndexOf(GAP) + 1);
    }

    /** The pieces between the first and the last gap, in their order. */
    public List<String> infixes() {
        int first = form.indexOf(GAP);
        int last = form.lastIndexOf(GAP);
        return first == last
                ? List.of()
                : Arrays.asList(form.substring(first + 1, last).split(String.valueOf(GAP)));
    }

    /** The components of a path that every path of this form has as a whole, in their order. */
    List<String> components() {
        return Arrays.stream(form.split("/"))
                .filter(c -> !c.isEmpty() && c.indexOf(GAP) < 0)
                .toList();
    }

    /** The form of the paths that end in a component of this form. */
    public Shape asLastComponent() {
        return new Shape(GAP + "/").then(this);
    }

    /** The form of the paths whose directory has this form; that of a path with one component or none is {@code /}. */
    public Shape asDirectory() {
        return new Fit(this).test("/") ? ANY : then(new Shape("/" + GAP));
    }

    @Override
    public String toString() {
        return form.replace(GAP, '*');
    }
}
