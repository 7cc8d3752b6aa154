//! The administrator's tool: the commands, their arguments and their help.

mod apache;
mod check;
mod directory;
mod discovery;
mod dns;
mod explain;
mod export;
mod lints;
mod log;
mod reader;
mod registry;
mod show;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{self, ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use crate::address::{Address, Domain};
use crate::config::{Config, Place, Problem};

/// Tells mail clients their settings
///
/// Started by a web server it answers one request of a mail client; from a shell it is the
/// administrator's tool.
#[derive(Parser)]
#[command(
    name = "autodiscover",
    version,
    long_version = LONG_VERSION,
    after_long_help = AFTERWORD
)]
struct Cli {
    /// The autodiscover.toml to read, instead of the one that the web server's program would find
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The version, and the commit that `cgi-bin/build.sh` builds; without that script only the version.
const LONG_VERSION: &str = match option_env!("AUTODISCOVER_LONG_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

const AFTERWORD: &str = "\
Without --config the configuration is the file that the variable AUTODISCOVER_CONFIG names, \
else autodiscover.toml beside the executable, else /etc/autodiscover/autodiscover.toml, \
else a default that serves every domain with imap.DOMAIN and smtp.DOMAIN.

Results go to standard output, problems to standard error. \
The exit status is 0 when all is well, 1 when there are problems, 2 when the command is used wrongly.

autodiscover-probe ADDRESS, which comes with this program, asks from outside what mail clients ask.";

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    Show(show::Show),
    Dns(dns::Dns),
    Apache(apache::Apache),
    Registry(registry::Registry),
    Explain(explain::Explain),
    Log(log::Log),
    Export(export::Export),
}

/// Runs the command of the arguments, of which the first names the program: 0 is fine, 1 problems found, 2 wrong usage.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => end(error, &arguments),
    };
    // The same place as for a request, unless the administrator names another.
    let place = Place::find(cli.config, || arguments.into_iter().next());
    match cli.command {
        None => help(),
        Some(Command::Check(command)) => check::run(&command, &place),
        Some(Command::Show(command)) => show::run(&command, &place),
        Some(Command::Dns(command)) => dns::run(&command, &place),
        Some(Command::Apache(command)) => apache::run(&command, &place),
        Some(Command::Registry(command)) => registry::run(&command),
        Some(Command::Explain(command)) => explain::run(&command, &place),
        Some(Command::Log(command)) => log::run(&command),
        Some(Command::Export(command)) => export::run(&command, &place),
    }
}

/// Prints the help that is asked for, or what is wrong with the arguments, and ends the program.
fn end(error: clap::Error, arguments: &[OsString]) -> ! {
    // The message quotes arguments, so it is made of arguments that are safe to print.
    let safe = arguments.iter().map(|argument| shown(&argument.to_string_lossy()));
    let error = Cli::try_parse_from(safe).err().unwrap_or(error);
    let text: String = error.render().to_string().lines().map(|line| shown(line) + "\n").collect();
    // Where not even that can be said, the exit status says it.
    let _ = if error.use_stderr() {
        io::stderr().write_all(text.as_bytes())
    } else {
        io::stdout().write_all(text.as_bytes())
    };
    process::exit(error.exit_code())
}

/// A text as one line for a terminal: what could move its cursor, colour it or turn its letters around is escaped.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            // Of the others, those that cannot be printed.
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}

/// The commands with their arguments and help, for manuals and shell completions.
pub fn command() -> clap::Command {
    Cli::command()
}

fn help() -> ExitCode {
    print(command().render_help().to_string().as_bytes())
}

/// Prints a result; a reader who has seen enough ends the program by SIGPIPE, as any program of C.
fn print(result: &[u8]) -> ExitCode {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(result).and_then(|()| stdout.flush()) {
        Err(error) => complain(&unwritten(&error)),
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn unwritten(error: &io::Error) -> String {
    format!("standard output cannot be written: {error}")
}

/// Says what is wrong.
fn complain(problem: &dyn Display) -> ExitCode {
    // Where not even that can be said, the exit status says it.
    let _ = writeln!(io::stderr(), "{problem}");
    ExitCode::FAILURE
}

/// Says what is probably not intended.
fn warn(remark: &dyn Display) {
    let _ = writeln!(io::stderr(), "warning: {remark}");
}

/// Why there is nothing for a domain.
fn not_served(domain: &Domain, config: &Config) -> String {
    match config.layers(domain) {
        Ok(Some(_)) => {
            format!("'{domain}' is not served, because every service is off; add a [table] of one")
        }
        _ => format!(
            "'{domain}' is not served; add it to 'domains', or create domains/{domain}.toml"
        ),
    }
}

/// An argument that names a domain or a host.
fn domain(text: &str) -> Result<Domain, String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    Domain::new(name)
        .filter(|domain| !Domain::is_numeric(domain.as_str()))
        .ok_or_else(|| "it must be a host name, like example.org".to_owned())
}

/// An argument that is a mail address.
fn mail_address(text: &str) -> Result<Address, String> {
    Address::new(text).ok_or_else(|| "it must be a mail address, like ada@example.org".to_owned())
}

/// An argument that names a mail domain: one below which the names of discovery have room.
fn mail_domain(text: &str) -> Result<Domain, String> {
    let domain = domain(text)?;
    if !domain.can_be_discovered() {
        return Err("this is too long: no name fits below it; the longest has 234 bytes".to_owned());
    }
    Ok(domain)
}

/// The domains that a command is about: those that are named, else all that are configured by name.
///
/// Those that are configured and have no room for records are left out with a warning.
fn domains(named: &[Domain], config: &Config) -> Result<Vec<Domain>, Problem> {
    if !named.is_empty() {
        return Ok(distinct(named).into_iter().cloned().collect());
    }
    let fits = |domain: &Domain| match mail_domain(domain.as_str()) {
        Ok(_) => true,
        Err(reason) => {
            warn(&format_args!("'{domain}' is left out: {reason}"));
            false
        }
    };
    Ok(config.domains()?.into_iter().filter(fits).collect())
}

/// No domain is named, and none is configured by name.
const NO_DOMAIN: &str = "no domain is configured by name; name those that you want";

/// Warns that the name of the host, which no key sets, was another one in version 1.1.0.
fn warn_of_new_name(config: &Config, host: &str) -> Result<(), Problem> {
    let domains = config.domains()?;
    let first = domains.iter().find(|domain| domain.can_be_discovered());
    if let (None, Some(first)) = (config.named_host()?, first) {
        let old = format!("autodiscover.{first}");
        if old != host {
            warn(&format_args!(
                "the web server's name is {host}; version 1.1.0 named it {old}: choose one with \
                 host = \"{old}\" or host = \"{host}\" in autodiscover.toml"
            ));
        }
    }
    Ok(())
}

/// Each once, in the order given.
fn distinct<T: Ord>(items: &[T]) -> Vec<&T> {
    let mut seen = BTreeSet::new();
    items.iter().filter(|item| seen.insert(*item)).collect()
}
