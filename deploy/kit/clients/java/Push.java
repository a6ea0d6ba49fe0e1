import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.file.*;
import java.time.*;
import java.util.*;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Push a file of events, one CloudEvent a line. Needs Java 17 and Jackson (pom.xml).
 *
 * URL=http://127.0.0.1:8001 TOKEN_URL=http://127.0.0.1:8100/oauth2/token \
 * CLIENT_ID=platform:91510600MA00000172 CLIENT_SECRET=... java -cp 'target/lib/*' Push.java events.jsonl
 *
 * SIGNING_SECRET (whsec_...) signs the pushes; BATCH is how many events go in one. Prints each rejected event. Ends with 0
 * where every event was accepted, 1 where some were rejected, 2 where a batch could not be delivered.
 */
public class Push {
    static final int MOST_EVENTS = 5000, MOST_BYTES = 8 * 1024 * 1024, TRIES = 10, LONGEST_WAIT = 30;
    static final ObjectMapper JSON = new ObjectMapper();
    static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final Map<String, String> GIVEN = System.getenv();
    static String token = "";
    static Instant tokenUntil = Instant.MIN;

    /** A push that the gateway does not take, or that nobody answered for too long. */
    static class Undelivered extends Exception { Undelivered(String what) { super(what); } }

    /** Not now. `after`: the seconds to wait as the answer says, null where it does not. */
    static class Busy extends IOException {
        final Double after;

        Busy(String after, String what) {
            super(what);
            this.after = after.matches("\\d+") ? Double.valueOf(after) : null;
        }
    }

    record Answer(int status, String retryAfter, JsonNode said) {}

    static boolean mayPass(int status) { return status == 408 || status == 429 || status >= 500; }

    /** POST; gives status and JSON, whatever the status. No JSON: something in front of the gateway answers. */
    static Answer send(String url, byte[] body, Map<String, String> headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60));
        headers.forEach(request::header);
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        var json = answer.headers().firstValue("content-type").orElse("").contains("json");
        var said = json ? JSON.readTree(answer.body()) : JSON.createObjectNode();
        return new Answer(answer.statusCode(), answer.headers().firstValue("retry-after").orElse(""), said);
    }

    /** An access token by OAuth 2 client credentials; it is kept until a minute before it ends. */
    static String token() throws IOException, InterruptedException, Undelivered {
        if (Instant.now().isAfter(tokenUntil)) {
            var form = "grant_type=client_credentials&client_id=" + URLEncoder.encode(GIVEN.get("CLIENT_ID"), UTF_8)
                + "&client_secret=" + URLEncoder.encode(GIVEN.get("CLIENT_SECRET"), UTF_8);
            var answer = send(GIVEN.get("TOKEN_URL"), form.getBytes(UTF_8),
                Map.of("Content-Type", "application/x-www-form-urlencoded"));
            if (mayPass(answer.status)) throw new Busy("", "token: " + answer.status);
            if (answer.status != 200) throw new Undelivered("no token: " + answer.status + " " + answer.said.path("error"));
            token = answer.said.get("access_token").asText();
            tokenUntil = Instant.now().plusSeconds(answer.said.get("expires_in").asLong() - 60);
        }
        return token;
    }

    /** Standard Webhooks: over the body as it is before gzip. Good for five minutes, so each try is signed anew. */
    static Map<String, String> signature(String secret, byte[] body) throws Exception {
        String id = "msg_" + UUID.randomUUID(), timestamp = Long.toString(Instant.now().getEpochSecond());
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
        var signed = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        return Map.of("webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature", signed);
    }

    /** Delivers one batch and gives its receipt. It is sent again, with the same events, until its fate is known: what was
     * taken already is passed over. */
    static JsonNode push(List<String> events) throws Exception {
        var body = String.join("\n", events).getBytes(UTF_8);
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) { gzip.write(body); }
        var renewed = false;
        for (var attempt = 0; attempt < TRIES; attempt++) {
            try {
                var headers = new HashMap<>(Map.of("Authorization", "Bearer " + token(),
                    "Content-Type", "application/x-ndjson", "Content-Encoding", "gzip"));
                if (GIVEN.containsKey("SIGNING_SECRET")) headers.putAll(signature(GIVEN.get("SIGNING_SECRET"), body));
                var answer = send(GIVEN.get("URL") + "/v1/platform-events", packed.toByteArray(), headers);
                if (answer.status == 202) return answer.said;
                var kind = answer.said.path("type").asText();
                if (answer.status == 401 && kind.endsWith("/unauthenticated") && !renewed) { // the token ended early
                    renewed = true;
                    tokenUntil = Instant.MIN;
                    throw new Busy("0", "the token is not valid any more");
                }
                var what = answer.status + " " + kind + " " + answer.said.path("title").asText();
                if (!mayPass(answer.status)) throw new Undelivered(what);
                throw new Busy(answer.retryAfter, what + " " + answer.said.path("receipt").asText());
            } catch (IOException error) { // Busy; or no connection, or it broke
                var wait = Math.min(LONGEST_WAIT, 0.5 * (1 << attempt)) * (0.5 + Math.random() / 2);
                if (error instanceof Busy busy && busy.after != null) wait = busy.after;
                System.err.printf("try %d of %d: %s; again in %.1f s%n", attempt + 1, TRIES, error.getMessage(), wait);
                Thread.sleep((long) (wait * 1000));
            }
        }
        throw new Undelivered("not delivered in " + TRIES + " tries");
    }

    /** How many of the events go into one push. */
    static int nextBatch(List<String> events, int most) {
        int number = 0, size = 0;
        while (number < Math.min(most, events.size())) {
            size += events.get(number).getBytes(UTF_8).length + 1;
            if (number > 0 && size > MOST_BYTES) break;
            number++;
        }
        return number;
    }

    public static void main(String[] arguments) throws Exception {
        System.setOut(new PrintStream(System.out, true, UTF_8)); // the reasons are Chinese too, whatever the locale
        var lines = Files.readAllLines(Path.of(arguments[0])).stream().filter(line -> !line.isBlank()).toList();
        var most = Integer.parseInt(GIVEN.getOrDefault("BATCH", "" + MOST_EVENTS));
        int done = 0, accepted = 0;
        while (done < lines.size()) {
            var batch = lines.subList(done, done + nextBatch(lines.subList(done, lines.size()), most));
            try {
                var receipt = push(batch);
                for (var one : receipt.get("rejected"))
                    System.out.printf("rejected event %d %s %s: %s%n", done + one.get("index").asInt() + 1,
                        one.get("id").asText(), one.get("type").asText(), one.get("detail").asText());
                accepted += receipt.get("accepted").asInt();
            } catch (Undelivered error) {
                System.err.printf("events from %d on are not delivered: %s; push the same file again%n", done + 1, error.getMessage());
                System.exit(2);
            }
            done += batch.size();
        }
        System.out.printf("accepted %d, rejected %d%n", accepted, done - accepted);
        System.exit(accepted == done ? 0 : 1);
    }
}
