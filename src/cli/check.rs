//! `check`: Reports every problem in every file

use std::process::ExitCode;

use crate::config::load::Place;

/// Reports every problem in every file
#[derive(clap::Args)]
pub struct Check {}

pub fn run(command: &Check, place: &Place) -> ExitCode {
    let Check {} = command;
    let _ = place;
    ExitCode::FAILURE
}
