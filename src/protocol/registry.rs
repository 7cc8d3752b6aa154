//! The values of the registry that make Outlook read its settings from a file: the other half of the local XML method.

use super::local_xml::{file_name, read};
use super::{Protocol, Request};
use crate::account::Served;
use crate::http::{Reply, TEXT};
use crate::refusal::Refusal;

pub static REGISTRY: Protocol =
    Protocol { paths: &["/mail/*.reg"], read, answer, ..Protocol::DOCUMENT };

/// Where the file must lie. Outlook fills in no variable such as `%USERPROFILE%`, so it is a folder that every
/// Windows may have.
pub const FOLDER: &str = r"C:\autodiscover";

/// Outlook 2016 and later, and Outlook 2013.
const VERSIONS: [&str; 2] = ["16.0", "15.0"];

/// Two values: that Outlook prefers a local file, and, under the name of the mail domain, which
/// (Microsoft, «Unexpected Autodiscover behavior when you have registry settings under the \Autodiscover key»).
fn answer(_: &Request, Served { account, .. }: Served) -> Result<Reply, Refusal> {
    if account.incoming.is_empty() && account.smtp.is_none() {
        return Err(Refusal::ProviderUnavailable);
    }
    let domain = &account.domain;
    // A backslash stands twice in a value.
    let path = format!(r"{FOLDER}\{}", file_name(&account)).replace('\\', r"\\");
    let values = format!("\"PreferLocalXML\"=dword:00000001\r\n\"{domain}\"=\"{path}\"\r\n");
    let text = registry_file("", &values);
    let disposition = format!("attachment; filename=\"{domain}.reg\"");
    Ok(Reply::new(TEXT, text.into_bytes()).header("Content-Disposition", disposition))
}

/// A `.reg` file with these lines of values, for each version of Outlook, in its key `AutoDiscover` or one below it.
pub fn registry_file(below: &str, values: &str) -> String {
    let mut text = "Windows Registry Editor Version 5.00\r\n".to_owned();
    for version in VERSIONS {
        let key =
            format!(r"HKEY_CURRENT_USER\Software\Microsoft\Office\{version}\Outlook\AutoDiscover");
        text += &format!("\r\n[{key}{below}]\r\n{values}");
    }
    text
}
