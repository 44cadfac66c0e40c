package org.ebvlm.program;

/** Indented source text. */
final class Text {
    private final StringBuilder text = new StringBuilder();
    private int depth = 3;

    void line(String line) {
        text.append("    ".repeat(depth)).append(line).append('\n');
    }

    void open(String line) {
        line(line);
        depth++;
    }

    void close() {
        depth--;
        line("}");
    }

    /** Closes several blocks. */
    void close(int blocks) {
        for (int i = 0; i < blocks; i++) {
            close();
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
