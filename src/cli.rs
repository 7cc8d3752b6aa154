//! The administrator's tool: the commands, their arguments and their help.

mod apache;
mod check;
mod dns;
mod explain;
mod registry;
mod show;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::load::Place;

/// Tells mail clients their settings.
///
/// Started by a web server it answers one request of a mail client; from a shell it is the
/// administrator's tool.
#[derive(Parser)]
#[command(name = "autodiscover", version)]
struct Cli {
    /// The autodiscover.toml to read, instead of the one that the web server's program would find
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// The same place as for a request, unless the administrator names another.
    fn place(&self) -> Place {
        let named = self.config.clone().map(OsString::from);
        let named = named.or_else(|| std::env::var_os("AUTODISCOVER_CONFIG"));
        Place::find(named.filter(|name| !name.is_empty()), || std::env::current_exe().ok())
    }
}

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    Show(show::Show),
    Dns(dns::Dns),
    Apache(apache::Apache),
    Registry(registry::Registry),
    Explain(explain::Explain),
}

/// Runs the command of the arguments: 0 is fine, 1 problems found, 2 wrong usage.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let place = cli.place();
    match cli.command {
        None => help(),
        Some(Command::Check(command)) => check::run(&command, &place),
        Some(Command::Show(command)) => show::run(&command, &place),
        Some(Command::Dns(command)) => dns::run(&command, &place),
        Some(Command::Apache(command)) => apache::run(&command, &place),
        Some(Command::Registry(command)) => registry::run(&command, &place),
        Some(Command::Explain(command)) => explain::run(&command, &place),
    }
}

fn help() -> ExitCode {
    match Cli::command().print_help() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
