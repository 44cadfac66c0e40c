package org.ebvlm.program;

import java.nio.FloatBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/** A large matrix product through BLAS ({@code sgemm}), by way of memory outside the Java heap. */
final class Gemm implements NativeStep {
    private final Product product;
    private final Location a;
    private final Location b;
    private final Location c;
    private final FloatPointer nativeA;
    private final FloatPointer nativeB;
    private final FloatPointer nativeC;
    private final FloatBuffer viewA;
    private final FloatBuffer viewB;
    private final FloatBuffer viewC;
    private float[][] arrays;

    Gemm(Product product, Location a, Location b, Location c) {
        this.product = product;
        this.a = a;
        this.b = b;
        this.c = c;
        nativeA = new FloatPointer((long) product.m() * product.k());
        nativeB = new FloatPointer((long) product.k() * product.n());
        nativeC = new FloatPointer((long) product.m() * product.n());
        viewA = nativeA.asByteBuffer().asFloatBuffer();
        viewB = nativeB.asByteBuffer().asFloatBuffer();
        viewC = nativeC.asByteBuffer().asFloatBuffer();
    }

    @Override
    public Set<Buffer> buffers() {
        return new LinkedHashSet<>(List.of(a.buffer(), b.buffer(), c.buffer()));
    }

    @Override
    public void bind(float[][] arrays) {
        this.arrays = arrays;
    }

    @Override
    public void run() {
        viewA.put(0, arrays[a.buffer().slot], a.offset(), viewA.capacity());
        viewB.put(0, arrays[b.buffer().slot], b.offset(), viewB.capacity());
        Blas.multiply(product, nativeA, nativeB, nativeC);
        viewC.get(0, arrays[c.buffer().slot], c.offset(), viewC.capacity());
    }

    @Override
    public void close() {
        nativeA.close();
        nativeB.close();
        nativeC.close();
    }
}
