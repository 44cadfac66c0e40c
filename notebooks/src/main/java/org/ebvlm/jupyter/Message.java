package org.ebvlm.jupyter;

import com.google.gson.JsonObject;

/** A message of Jupyter's protocol, whose parent is the message that caused it. */
record Message(JsonObject header, JsonObject parent, JsonObject content) {
    String type() {
        return header.get("msg_type").getAsString();
    }

    String id() {
        return header.get("msg_id").getAsString();
    }

    boolean answers(String id) {
        return parent.has("msg_id") && parent.get("msg_id").getAsString().equals(id);
    }

    /** The kernel says that it has done with what the parent asked. */
    boolean isIdle() {
        return type().equals("status")
                && content.get("execution_state").getAsString().equals("idle");
    }
}
