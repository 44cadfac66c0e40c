package org.ebvlm.model;

/** A Boltzmann machine whose energy is written as a SameDiff expression. */
abstract class WrittenMachine extends Written implements BoltzmannMachine {
    WrittenMachine(LatentEnergy energy) {
        super(energy);
    }
}
