package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.ebvlm.errors.DataException;
import org.junit.jupiter.api.Test;

class WireTest {
    private final Wire wire = new Wire("key");

    private static JsonObject content() {
        JsonObject content = new JsonObject();
        content.addProperty("code", "π = 3");
        return content;
    }

    @Test
    void whatIsPackedIsUnpackedBehindAnyIdentities() {
        Message sent = wire.message("execute_request", content());
        List<byte[]> frames = new ArrayList<>(wire.pack(sent));
        assertEquals(6, frames.size());
        frames.add(0, new byte[] {1, 2, 3});
        assertEquals(sent, wire.unpack(frames));
        assertEquals("execute_request", sent.type());
    }

    /** The text that everyone signs first: HMAC-SHA256 with key "key" of "The quick brown fox jumps over the lazy dog". */
    @Test
    void theSignatureIsHmacSha256OfTheFourPartsInOrder() {
        List<byte[]> parts = List.of("The quick ", "brown fox jumps ", "over the ", "lazy dog").stream()
                .map(part -> part.getBytes(StandardCharsets.UTF_8))
                .toList();
        assertEquals("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8", wire.signature(parts));
    }

    @Test
    void aMessageThatWasChangedOrSignedByAnotherIsRefused() {
        Message sent = wire.message("execute_request", content());
        List<byte[]> changed = new ArrayList<>(wire.pack(sent));
        changed.set(5, "{}".getBytes(StandardCharsets.UTF_8));
        assertThrows(DataException.class, () -> wire.unpack(changed));
        List<byte[]> foreign = new Wire("other").pack(sent);
        assertThrows(DataException.class, () -> wire.unpack(foreign));
        List<byte[]> cut = wire.pack(sent).subList(0, 4);
        assertTrue(assertThrows(DataException.class, () -> wire.unpack(cut))
                .getMessage()
                .contains("cut short"));
    }
}
