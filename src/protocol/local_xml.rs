//! The file of Outlook's local XML method: the settings that Outlook would fetch, to lay on the user's own computer.

use super::pox::outlook;
use super::{Protocol, Request, Visitor};
use crate::account::{Account, Served};
use crate::audience::Question;
use crate::http::{Received, Reply, XML};
use crate::refusal::Refusal;
use crate::request::{EMAILADDRESS, address_parameter};

pub static LOCAL_XML: Protocol =
    Protocol { paths: &["/mail/*.outlook.xml"], read, answer, ..Protocol::DOCUMENT };

/// The settings are a user's: the login name stands in them.
pub fn read(received: &Received, _: Visitor) -> Result<Question, Refusal> {
    let address = address_parameter(received, EMAILADDRESS)?.ok_or(Refusal::InvalidRequest)?;
    Ok(Question::named(address))
}

fn answer(_: &Request, Served { account, .. }: Served) -> Result<Reply, Refusal> {
    let disposition = format!("attachment; filename=\"{}\"", file_name(&account));
    let reply = Reply::new(XML, outlook::settings(&account)?);
    Ok(reply.header("Content-Disposition", disposition))
}

/// What the file is called, for the registry to name it.
pub fn file_name(account: &Account) -> String {
    format!("{}.outlook.xml", account.domain)
}
