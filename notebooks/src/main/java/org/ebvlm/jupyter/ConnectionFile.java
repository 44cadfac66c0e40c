package org.ebvlm.jupyter;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Where a kernel listens, and the key that signs what is said: ports of the loopback interface that were free a moment ago.
 *
 * @param key signs every message
 */
record ConnectionFile(int shell, int iopub, int stdin, int control, int heartbeat, String key) {
    private static final String HOST = "127.0.0.1";

    static ConnectionFile create() {
        List<ServerSocket> held = new ArrayList<>();
        try {
            // All are held at once, so that no two are the same.
            for (int i = 0; i < 5; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            Set<Integer> different = new HashSet<>(ports);
            if (different.size() != ports.size()) {
                throw new IOException("ports repeat: " + ports);
            }
            return new ConnectionFile(
                    ports.get(0),
                    ports.get(1),
                    ports.get(2),
                    ports.get(3),
                    ports.get(4),
                    UUID.randomUUID().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            held.forEach(ConnectionFile::release);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String address(int port) {
        return "tcp://" + HOST + ":" + port;
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("transport", "tcp");
        json.addProperty("ip", HOST);
        json.addProperty("shell_port", shell);
        json.addProperty("iopub_port", iopub);
        json.addProperty("stdin_port", stdin);
        json.addProperty("control_port", control);
        json.addProperty("hb_port", heartbeat);
        json.addProperty("signature_scheme", "hmac-sha256");
        json.addProperty("key", key);
        json.addProperty("kernel_name", "ebvlm");
        return json;
    }
}
