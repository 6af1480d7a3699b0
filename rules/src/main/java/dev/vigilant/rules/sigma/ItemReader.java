// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import com.google.re2j.PatternSyntaxException;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.yaml.YamlValue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code field|modifier|modifier: values}. The modifiers are done in their order. */
final class ItemReader {
    private static final Map<String, Item.How> NUMBERS = Map.of(
            "lt", Item.How.LESS,
            "lte", Item.How.LESS_OR_EQUAL,
            "gt", Item.How.GREATER,
            "gte", Item.How.GREATER_OR_EQUAL);
    private static final Set<String> TIMES = Set.of("minute", "hour", "day", "week", "month", "year");
    private static final Set<String> KNOWN = Set.of(
            "contains",
            "startswith",
            "endswith",
            "all",
            "re",
            "i",
            "m",
            "s",
            "cidr",
            "base64",
            "base64offset",
            "utf16",
            "utf16le",
            "utf16be",
            "wide",
            "windash",
            "exists",
            "fieldref",
            "cased",
            "expand",
            "neq",
            "lt",
            "lte",
            "gt",
            "gte");
    private static final Set<String> ENCODINGS = Set.of("utf16", "utf16le", "utf16be", "wide");
    private static final Pattern PLACEHOLDER = Pattern.compile("%[^%\\s]+%");
    private static final Pattern DASH = Pattern.compile("(?<!\\w)[-/](?=\\w)");
    private static final List<String> DASHES = List.of("-", "/", "\u2013", "\u2014", "\u2015");

    private final @Nullable String field;
    private final List<String> modifiers;
    private final Position position;
    private final List<String> texts = new ArrayList<>();
    private List<List<Wild>> values = new ArrayList<>();
    private boolean missing;
    private Item.How how = Item.How.TEXT;

    private ItemReader(String key, YamlValue value) throws RefusedException {
        List<String> parts = Arrays.asList(key.split("\\|", -1));
        this.field = parts.get(0).isEmpty() ? null : parts.get(0);
        this.modifiers = parts.subList(1, parts.size());
        this.position = value.position();
        List<YamlValue> listed = value.value() == null ? List.of(value) : value.list();
        for (YamlValue one : listed) {
            if (one.value() == null) {
                missing = true;
            } else if (one.isScalar()) {
                texts.add(one.text());
            } else {
                throw refused("`" + key + "` takes a text, a number or a list of such");
            }
        }
    }

    static Item read(String key, YamlValue value) throws RefusedException {
        return new ItemReader(key, value).item();
    }

    /** Texts that are looked for anywhere. */
    static Item keywords(YamlValue value) throws RefusedException {
        return new ItemReader("|contains", value).item();
    }

    private RefusedException refused(String reason) {
        return new RefusedException(position, reason);
    }

    private Item item() throws RefusedException {
        for (String modifier : modifiers) {
            if (TIMES.contains(modifier)) {
                throw refused("`" + modifier + "` takes a part of a time, which no field here is");
            }
            if (!KNOWN.contains(modifier)) {
                throw refused("unknown modifier `" + modifier + "`"
                        + Nearest.hint(modifier, KNOWN, ": those of Sigma 2.1 are known"));
            }
        }
        boolean expression = modifiers.contains("re");
        boolean raw = expression
                || modifiers.contains("cidr")
                || modifiers.contains("fieldref")
                || modifiers.contains("exists");
        texts.forEach(t -> values.add(List.of(raw ? Wild.plain(t) : Wild.parse(t))));
        if (field == null && !modifiers.contains("contains") && !expression) {
            each(v -> v.within(true, true));
        }
        for (String modifier : modifiers) {
            modify(modifier);
        }
        if (values.stream().flatMap(List::stream).anyMatch(Wild::isBytes)) {
            throw refused("texts in UTF-16 are looked for in base64: write `wide|base64offset|contains`");
        }
        if (how == Item.How.EXPRESSION) {
            expressions();
        }
        boolean negated = modifiers.contains("neq");
        boolean cased = modifiers.contains("cased") || how == Item.How.EXPRESSION;
        return new Item(field, how, values, modifiers.contains("all"), cased, negated, missing, position);
    }

