package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CellOutputsTest {
    private final Map<String, List<JsonObject>> displays = new HashMap<>();
    private final CellOutputs outputs = new CellOutputs(displays);

    private static Message message(String type, String content) {
        JsonObject header = new JsonObject();
        header.addProperty("msg_type", type);
        return new Message(
                header,
                new JsonObject(),
                JsonParser.parseString(content.replace('\'', '"')).getAsJsonObject());
    }

    private static final Message DISPLAY =
            message("display_data", "{'data':{'text/plain':'a'},'metadata':{},'transient':{'display_id':'1'}}");

    private void expect(String json) {
        assertEquals(JsonParser.parseString(json.replace('\'', '"')), outputs.json());
    }

    @Test
    void neighboursOfOneStreamAreJoinedAndOthersAreNot() {
        outputs.accept(message("stream", "{'name':'stdout','text':'a'}"));
        outputs.accept(message("stream", "{'name':'stdout','text':'b'}"));
        outputs.accept(message("stream", "{'name':'stderr','text':'c'}"));
        outputs.accept(message("stream", "{'name':'stdout','text':'d'}"));
        outputs.accept(message("stream", "{'name':'stdout','text':''}"));
        expect("[{'output_type':'stream','name':'stdout','text':'ab'},"
                + "{'output_type':'stream','name':'stderr','text':'c'},"
                + "{'output_type':'stream','name':'stdout','text':'d'}]");
    }

    @Test
    void anUpdateReachesItsDisplayInAnyCell() {
        outputs.accept(DISPLAY);
        new CellOutputs(displays)
                .accept(message("update_display_data", "{'data':{'text/plain':'b'},'transient':{'display_id':'1'}}"));
        expect("[{'output_type':'display_data','data':{'text/plain':'b'},'metadata':{}}]");
    }

    @Test
    void anUpdateOfAnotherDisplayOrOfNoneChangesNothing() {
        outputs.accept(DISPLAY);
        outputs.accept(message("update_display_data", "{'data':{'text/plain':'b'},'transient':{'display_id':'2'}}"));
        outputs.accept(message("update_display_data", "{'data':{'text/plain':'b'}}"));
        expect("[{'output_type':'display_data','data':{'text/plain':'a'},'metadata':{}}]");
    }

    @Test
    void clearingTakesAwayAtOnceOrWithTheNextOutput() {
        outputs.accept(DISPLAY);
        outputs.accept(message("clear_output", "{'wait':true}"));
        assertEquals(1, outputs.json().size());
        outputs.accept(message("stream", "{'name':'stdout','text':'a'}"));
        expect("[{'output_type':'stream','name':'stdout','text':'a'}]");
        outputs.accept(message("clear_output", "{'wait':false}"));
        assertEquals(0, outputs.json().size());
    }

    @Test
    void statusAndEchoAreNoOutputs() {
        outputs.accept(message("status", "{'execution_state':'busy'}"));
        outputs.accept(message("execute_input", "{'code':'1','execution_count':1}"));
        assertEquals(0, outputs.json().size());
    }
}
