package org.ebvlm.jupyter;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * What tells Jupyter of the kernel: a folder with kernel.json and two small pictures. It names the jars where they are and
 * copies none. It notes what was written, so that an uninstall takes away exactly that.
 */
public final class KernelFolder {
    /** Jupyter's name of the kernel unless another is chosen; notebooks name it in their metadata. */
    public static final String NAME = "ebvlm";

    private static final String SPEC = "kernel.json";
    /** Jupyter passes over folders whose names do not match, so no kernel is seen before it is whole. */
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]+");

    private static final String CREATED = "createdFolders";
    private static final String FILES = "files";

    private final Path folder;

    private KernelFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The folder of a kernel, whether it is there or not.
     *
     * @param kernels a folder of kernels, as Jupyter searches them
     * @param name Jupyter's name of the kernel
     */
    public static KernelFolder of(Path kernels, String name) {
        if (!LEGAL.matcher(name).matches() || name.matches("\\.+")) {
            throw new SettingException(Facts.that("--name: Jupyter takes no kernel of this name")
                    .expected("letters, digits, '.', '_' and '-'")
                    .butWas("'" + name + "'"));
        }
        return new KernelFolder(kernels.toAbsolutePath().normalize().resolve(name));
    }

    /** All kernels of this toolkit in a folder of kernels. */
    public static List<KernelFolder> ours(Path kernels) {
        if (!Files.isDirectory(kernels)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(kernels)) {
            return folders.filter(
                            path -> LEGAL.matcher(path.getFileName().toString()).matches())
                    .sorted()
                    .map(KernelFolder::new)
                    .filter(KernelFolder::isOurs)
                    .toList();
        } catch (IOException e) {
            throw failed("cannot be listed", kernels, e);
        }
    }

    /** Where it is. */
    public Path path() {
        return folder;
    }

    /** Jupyter's name of the kernel. */
    public String name() {
        return folder.getFileName().toString();
    }

    /** Whether there is a kernel that this toolkit installed. */
    public boolean isOurs() {
        return note(spec()) != null;
    }

    /** Files that the kernel needs and that are gone, such as jars of a build that was cleaned. */
    public List<Path> missing() {
        JsonObject spec = spec();
        List<Path> missing = new ArrayList<>();
        List<String> words = StreamSupport.stream(spec.getAsJsonArray("argv").spliterator(), false)
                .map(JsonElement::getAsString)
                .toList();
        if (words.get(0).contains("/") || words.get(0).contains("\\")) {
            missing.add(Path.of(words.get(0)));
        }
        int at = words.indexOf("-cp");
        if (at >= 0) {
            Stream.of(words.get(at + 1).split(java.io.File.pathSeparator, -1))
                    .map(Path::of)
                    .forEach(missing::add);
        }
        return missing.stream().filter(path -> !Files.exists(path)).toList();
    }

    /** Writes the kernel, in place of an earlier one of this toolkit; refuses to replace any other. */
    public void install(Launch launch) {
        boolean there = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        if (there && !isOurs()) {
            throw new SettingException(Facts.that("kernel install: there is another kernel of this name")
                    .expected("none, or one that this command installed")
                    .butWas(folder)
                    .hint("choose another name with --name"));
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("logo-32x32.png", Logo.png(32));
        files.put("logo-64x64.png", Logo.png(64));
        JsonArray created = there ? note(spec()).getAsJsonArray(CREATED) : createdFolders();
        files.put(SPEC, bytes(launch, created));
        Path kernels = folder.getParent();
        Path part = kernels.resolve(name() + "~" + UUID.randomUUID());
        try {
            Files.createDirectories(part);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(part.resolve(file.getKey()), file.getValue());
            }
            if (there) {
                // kernel.json last: until then the old one holds.
                for (String name : files.keySet()) {
                    Files.move(
                            part.resolve(name),
                            folder.resolve(name),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                }
                Files.delete(part);
            } else {
                Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            clean(part, files, created, e);
            throw failed("cannot be written", folder, e);
        }
    }

    private static byte[] bytes(Launch launch, JsonArray created) {
        JsonObject json = launch.json();
        JsonObject note = new JsonObject();
        note.add(CREATED, created);
        JsonArray names = new JsonArray();
        List.of("logo-32x32.png", "logo-64x64.png", SPEC).forEach(names::add);
        note.add(FILES, names);
        JsonObject metadata = new JsonObject();
        metadata.add(NAME, note);
        json.add("metadata", metadata);
        String text = new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(json);
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The folders above that are not there yet, outermost last. */
    private JsonArray createdFolders() {
        JsonArray created = new JsonArray();
        for (Path path = folder.getParent(); path != null && !Files.exists(path); path = path.getParent()) {
            created.add(path.toString());
        }
        return created;
    }

    private static void clean(Path part, Map<String, byte[]> files, JsonArray created, IOException error) {
        try {
            for (String name : files.keySet()) {
                Files.deleteIfExists(part.resolve(name));
            }
            Files.deleteIfExists(part);
            deleteEmpty(created);
        } catch (IOException second) {
            error.addSuppressed(second);
        }
    }

    /**
     * Takes away what {@link #install} wrote, with the folders that it made and that are empty now.
     *
     * @return what is left in the folder, because something else put it there
     */
    public List<Path> uninstall() {
        if (!isOurs()) {
            throw new SettingException(Facts.that("kernel uninstall: there is no kernel of ours")
                    .expected("one that 'ebvlm kernel install' wrote")
                    .butWas(Files.exists(folder) ? "another one in " + folder : "nothing in " + folder)
                    .hint("'ebvlm kernel list' says where there are"));
        }
        JsonObject note = note(spec());
        try {
            // kernel.json comes last: an uninstall that was cut short can be repeated.
            for (JsonElement name : note.getAsJsonArray(FILES)) {
                Files.deleteIfExists(
                        folder.resolve(Path.of(name.getAsString()).getFileName().toString()));
            }
            List<Path> left = content(folder);
            if (left.isEmpty()) {
                Files.delete(folder);
                deleteEmpty(note.getAsJsonArray(CREATED));
            }
            return left;
        } catch (IOException e) {
            throw failed("cannot be deleted", folder, e);
        }
    }

    private static void deleteEmpty(JsonArray created) throws IOException {
        for (JsonElement each : created) {
            Path path = Path.of(each.getAsString());
            if (!Files.isDirectory(path) || !content(path).isEmpty()) {
                return;
            }
            Files.delete(path);
        }
    }

    private static List<Path> content(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    /** kernel.json, or an empty object if there is none that can be read. */
    private JsonObject spec() {
        try {
            return JsonParser.parseString(Files.readString(folder.resolve(SPEC)))
                    .getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            return new JsonObject();
        }
    }

    /** What an install notes in kernel.json; null in a kernel of someone else. */
    private static JsonObject note(JsonObject spec) {
        JsonElement metadata = spec.get("metadata");
        JsonElement note = metadata != null && metadata.isJsonObject()
                ? metadata.getAsJsonObject().get(NAME)
                : null;
        return note != null && note.isJsonObject() && note.getAsJsonObject().has(FILES) ? note.getAsJsonObject() : null;
    }

    private static DataException failed(String what, Path path, IOException e) {
        return new DataException(Facts.that("the folder of the kernel " + what)
                .expected("a folder that this user may write")
                .butWas(path + " (" + e.getClass().getSimpleName() + ")")
                .causedBy(e)
                .hint("another place can be chosen with --prefix DIR"));
    }
}
