//! `explain`: Says where each value comes from

use std::process::ExitCode;

use crate::config::load::Place;

/// Says where each value comes from
#[derive(clap::Args)]
pub struct Explain {}

pub fn run(command: &Explain, place: &Place) -> ExitCode {
    let Explain {} = command;
    let _ = place;
    ExitCode::FAILURE
}
