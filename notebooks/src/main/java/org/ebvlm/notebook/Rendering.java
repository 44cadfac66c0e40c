package org.ebvlm.notebook;

import java.awt.image.BufferedImage;
import java.io.PrintStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ebvlm.picture.Drawing;
import org.ebvlm.picture.Heatmap;
import org.ebvlm.picture.Picture;
import org.ebvlm.scoring.Audit;
import org.ebvlm.scoring.GramMatrix;
import org.ebvlm.training.History;
import org.ebvlm.variational.GradientAudit;
import tech.tablesaw.api.Table;

/**
 * How a thing looks: always as text, besides that as a picture or as a table. Pictures are PNG, since a notebook that its
 * reader has not declared trustworthy shows no SVG.
 *
 * @param name what a file with it is called
 * @param text a form that any output can show
 * @param html a table as HTML, if it is one
 * @param png a picture, if it is one
 */
record Rendering(String name, String text, Optional<String> html, Optional<byte[]> png) {
    static final String TEXT = "text/plain";
    static final String HTML = "text/html";
    static final String PNG = "image/png";

    /** What is shown as a picture. */
    static final Class<?>[] PICTURES = {Drawing.class, BufferedImage.class, GramMatrix.class};

    /** What is shown as a table. */
    static final Class<?>[] TABLES = {Table.class, Audit.class, GradientAudit.Report.class, History.class};

    /** Of anything. */
    static Rendering of(Object thing) {
        if (thing instanceof Drawing drawing) {
            return picture(drawing);
        } else if (thing instanceof BufferedImage image) {
            return picture(Picture.of(image));
        } else if (thing instanceof GramMatrix gram) {
            return new Rendering("gram-matrix", gram.toString(), picture(Heatmap.of(gram)).png);
        } else if (thing instanceof Table table) {
            return table(table);
        } else if (thing instanceof Audit audit) {
            return table(audit.toTable());
        } else if (thing instanceof GradientAudit.Report report) {
            return table(report.toTable());
        } else if (thing instanceof History history) {
            return table(history.toTable());
        } else if (thing instanceof PrintStream) {
            // What printf returns is nobody's result.
            return text("");
        }
        return text(String.valueOf(thing));
    }

    /** Of a line or more of text. */
    static Rendering text(String text) {
        return new Rendering("text", text, Optional.empty(), Optional.empty());
    }

    private Rendering(String name, String text, Optional<byte[]> png) {
        this(name, text, Optional.empty(), png);
    }

    private static Rendering picture(Drawing drawing) {
        String name = drawing.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-");
        return new Rendering(
                name.isEmpty() ? "picture" : name.toLowerCase(Locale.ROOT),
                drawing.toString(),
                Optional.of(drawing.picture().png()));
    }

    private static Rendering table(Table table) {
        return new Rendering("table", TableText.of(table), Optional.of(TableHtml.of(table)), Optional.empty());
    }

    /** MIME type to content, as Jupyter wants it. */
    Map<String, String> bundle() {
        Map<String, String> bundle = new LinkedHashMap<>();
        png.ifPresent(bytes -> bundle.put(PNG, Base64.getEncoder().encodeToString(bytes)));
        html.ifPresent(text -> bundle.put(HTML, text));
        bundle.put(TEXT, text);
        return bundle;
    }
}
