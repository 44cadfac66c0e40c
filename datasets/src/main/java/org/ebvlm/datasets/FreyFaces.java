package org.ebvlm.datasets;

import org.ebvlm.errors.DataException;

/** The film of Brendan Frey's face, as Sam Roweis published it: a MATLAB matrix ff, one face a column. */
final class FreyFaces {
    private static final Grid GRID = Grid.grey(28, 20);

    private FreyFaces() {}

    static Data read(SourceFile file) {
        Data film = MatReader.read(file, "ff");
        if (film.rows() != GRID.size()) {
            throw new DataException(file.wrong("these are not the Frey faces")
                    .expected("a matrix ff of " + GRID.size() + " rows, one a pixel")
                    .butWas(film.rows() + " rows and " + film.width() + " columns"));
        }
        float[] values = new float[film.rows() * film.width()];
        for (int face = 0; face < film.width(); face++) {
            for (int pixel = 0; pixel < GRID.size(); pixel++) {
                values[face * GRID.size() + pixel] = film.at(pixel, face) / 255f;
            }
        }
        return new Data(values, About.of("Frey faces", GRID.size()).on(GRID).step("divided by 255"));
    }
}
