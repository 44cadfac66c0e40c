package org.ebvlm.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.InterruptionException;

/**
 * A folder of photographs, one a file, as CelebA comes: each is cut around its middle, scaled to one size, and becomes a row.
 *
 * <pre>{@code
 * var faces = Datasets.pictures(Path.of("img_align_celeba")).centred(108, 108).first(50_000).scaled(64, 64);
 * }</pre>
 *
 * <p>Files are those of the folder, and of folders in it, whose names end in .jpg, .jpeg, .png, .bmp or .gif, in the order of
 * their paths. Scaling averages over the area that a new pixel covers. Values lie between 0 and 1, red, green and blue unless
 * {@link #grey}; transparency is left out. Nothing is read before {@link #scaled}, which uses all cores: a few milliseconds a picture, and 4
 * bytes a value, 49 KB a row for colour images of 64 x 64.
 */
public final class Pictures {
    private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png", ".bmp", ".gif");

    private final Path folder;
    private final List<Path> files;
    private final int cutHeight;
    private final int cutWidth;
    private final boolean grey;

    private Pictures(Path folder, List<Path> files, int cutHeight, int cutWidth, boolean grey) {
        this.folder = folder;
        this.files = files;
        this.cutHeight = cutHeight;
        this.cutWidth = cutWidth;
        this.grey = grey;
    }

    static Pictures in(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(wrong(folder, "there is no such folder")
                    .expected("a folder of pictures")
                    .butWas(Files.exists(folder) ? "a file" : "nothing")
                    .hint("the full path would be " + folder.toAbsolutePath().normalize()));
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Pictures::isPicture).sorted().toList();
        } catch (IOException e) {
            throw new DataException(wrong(folder, "the folder cannot be listed")
                    .expected("a readable folder")
                    .butWas(e.getClass().getSimpleName())
                    .causedBy(e));
        }
        if (files.isEmpty()) {
            throw new DataException(wrong(folder, "there are no pictures")
                    .expected("files ending in " + String.join(", ", ENDINGS))
                    .butWas("none, in the folder and those in it"));
        }
        return new Pictures(folder, files, 0, 0, false);
    }

    private static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
    }

    // ---------------------------------------------------------------- settings

    /**
     * Takes of each picture a rectangle of so many pixels around the middle, before scaling. Unless said otherwise it is the
     * largest of the new size's proportions.
     */
    public Pictures centred(int height, int width) {
        Require.atLeast(1, "Pictures.centred: height", height);
        Require.atLeast(1, "Pictures.centred: width", width);
        return new Pictures(folder, files, height, width, grey);
    }

    /** Takes the first pictures only, by the order of their paths; all if there are no more. */
    public Pictures first(int number) {
        Require.atLeast(1, "Pictures.first: the number of pictures", number);
        return new Pictures(folder, files.subList(0, Math.min(number, files.size())), cutHeight, cutWidth, grey);
    }

    /** One value a pixel, its luma: 0.299 red + 0.587 green + 0.114 blue. */
    public Pictures grey() {
        return new Pictures(folder, files, cutHeight, cutWidth, true);
    }

    /** How many pictures there are to read. */
    public int number() {
        return files.size();
    }

    // ---------------------------------------------------------------- reading

    /**
     * Reads them all.
     *
     * @param height pixels from top to bottom, of every image
     * @param width pixels from left to right
     * @return [pictures, height x width x channels], on their grid
     * @throws DataException if one is damaged, or smaller than what is to be taken of it, naming it; or if there are more
     *     values than one array holds
     * @throws InterruptionException if the thread is interrupted
     */
    public Data scaled(int height, int width) {
        Grid grid = new Grid(height, width, grey ? 1 : 3);
        float[] values = new float[length(grid)];
        Thread caller = Thread.currentThread();
        try {
            IntStream.range(0, files.size()).parallel().forEach(row -> {
                if (caller.isInterrupted()) {
                    throw Interruption.of("reading of pictures");
                }
                Picture.read(files.get(row), grey)
                        .cut(cutHeight, cutWidth, grid)
                        .scale(grid, values, row * grid.size());
            });
        } catch (InterruptionException e) {
            Interruption.check("reading of pictures");
            throw e;
        }
        return new Data(
                values,
                About.of(String.valueOf(folder.toAbsolutePath().normalize().getFileName()), grid.size())
                        .on(grid)
                        .step(files.size() + " pictures, "
                                + (cutHeight > 0 ? cutHeight + " x " + cutWidth + " pixels around the middle, " : "")
                                + "scaled to " + height + " x " + width));
    }

    /** Values of all, which must fit into one array. */
    private int length(Grid grid) {
        int most = (Integer.MAX_VALUE - 8) / grid.size();
        if (files.size() > most) {
            throw new DataException(wrong(folder, "there are too many pictures")
                    .expected("at most " + most + " of " + grid)
                    .butWas(files.size())
                    .hint("take part of them, first(" + most + "), or a smaller size"));
        }
        return files.size() * grid.size();
    }

    static Facts wrong(Path path, String what) {
        return Facts.that("Reading pictures, " + path + ": " + what);
    }

    @Override
    public String toString() {
        return files.size() + " pictures in " + folder;
    }
}
