//! `show`: Prints what a client would get

use std::process::ExitCode;

use crate::config::load::Place;

/// Prints what a client would get
#[derive(clap::Args)]
pub struct Show {}

pub fn run(command: &Show, place: &Place) -> ExitCode {
    let Show {} = command;
    let _ = place;
    ExitCode::FAILURE
}
