//! `registry`: Prints a .reg file for Outlook

use std::process::ExitCode;

use crate::config::load::Place;

/// Prints a .reg file for Outlook
#[derive(clap::Args)]
pub struct Registry {}

pub fn run(command: &Registry, place: &Place) -> ExitCode {
    let Registry {} = command;
    let _ = place;
    ExitCode::FAILURE
}
