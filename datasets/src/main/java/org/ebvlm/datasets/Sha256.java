package org.ebvlm.datasets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash that names the content of data. */
final class Sha256 {
    private static final int CHUNK = 1 << 14;

    private Sha256() {}

    /** Of rows and width, then all values, little-endian; in hexadecimal. */
    static String of(float[] values, int width) {
        MessageDigest digest = digest();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        digest.update(chunk.putInt(values.length / width).putInt(width).array(), 0, chunk.position());
        for (int from = 0; from < values.length; from += CHUNK) {
            int length = Math.min(CHUNK, values.length - from);
            chunk.clear().asFloatBuffer().put(values, from, length);
            digest.update(chunk.array(), 0, length * Float.BYTES);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
