//! One binary for all integration tests, so that there is one thing to link.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

/// Configurations that no folder of cases can hold: pipes, links, modes, sizes, depths.
mod configuration;

/// The manual page and the completions: they are what the commands say.
mod manual;

/// The manual page of the configuration and its JSON Schema: what the table of keys says.
mod keys;

/// The languages of the page.
mod languages;

/// What the source promises about itself.
mod tidy;

/// What the README shows.
mod readme;

// `properties.rs`, `accounts.rs` and `logins.rs` ask the inside of the crate, so files of `src/` name them.
