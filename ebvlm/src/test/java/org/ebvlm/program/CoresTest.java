package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;

class CoresTest {
    private static final long LARGE = 100_000_000;

    @Test
    void largeOperationsGetAllCoresSmallOnesOneAndThreadsBesideOthersOne() {
        int before = Cores.used();
        try {
            Cores.use(3);
            assertEquals(3, Cores.forWork(LARGE));
            assertEquals(1, Cores.forWork(1000));
            assertEquals(1, Cores.onOne(() -> Cores.forWork(LARGE)));
            assertEquals(1, Cores.onOne(() -> Cores.onOne(() -> 0) + Cores.forWork(LARGE)));
            assertEquals(3, Cores.forWork(LARGE), "afterwards all again");
            assertThrows(
                    IllegalStateException.class,
                    () -> Cores.onOne(() -> {
                        throw new IllegalStateException();
                    }));
            assertEquals(3, Cores.forWork(LARGE), "after an error, too");
        } finally {
            Cores.use(before);
        }
    }

    @Test
    void fewerThanOneCoreIsRefused() {
        assertThrows(SettingException.class, () -> Cores.use(0));
    }
}
