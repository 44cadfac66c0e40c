package org.ebvlm.picture;

import java.nio.file.Path;

/** Anything that can be looked at. Drawing happens when the picture is asked for, never before. */
public interface Drawing {

    /** Draws. The same settings give the same pixels, on machines with the same fonts. */
    Picture picture();

    /**
     * Draws and writes a PNG file; an existing file is replaced.
     *
     * @param file where to; its folder must exist
     * @return the absolute path of the file
     * @throws org.ebvlm.errors.SettingException if the folder does not exist
     * @throws org.ebvlm.errors.DataException if the file cannot be written
     */
    default Path save(Path file) {
        return picture().save(file);
    }
}
