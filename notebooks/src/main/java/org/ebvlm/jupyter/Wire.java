package org.ebvlm.jupyter;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.zeromq.ZMQ;

/**
 * Messages as frames of a socket: identities, a delimiter, the signature, then header, parent header, metadata and content
 * as JSON. The signature is HMAC-SHA256 of the four in hexadecimal digits.
 */
final class Wire {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.UTF_8);
    private static final String SCHEME = "HmacSHA256";
    private static final String PROTOCOL = "5.3";
    private static final Gson GSON = new Gson();

    private final SecretKeySpec key;
    private final String session = UUID.randomUUID().toString();

    Wire(String key) {
        this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), SCHEME);
    }

    /** A message of this end, which answers none. */
    Message message(String type, JsonObject content) {
        JsonObject header = new JsonObject();
        header.addProperty("msg_id", UUID.randomUUID().toString());
        header.addProperty("session", session);
        header.addProperty("username", "ebvlm");
        header.addProperty("date", Instant.now().toString());
        header.addProperty("msg_type", type);
        header.addProperty("version", PROTOCOL);
        return new Message(header, new JsonObject(), content);
    }

    void send(ZMQ.Socket socket, Message message) {
        List<byte[]> frames = pack(message);
        for (int i = 0; i < frames.size() - 1; i++) {
            socket.sendMore(frames.get(i));
        }
        socket.send(frames.get(frames.size() - 1));
    }

    /** The next message, or null if none is there yet. */
    Message receive(ZMQ.Socket socket) {
        byte[] first = socket.recv(ZMQ.DONTWAIT);
        if (first == null) {
            return null;
        }
        List<byte[]> frames = new ArrayList<>();
        frames.add(first);
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        return unpack(frames);
    }

    List<byte[]> pack(Message message) {
        List<byte[]> parts = List.of(
                bytes(message.header()), bytes(message.parent()), bytes(new JsonObject()), bytes(message.content()));
        List<byte[]> frames = new ArrayList<>();
        frames.add(DELIMITER);
        frames.add(signature(parts).getBytes(StandardCharsets.UTF_8));
        frames.addAll(parts);
        return frames;
    }

    Message unpack(List<byte[]> frames) {
        int at = 0;
        while (at < frames.size() && !Arrays.equals(frames.get(at), DELIMITER)) {
            at++;
        }
        if (frames.size() < at + 6) {
            throw new DataException(Facts.that("Wire: a message of the kernel is cut short")
                    .expected("a delimiter, a signature and four parts")
                    .butWas(frames.size() - at + " frames from the delimiter on"));
        }
        List<byte[]> parts = frames.subList(at + 2, at + 6);
        byte[] expected = signature(parts).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, frames.get(at + 1))) {
            throw new DataException(Facts.that("Wire: a message of the kernel has a wrong signature")
                    .expected("one that was signed with the key of the connection file")
                    .butWas(new String(frames.get(at + 1), StandardCharsets.UTF_8)));
        }
        return new Message(json(parts.get(0)), json(parts.get(1)), json(parts.get(3)));
    }

    String signature(List<byte[]> parts) {
        try {
            Mac mac = Mac.getInstance(SCHEME);
            mac.init(key);
            parts.forEach(mac::update);
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(JsonObject json) {
        return GSON.toJson(json).getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject json(byte[] bytes) {
        return JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
    }
}
