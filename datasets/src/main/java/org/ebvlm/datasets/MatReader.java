package org.ebvlm.datasets;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.ebvlm.errors.DataException;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;

/** MATLAB 5 files, as MATLAB and Octave write them with {@code -v6} and {@code -v7}. */
final class MatReader {
    private MatReader() {}

    static boolean recognizes(SourceFile file) {
        return file.beginsWith('M', 'A', 'T', 'L', 'A', 'B', ' ', '5');
    }

    static Data read(SourceFile file) {
        Map<String, Matrix> matrices = matrices(file);
        if (matrices.size() != 1) {
            throw new DataException(file.wrong("it is not clear which matrix is meant")
                    .expected("one numeric matrix")
                    .butWas(listed(matrices))
                    .hint("name it: Datasets.mat(path, \"name\")"));
        }
        return data(file, matrices.keySet().iterator().next(), matrices);
    }

    static Data read(SourceFile file, String variable) {
        Map<String, Matrix> matrices = matrices(file);
        if (!matrices.containsKey(variable)) {
            throw new DataException(file.wrong("there is no such matrix")
                    .expected("a numeric matrix " + variable)
                    .butWas(listed(matrices)));
        }
        return data(file, variable, matrices);
    }

    private static Data data(SourceFile file, String variable, Map<String, Matrix> matrices) {
        Matrix matrix = matrices.get(variable);
        int width = matrix.getNumCols();
        float[] values = new float[Math.multiplyExact(matrix.getNumRows(), width)];
        for (int j = 0; j < width; j++) {
            for (int i = 0; i < matrix.getNumRows(); i++) {
                values[i * width + j] = matrix.getFloat(i, j);
            }
        }
        return new Data(values, About.of(file.name() + ":" + variable, width));
    }

    /** The matrices that rows can be taken from, by name, in the order of the file. */
    private static Map<String, Matrix> matrices(SourceFile file) {
        Map<String, Matrix> matrices = new LinkedHashMap<>();
        for (MatFile.Entry entry : parsed(file).getEntries()) {
            if (entry.getValue() instanceof Matrix matrix && isRectangleOfReals(matrix)) {
                matrices.put(entry.getName(), matrix);
            }
        }
        return matrices;
    }

    private static boolean isRectangleOfReals(Matrix matrix) {
        return matrix.getNumDimensions() == 2 && matrix.getNumElements() > 0 && !matrix.isComplex();
    }

    private static MatFile parsed(SourceFile file) {
        if (!recognizes(file)) {
            throw file.wrongMagic("a MATLAB 5 file", "the text MATLAB 5.0 MAT-file; save others with -v7");
        }
        try {
            return Mat5.newReader(Sources.wrap(file.bytes()))
                    .disableSubsystemProcessing()
                    .readMat();
        } catch (IOException | RuntimeException e) {
            throw new DataException(file.wrong("the file is damaged or cut off")
                    .expected("a whole MATLAB 5 file")
                    .butWas("one that breaks within its " + file.bytes().length + " bytes")
                    .hint("fetch the file again")
                    .causedBy(e));
        }
    }

    private static String listed(Map<String, Matrix> matrices) {
        return matrices.isEmpty()
                ? "none"
                : matrices.entrySet().stream()
                        .map(e -> e.getKey() + " [" + e.getValue().getNumRows() + ", "
                                + e.getValue().getNumCols() + "]")
                        .collect(Collectors.joining(", "));
    }
}
