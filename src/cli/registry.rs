//! `registry`: prints a file for Windows that lets Outlook go to a server without asking the user.

use std::process::ExitCode;

use super::{distinct, domain, print};
use crate::address::Domain;
use crate::protocol::registry_file;

/// Prints a .reg file for Outlook
///
/// When Outlook is led to another server, by an SRV record or by a redirect over plain HTTP, it
/// asks the user whether it may go there. It does not ask about the hosts in this file. Users
/// open the file on Windows; administrators deploy its values by group policy.
///
/// Each host is the server that is led to, as autodiscover.example.org, not the mail domain.
#[derive(clap::Args)]
pub struct Registry {
    /// The host names to be trusted
    #[arg(value_name = "HOST", required = true, value_parser = domain)]
    hosts: Vec<Domain>,
}

pub fn run(command: &Registry) -> ExitCode {
    // The name is what counts: Microsoft wants a string value without text (its article 2783881).
    let values = distinct(&command.hosts).into_iter().map(|host| format!("\"{host}\"=\"\"\r\n"));
    print(registry_file(r"\RedirectServers", &values.collect::<String>()).as_bytes())
}
