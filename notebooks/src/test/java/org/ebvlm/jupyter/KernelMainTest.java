package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelMainTest {
    @AfterEach
    void goBack() {
        KernelMain.natives = null;
    }

    @Test
    void theStartupScriptWaitsForNativeCode() throws InterruptedException {
        KernelMain.awaitNatives();
        Thread slow = new Thread(KernelMainTest::sleep);
        KernelMain.natives = slow;
        slow.start();
        KernelMain.awaitNatives();
        assertFalse(slow.isAlive());
    }

    private static void sleep() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
