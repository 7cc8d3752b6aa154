//! The settings of an account as plain text, to print, to keep or to send on.

use super::local_xml::read;
use super::page::settings::{Value, services};
use super::visitor::language::{Language, filled};
use super::{Protocol, Request};
use crate::account::{Account, Served};
use crate::http::{Reply, TEXT};
use crate::refusal::Refusal;

pub static PLAIN: Protocol =
    Protocol { paths: &["/mail/*.txt"], read, answer, ..Protocol::DOCUMENT };

fn answer(request: &Request, Served { account, .. }: Served) -> Result<Reply, Refusal> {
    let text = text(request.visitor.language(), &account);
    let disposition = format!("inline; filename=\"{}.txt\"", account.domain);
    Ok(Reply::new(TEXT, text.into_bytes()).header("Content-Disposition", disposition))
}

/// The settings by hand, as the page shows them.
pub fn text(texts: &Language, account: &Account) -> String {
    let mut text = format!("{} {}\n{}\n", texts.settings_for, account.email, account.provider.name);
    for service in services(texts, account) {
        text += &format!("\n{} ({})\n", service.title, service.protocol);
        for row in service.rows {
            let name = row.name;
            text += &match row.value {
                Value::Words(value) => format!("  {name}: {value}\n"),
                Value::Literal(value) => format!("  {name}: {value}\n"),
                Value::Port(port) => format!("  {name}: {port}\n"),
            };
        }
    }
    let provider = &account.provider;
    let help = filled(texts.help, &[("provider", &provider.name)]);
    let links = [
        (texts.webmail, account.webmail.as_ref()),
        (&*help, provider.documentation.as_ref()),
        (texts.imprint, provider.imprint.as_ref()),
    ];
    for (name, url) in links.into_iter().filter_map(|(name, url)| Some((name, url?))) {
        text += &format!("\n{name}: {url}\n");
    }
    text
}
