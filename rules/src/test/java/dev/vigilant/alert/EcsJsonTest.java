// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.Process;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.event.UserRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EcsJsonTest {
    private static final long TIME = 1_790_000_000_000_000_042L;
    private static final Credentials ROOT = new Credentials(1000, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final EcsJson JSON = new EcsJson(new Host("node-a", "c2b1", "6.18.0", "x86_64"));
    private static final Container CONTAINER = new Container(
            "ab".repeat(32),
            "docker",
            true,
            "web",
            "nginx:1.27",
            "sha256:0a",
            7,
            true,
            List.of(),
            List.of(),
            Map.of(),
            new Container.Pod("0b5b", "web-7d", "shop", "web"));

    @Test
    void readsBackWhenTheRuleFired() {
        Process shell = process(20, "sh", null, "sh", "-c", "\"created\":\"2001-01-01T00:00:00Z\"");
        byte[] document = JSON.alert(alert(open(shell, CONTAINER, "/x\"created\":\"2001-01-01T00:00:00Z\"")));

        assertThat(EcsJson.raised(document)).isEqualTo("2026-09-21T14:13:21.000000042Z");
        assertThat(EcsJson.raised("{}".getBytes(StandardCharsets.UTF_8))).isNull();
        assertThat(EcsJson.raised("{\"created\":\"soon".getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }

    @Test
    void saysAnAlertInTheContractsNames() throws IOException {
        Process nginx = process(10, "nginx", null, "nginx");
        Process shell = process(20, "sh", nginx, "sh", "-c", "echo x");
        KernelEvent event = open(shell, CONTAINER, "/sys/fs/cgroup/release_agent");
        JsonNode alert = parse(JSON.alert(alert(event)));

        Map<String, String> expected = new TreeMap<>(Map.ofEntries(
                Map.entry("/@timestamp", "2026-09-21T14:13:20.000000042Z"),
                Map.entry("/rule/id", "escape-release-agent"),
                Map.entry("/rule/name", "Release agent written"),
                Map.entry("/rule/ruleset", "vigilant.escape"),
                Map.entry("/event/kind", "alert"),
                Map.entry("/event/severity", "2"),
                Map.entry("/event/action", "open"),
                Map.entry("/event/outcome", "success"),
                Map.entry("/event/category", "[\"intrusion_detection\",\"file\"]"),
                Map.entry("/event/type", "[\"change\"]"),
                Map.entry("/event/created", "2026-09-21T14:13:21.000000042Z"),
                Map.entry("/log/level", "critical"),
                Map.entry("/message", "m"),
                Map.entry("/tags", "[\"container\"]"),
                Map.entry("/threat/technique/id", "[\"T1611\"]"),
                Map.entry("/host/name", "node-a"),
                Map.entry("/host/os/kernel", "6.18.0"),
                Map.entry("/process/pid", "20"),
                Map.entry("/process/args", "[\"sh\",\"-c\",\"echo x\"]"),
                Map.entry("/process/command_line", "sh -c echo x"),
                Map.entry("/process/parent/name", "nginx"),
                Map.entry("/process/ancestors/0/pid", "10"),
                Map.entry("/user/id", "0"),
                Map.entry("/user/effective/id", "0"),
                Map.entry("/user/audit/id", "1000"),
                Map.entry("/file/path", "/sys/fs/cgroup/release_agent"),
                Map.entry("/file/name", "release_agent"),
                Map.entry("/container/id", "ab".repeat(32)),
                Map.entry("/container/name", "web"),
                Map.entry("/container/image/name", "nginx:1.27"),
                Map.entry("/container/runtime", "docker"),
                Map.entry("/orchestrator/namespace", "shop"),
                Map.entry("/orchestrator/resource/name", "web-7d"),
                Map.entry("/vigilant/id", "01"),
                Map.entry("/vigilant/sequence", "7"),
                Map.entry("/vigilant/sensor", "audit"),
                Map.entry("/vigilant/raw", "audit(1.0:7): x"),
                Map.entry("/vigilant/coverage/lost", "3"),
                Map.entry("/vigilant/evidence/0/file/name", "release_agent"),
                Map.entry("/vigilant/evidence/0/vigilant/event/file_open/flags", "1")));
        Map<String, String> actual = new TreeMap<>();
        expected.keySet()
                .forEach(p -> actual.put(
                        p,
                        alert.at(p).isValueNode()
                                ? alert.at(p).asText()
                                : alert.at(p).toString()));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void leavesOutWhatIsMissing() throws IOException {
        KernelEvent event =
                new FileOpen(Context.of(TIME, Origin.AUDIT, Actor.NONE), FileTarget.ofPath("/x"), 0, 0, false);
        byte[] bytes = JSON.event(event);

        assertThat(new String(bytes, StandardCharsets.US_ASCII)).doesNotContain("null");
        JsonNode json = parse(bytes);
        for (String absent : List.of("process", "container", "user", "orchestrator", "threat", "source")) {
            assertThat(json.has(absent)).as(absent).isFalse();
        }
        assertThat(json.at("/event/outcome").asText()).isEqualTo("unknown");
        assertThat(json.at("/vigilant/event/file_open/write").asBoolean()).isFalse();
    }

    @Test
    void letsNoByteOfAnAttackerBreakTheLineOrTheTerminal() throws IOException {
        String evil = "/tmp/\n\u001b[2J\u0000\u007f\u009b\u202e\"\\\ud800\u2028x";
        byte[] bytes = JSON.event(open(process(1, evil, null, evil), null, evil));

        for (byte b : bytes) {
            assertThat(b).isBetween((byte) ' ', (byte) '~');
        }
        assertThat(parse(bytes).at("/file/path").asText()).isEqualTo(evil);
    }

    @Test
    void cutsWhatIsTooLong() throws IOException {
        String[] args = new String[1000];
        java.util.Arrays.fill(args, "a".repeat(200));
        Process deep = process(1, "x", null, args);
        for (int i = 0; i < 200; i++) {
            deep = process(i + 2, "x", deep, args);
        }
        byte[] bytes = JSON.event(open(deep, null, "/" + "p".repeat(100_000)));
        JsonNode json = parse(bytes);

        assertThat(json.at("/process/command_line").asText())
                .hasSizeLessThan(8300)
                .endsWith("[cut]");
        assertThat(json.at("/process/args_count").asInt()).isEqualTo(1000);
        assertThat(json.at("/process/args").toString()).hasSizeLessThan(9000);
        assertThat(json.at("/file/path").asText()).hasSizeLessThan(8300);
        assertThat(json.at("/process/ancestors").size()).isLessThanOrEqualTo(Process.MAX_DEPTH);
    }

    @Test
    void saysAddressesAndFields() throws IOException {
        Context context = context(null, null);
        JsonNode connect =
                parse(JSON.event(new NetworkConnect(context, 3, new SocketAddress(2, "10.0.0.1", 4444, null, null))));
        JsonNode login =
                parse(JSON.event(new UserRecord(context, "USER_LOGIN", Map.of("acct", "root", "res", "failed"))));

        assertThat(connect.at("/destination/ip").asText()).isEqualTo("10.0.0.1");
        assertThat(connect.at("/destination/port").asInt()).isEqualTo(4444);
        assertThat(connect.at("/process/pid").asInt()).isEqualTo(5);
        assertThat(login.at("/vigilant/event/user_record/fields/acct").asText()).isEqualTo("root");
    }

    @Test
    void namesCapabilitiesWhereTheyAreKnown() throws IOException {
        Process bare = process(1, "ping", null);
        Process known = new Process(
                1,
                TIME,
                "ping",
                null,
                false,
                List.of(),
                null,
                ROOT,
                null,
                null,
                null,
                false,
                null,
                new Capabilities(0x2000, 1L << 41 | 0x202000),
                0,
                Map.of());
        JsonNode told = parse(JSON.event(open(known, null, "/x"))).at("/process/thread/capabilities");

        assertThat(told.at("/effective").toString()).isEqualTo("[\"CAP_NET_RAW\"]");
        assertThat(told.at("/permitted").toString()).isEqualTo("[\"CAP_NET_RAW\",\"CAP_SYS_ADMIN\",\"41\"]");
        assertThat(parse(JSON.event(open(bare, null, "/x"))).at("/process").has("thread"))
                .isFalse();
    }

    /** What was written before is copied only for the very same process, container and event. */
    @Test
    void writesTheSameWhateverItWroteBefore() {
        Process parent = process(10, "nginx", null, "nginx");
        Process otherParent = process(10, "nginx", null, "nginx", "-t");
        Container renamed = Container.undescribed(CONTAINER.id(), "podman");
        List<KernelEvent> events = List.of(
                open(process(20, "sh", parent, "sh"), CONTAINER, "/a"),
                open(process(20, "sh", otherParent, "sh"), CONTAINER, "/a"),
                open(process(20, "sh", parent, "sh"), renamed, "/b"),
                open(process(20, "sh", parent, "sh", "x".repeat(9000)), null, "/b"));
        for (int round = 0; round < 2; round++) {
            for (KernelEvent first : events) {
                for (KernelEvent second : events) {
                    Alert alert = alert(second, List.of(first, second));
                    byte[] fresh = new EcsJson(new Host("node-a", "c2b1", "6.18.0", "x86_64")).alert(alert);

                    assertThat(JSON.alert(alert)).asString().isEqualTo(new String(fresh, StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static Alert alert(KernelEvent event) {
        return alert(event, List.of(event));
    }

    private static Alert alert(KernelEvent event, List<KernelEvent> evidence) {
        RuleDescription rule = new RuleDescription(
                "escape-release-agent",
                "Release agent written",
                "vigilant.escape",
                "d",
                Severity.CRITICAL,
                List.of("T1611"),
                List.of("container"),
                "",
                null,
                "x.drl",
                3);
        return new Alert("01", 7, rule, "m", event, evidence, TIME + 1_000_000_000L, new Alert.Coverage(3, true, true));
    }

    private static FileOpen open(Process process, Container container, String path) {
        return new FileOpen(context(process, container), FileTarget.ofPath(path), 1, 0, false);
    }

    private static Context context(Process process, Container container) {
        Actor actor = new Actor(5, 4, ROOT, "sh", "/bin/sh", false, "/", null, 3, null);
        Context context = new Context(
                TIME,
                Origin.AUDIT,
                7,
                actor,
                "openat",
                "x86_64",
                3,
                Outcome.SUCCESS,
                true,
                "audit(1.0:7): x".getBytes(StandardCharsets.UTF_8));
        context.identify(process, container);
        return context;
    }

    private static Process process(int pid, String name, Process parent, String... args) {
        return new Process(
                pid, TIME, name, "/bin/" + name, false, List.of(args), "/", ROOT, null, parent, null, false, null);
    }

    private static JsonNode parse(byte[] bytes) throws IOException {
        return new ObjectMapper().readTree(bytes);
    }
}