    private void modify(String modifier) throws RefusedException {
        switch (modifier) {
            case "contains" -> open(true, true);
            case "startswith" -> open(false, true);
            case "endswith" -> open(true, false);
            case "re" -> how = Item.How.EXPRESSION;
            case "cidr" -> how = Item.How.CIDR;
            case "exists" -> how = Item.How.EXISTS;
            case "fieldref" -> fieldref();
            case "lt", "lte", "gt", "gte" -> how = NUMBERS.getOrDefault(modifier, how);
            case "base64" -> encoded(modifier, v -> List.of(Wild.plain(base64(v.bytes()))));
            case "base64offset" -> encoded(modifier, v -> offsets(v.bytes()));
            case "utf16", "utf16le", "utf16be", "wide" -> encoded(modifier, v -> List.of(utf16(modifier, v)));
            case "windash" -> flat(ItemReader::dashes);
            case "expand" -> {
                for (String text : texts) {
                    if (PLACEHOLDER.matcher(text).find()) {
                        throw refused("nobody says what the placeholder in `" + text
                                + "` stands for: write the values in its place");
                    }
                }
            }
            default -> {
                // all, cased, neq and the flags of expressions are about the whole.
            }
        }
    }

    /** The modifier that says how stands before this one or after it. */
    private void fieldref() {
        how = modifiers.contains("contains")
                ? Item.How.FIELD_CONTAINS
                : modifiers.contains("startswith")
                        ? Item.How.FIELD_STARTS
                        : modifiers.contains("endswith") ? Item.How.FIELD_ENDS : Item.How.FIELD;
    }

    private void open(boolean start, boolean end) throws RefusedException {
        if (modifiers.contains("re") || modifiers.contains("cidr")) {
            throw refused("an expression or a network is not looked for as a text: leave one of the modifiers out");
        }
        if (!modifiers.contains("fieldref")) {
            each(v -> v.within(start, end));
        }
    }

    private void each(Function<Wild, Wild> change) {
        flat(v -> List.of(change.apply(v)));
    }

    private void flat(Function<Wild, List<Wild>> change) {
        values = values.stream()
                .map(group -> group.stream()
                        .flatMap(v -> change.apply(v).stream())
                        .distinct()
                        .toList())
                .toList();
    }

    private void encoded(String modifier, Function<Wild, List<Wild>> change) throws RefusedException {
        boolean again = ENCODINGS.contains(modifier)
                && values.stream().flatMap(List::stream).anyMatch(Wild::isBytes);
        if (again || values.stream().flatMap(List::stream).anyMatch(Wild::hasWildcards)) {
            throw refused("`" + modifier + "` takes plain texts: write `contains` after it, and no wildcards");
        }
        flat(change);
    }

    private static Wild utf16(String modifier, Wild value) {
        Charset charset = modifier.equals("utf16be") ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
        return Wild.ofBytes(((modifier.equals("utf16") ? "\uFEFF" : "") + value.form()).getBytes(charset));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What is the same in base64 wherever the text begins, for each of the three places in a group of bytes. */
    private static List<Wild> offsets(byte[] bytes) {
        int[] starts = {0, 2, 3};
        int[] ends = {0, 3, 2};
        List<Wild> all = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String whole = base64(shifted);
            int cut = ends[shifted.length % 3];
            if (whole.length() - cut > starts[offset]) {
                all.add(Wild.plain(whole.substring(starts[offset], whole.length() - cut)));
            }
        }
        return all;
    }

    /** A dash or slash at the beginning of a word may be each of them. */
    private static List<Wild> dashes(Wild value) {
        List<String> all = List.of("");
        int at = 0;
        var places = DASH.matcher(value.form());
        while (places.find()) {
            String between = value.form().substring(at, places.start());
            all = all.stream()
                    .flatMap(before -> DASHES.stream().map(dash -> before + between + dash))
                    .toList();
            at = places.end();
        }
        String rest = value.form().substring(at);
        return all.stream().map(before -> Wild.plain(before + rest)).toList();
    }

    private void expressions() throws RefusedException {
        StringBuilder flags = new StringBuilder();
        List.of("i", "m", "s").stream().filter(modifiers::contains).forEach(flags::append);
        try {
            each(v -> {
                String inner = flags.isEmpty() ? "(?:" + v.form() + ")" : "(?" + flags + ":" + v.form() + ")";
                com.google.re2j.Pattern.compile(inner);
                return Wild.plain(".*" + inner + ".*");
            });
        } catch (PatternSyntaxException e) {
            throw refused("RE2 does not take the expression \"" + e.getPattern() + "\": " + e.getDescription()
                    + "; it knows neither look-around nor back references");
        }
    }
}
