//! `dns`: Prints DNS records for a zone file

use std::process::ExitCode;

use crate::config::load::Place;

/// Prints DNS records for a zone file
#[derive(clap::Args)]
pub struct Dns {}

pub fn run(command: &Dns, place: &Place) -> ExitCode {
    let Dns {} = command;
    let _ = place;
    ExitCode::FAILURE
}
