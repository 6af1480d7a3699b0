// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import com.google.re2j.Pattern;

/** Shell patterns as RE2 expressions. */
final class Globs {
    private Globs() {}

    /** Whether a character of it is not only itself. */
    static boolean wild(String glob) {
        return glob.matches("(?s).*([*?\\[\\\\]|[@+!]\\().*");
    }

    /** The whole of a text; {@code *} and {@code ?} take slashes too, as fnmatch does without flags. */
    static String expression(String glob) throws NotTakenException {
        return new Reader(glob, ".").read();
    }

    /** A path below which everything fits; {@code *} and {@code ?} stay within a component. */
    static String prefix(String glob) throws NotTakenException {
        String trimmed = glob.endsWith("/") ? glob.substring(0, glob.length() - 1) : glob;
        return new Reader(trimmed, "[^/]").read() + "(/.*)?";
    }

    /** A pattern that has no expression. */
    static final class NotTakenException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        NotTakenException(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /** Goes through one pattern. */
    private static final class Reader {
        private final String glob;
        private final String any;
        private int at;

        Reader(String glob, String any) {
            this.glob = glob;
            this.any = any;
        }

        String read() throws NotTakenException {
            String expression = sequence(false);
            if (at < glob.length()) {
                throw new NotTakenException("`" + glob + "` closes a group that it does not open");
            }
            return expression;
        }

        private String sequence(boolean inGroup) throws NotTakenException {
            StringBuilder expression = new StringBuilder();
            while (at < glob.length()) {
                char c = glob.charAt(at);
                if (inGroup && (c == '|' || c == ')')) {
                    break;
                }
                if (at + 1 < glob.length() && glob.charAt(at + 1) == '(' && "?*+@!".indexOf(c) >= 0) {
                    expression.append(group(c));
                } else if (c == '*') {
                    expression.append(any).append('*');
                    at++;
                } else if (c == '?') {
                    expression.append(any);
                    at++;
                } else if (c == '[' && glob.indexOf(']', at + 2) > 0) {
                    expression.append(characters());
                } else {
                    at += c == '\\' && at + 1 < glob.length() ? 1 : 0;
                    expression.append(Pattern.quote(String.valueOf(glob.charAt(at++))));
                }
            }
            return expression.toString();
        }

        /** {@code @(a|b)} and its like; {@code !(a)} has no expression. */
        private String group(char kind) throws NotTakenException {
            if (kind == '!') {
                throw new NotTakenException("`!(` in `" + glob + "` has no regular expression: write `not ... glob`");
            }
            at += 2;
            StringBuilder expression = new StringBuilder("(").append(sequence(true));
            while (at < glob.length() && glob.charAt(at) == '|') {
                at++;
                expression.append('|').append(sequence(true));
            }
            if (at == glob.length()) {
                throw new NotTakenException("`" + glob + "` opens a group that it does not close");
            }
            at++;
            return expression.append(')').append(kind == '@' ? "" : kind).toString();
        }

        private String characters() {
            int close = glob.indexOf(']', at + 2);
            int nested = glob.indexOf("[:", at + 1);
            while (nested > 0 && nested < close && glob.indexOf(":]", nested) > 0) {
                close = glob.indexOf(']', glob.indexOf(":]", nested) + 2);
                nested = glob.indexOf("[:", nested + 2);
            }
            String inner = glob.substring(at + 1, close);
            boolean negated = inner.startsWith("!") || inner.startsWith("^");
            at = close + 1;
            String members = negated ? inner.substring(1) : inner;
            String quoted = members.replace("\\", "\\\\").replaceFirst("^]", "\\\\]");
            return (negated ? "[^" : "[") + quoted + "]";
        }
    }
}
