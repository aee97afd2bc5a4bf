//! Deploys and drives the whole suite, in process and on a chain.
