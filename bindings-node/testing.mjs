import testing from "./testing.cjs";

export const { startEmulator, Emulator } = testing;
