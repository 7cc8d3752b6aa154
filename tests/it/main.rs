//! One binary for all integration tests, so that there is one thing to link.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

/// What the program answers: every folder of `tests/cases/`.
mod cases;

/// What the commands print: every folder of `tests/cli/`.
mod cli;

/// `apache`: what it prints is what `apache/` ships.
mod shipped;

/// `show`: what it prints is what a web server would send.
mod wire;

/// The manual page and the completions: what `packaging/` holds is what the commands say.
mod manual;

/// What the source promises about itself.
mod tidy;

/// What the README shows.
mod readme;
