package org.ebvlm.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.report.Page;

/** The readable report of a run, one HTML page beside its pictures. */
final class Report {
    private Report() {}

    static void write(
            Path folder, String title, Map<String, String> facts, Findings findings, Map<String, String> pictures) {
        Page page = new Page(title).heading("Evaluation");
        page.table(List.of(), findings.all().values().stream().map(Report::row).toList());
        page.heading("Pictures");
        pictures.forEach(page::figure);
        page.heading("How it was made");
        page.table(
                List.of(),
                facts.entrySet().stream()
                        .map(fact -> List.of(fact.getKey(), fact.getValue()))
                        .toList());
        page.write(folder.resolve("report.html"));
    }

    private static List<String> row(Findings.Finding finding) {
        String number = Double.isNaN(finding.value()) ? "-" : String.format(Locale.ROOT, "%.4g", finding.value());
        number += finding.error() > 0 ? String.format(Locale.ROOT, " ± %.2g", finding.error()) : "";
        return List.of(finding.what(), number, finding.note());
    }
}
