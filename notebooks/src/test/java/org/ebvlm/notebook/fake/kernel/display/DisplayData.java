package org.ebvlm.notebook.fake.kernel.display;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a kernel sends to a notebook, by MIME type. */
public class DisplayData {
    public final Map<String, Object> data = new LinkedHashMap<>();
    public String id;

    public void putData(String mime, Object body) {
        data.put(mime, body);
    }

    public void setDisplayId(String displayId) {
        id = displayId;
    }
}
