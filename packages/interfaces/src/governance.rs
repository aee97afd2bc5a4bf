//! Typed proposals on tracks, over any voting module.
