//! Worker side: SDK, a reference worker with a real job and a reference gateway.
