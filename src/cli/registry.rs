//! `registry`: prints a file for Windows that lets Outlook go to a server without asking the user.

use std::process::ExitCode;

use super::{distinct, domain, print};
use crate::address::Domain;

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

/// Outlook 2016 and later, and Outlook 2013.
const VERSIONS: [&str; 2] = ["16.0", "15.0"];

pub fn run(command: &Registry) -> ExitCode {
    let mut lines = vec!["Windows Registry Editor Version 5.00".to_owned()];
    for version in VERSIONS {
        lines.push(String::new());
        lines.push(format!(
            r"[HKEY_CURRENT_USER\Software\Microsoft\Office\{version}\Outlook\AutoDiscover\RedirectServers]"
        ));
        // The name is what counts: Microsoft wants a string value without text (its article 2783881).
        lines.extend(distinct(&command.hosts).iter().map(|host| format!("\"{host}\"=\"\"")));
    }
    let text: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    print(text.as_bytes())
}
