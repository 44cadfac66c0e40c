package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class HistoryTest {
    private static History history() {
        History history = new History();
        history.add(10, new Measurement("objective", 1.5, Double.NaN));
        history.add(30, new Measurement("objective", -2.25e-9, Double.NaN));
        history.add(20, new Measurement("ksd", 0.1, 0.01));
        history.add(30, new Measurement("ksd", 1e10, 0.02));
        return history;
    }

    @Test
    void theTableHasALineForEachStepAndAColumnForEachErrorThereIs() {
        Table table = history().toTable();
        assertEquals(List.of("step", "objective", "ksd", "ksdStandardError"), table.columnNames());
        assertEquals(List.of(10L, 20L, 30L), table.longColumn("step").asList());
        assertEquals(
                List.of(1.5, Double.NaN, -2.25e-9),
                table.doubleColumn("objective").asList().stream()
                        .map(cell -> cell == null ? Double.NaN : cell)
                        .toList());
        assertEquals(0.02, table.doubleColumn("ksdStandardError").getDouble(2));
    }

    @Test
    void theCsvHasTheSameCellsAndLeavesThoseEmptyThatWereNotMeasured(@TempDir Path folder) throws IOException {
        Path file = history().writeCsv(folder.resolve("history.csv"));
        assertEquals(
                List.of("step,objective,ksd,ksdStandardError", "10,1.5,,", "20,,0.1,0.01", "30,-2.25E-9,1.0E10,0.02"),
                Files.readAllLines(file));
    }
}
