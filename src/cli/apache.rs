//! `apache`: Prints an Apache virtual host

use std::process::ExitCode;

use crate::config::load::Place;

/// Prints an Apache virtual host
#[derive(clap::Args)]
pub struct Apache {}

pub fn run(command: &Apache, place: &Place) -> ExitCode {
    let Apache {} = command;
    let _ = place;
    ExitCode::FAILURE
}
