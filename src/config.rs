//! The configuration of one domain: the common file and the domain's own, merged and filled in for a user.

pub mod file;
pub mod keys;
pub mod load;
pub mod logins;
pub mod mistakes;
pub mod placeholders;
pub mod problem;
pub mod values;

pub use load::{Config, Place};
pub use problem::Problem;

use crate::account::{
    Account, Authentications, Dav, Encryption, Logo, MailProtocol, MailServer, ManageSieve,
    MobileSync, OAuth2, Provider, Redirect, Served,
};
use crate::address::{Address, Domain};
use crate::audience::{Audience, is_of_user};
use file::File;
use keys::Both;
use placeholders::Template;
use values::{Incoming, LogoSource};

/// The files that speak for a domain: its own over the common one, key by key.
#[derive(Debug)]
pub struct Layers<'c> {
    pub main: &'c File,
    /// `domains/NAME.toml`; if it exists, the domain is served.
    pub own: Option<File>,
    /// Tables and keys with a mistake in one of the files, the key empty when it is unknown; a request has none.
    pub wrong: mistakes::Wrong,
}

impl Layers<'_> {
    /// The files, in the order in which they are asked: the domain's own before the common one.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.own.iter().chain([self.main])
    }

    /// What both files say in a table, the nameless one being above the first header; None when neither has it.
    pub fn table(&self, name: &str) -> Option<Both<'_>> {
        let own = self.own.as_ref().and_then(|own| own.settings.table(name));
        let main = self.main.settings.table(name);
        (own.is_some() || main.is_some()).then(|| Both::of(own, main))
    }

    /// A table that is not switched off.
    pub fn service(&self, name: &str) -> Option<Both<'_>> {
        self.table(name).filter(|table| table.enabled != Some(&false))
    }

    /// Where a key is written, in the first file that has it; where a table begins, when the key is empty.
    pub fn place(&self, table: &str, key: &str) -> Option<(&File, usize)> {
        self.files().find_map(|file| file.settings.at(table, key).map(|at| (file, at)))
    }

    /// What begins an extension in a local part.
    pub fn extension(&self) -> Option<char> {
        self.files().find_map(|file| file.settings.top.address_extension()).map(|mark| mark.0)
    }

    /// Whether the domain is answered at all.
    pub fn serve(&self, domain: &Domain) -> bool {
        self.own.is_some() || self.main.settings.patterns().any(|pattern| pattern.matches(domain))
    }
}

impl Layers<'_> {
    /// What a user gets, with everything that is wrong once both files are merged.
    pub fn served(&self, audience: Audience) -> (Served, Vec<Problem>) {
        let top = self.table("").unwrap_or_default();
        let audience = audience.extended_by(self.extension());
        let mut filling = Filling { layers: self, top, audience, problems: Vec::new() };
        let (account, moved) = (filling.account(), filling.redirect());
        let reach = filling.audience.reach();
        (Served { account, moved, reach, host_is_served: false, signed: None }, filling.problems)
    }

    /// What a user gets, or the first problem.
    pub fn valid(&self, audience: Audience) -> Result<Served, Problem> {
        let (served, problems) = self.served(audience);
        problems.into_iter().next().map_or(Ok(served), Err)
    }
}

/// Both files on their way to an account.
struct Filling<'a> {
    layers: &'a Layers<'a>,
    /// What stands above the first table.
    top: Both<'a>,
    audience: Audience<'a>,
    problems: Vec<Problem>,
}

impl<'a> Filling<'a> {
    fn account(&mut self) -> Account {
        let imap = self.mail_server(MailProtocol::Imap);
        let pop3 = self.mail_server(MailProtocol::Pop3);
        let mut smtp = self.mail_server(MailProtocol::Smtp);
        let incoming = match self.top.prefer {
            Some(Incoming::Pop3) => [pop3, imap],
            _ => [imap, pop3],
        };
        let incoming: Vec<MailServer> = incoming.into_iter().flatten().collect();
        if let (Some(first), Some(smtp)) = (incoming.first(), &mut smtp)
            && smtp.use_pop_auth
        {
            smtp.login_name.clone_from(&first.login_name);
        }
        let display_name = self.top.display_name;
        let mobilesync = self.mobilesync();
        let webmail = self.layers.service("webmail");
        let webmail =
            webmail.and_then(|table| self.required("webmail", table.url)).and_then(|url| {
                let login =
                    if url.contains("{login}") { self.login_name(None) } else { String::new() };
                self.audience.url_for_people(url, &login)
            });
        let caldav = self.dav("caldav");
        let carddav = self.dav("carddav");
        let jmap = self.dav("jmap").map(Box::new);
        let managesieve = self.managesieve().map(Box::new);
        let oauth2 = self.oauth2().map(Box::new);
        let provider = self.provider();
        Account {
            email: self.audience.email().to_owned(),
            domain: self.audience.domain.clone(),
            display_name: display_name.map(|name| self.audience.text(name)),
            incoming,
            smtp,
            mobilesync,
            webmail,
            caldav,
            carddav,
            jmap,
            managesieve,
            oauth2,
            provider,
        }
    }

    fn mail_server(&mut self, protocol: MailProtocol) -> Option<MailServer> {
        let name = protocol.name();
        let table = self.layers.service(name)?;
        if table.server.is_none() {
            self.report_missing(name, &["server"]);
        }
        let encryption = table.encryption.copied().unwrap_or_default();
        let port = match table.port {
            Some(port) => {
                self.check_port(protocol, port.0.get(), encryption);
                port.0.get()
            }
            None => protocol.default_port(encryption),
        };
        let leaves = table.leave_on_server != Some(&false);
        Some(MailServer {
            protocol,
            server: self.audience.text(table.server?),
            port,
            encryption,
            login_name: self.login_name(table.login_name),
            domain_required: table.domain_required == Some(&true),
            domain_name: table.domain_name.map(|name| self.audience.text(name)),
            spa: table.spa == Some(&true),
            auth_required: table.auth_required != Some(&false),
            ttl: table.ttl.map(|hours| hours.0),
            use_pop_auth: table.use_pop_auth == Some(&true),
            smtp_last: table.smtp_last == Some(&true),
            authentication: self.authentication(table.authentication),
            leave_on_server: table.leave_on_server.copied(),
            days: table.days.filter(|_| leaves).map(|days| days.0.get()),
        })
    }

    /// Port and encryption decide each other's meaning to Outlook: with STARTTLS announced on a port of
    /// implicit TLS it waits for a greeting that never comes, and the reverse.
    fn check_port(&mut self, protocol: MailProtocol, port: u16, encryption: Encryption) {
        let implicit = matches!(port, 465 | 993 | 995);
        let explicit = matches!(port, 25 | 110 | 143 | 587);
        let right = match encryption {
            Encryption::Ssl if explicit => "starttls",
            Encryption::StartTls | Encryption::None if implicit => "ssl",
            _ => return,
        };
        let table = protocol.name();
        let own = |key| {
            let own = self.layers.own.as_ref()?;
            Some((own, own.settings.at(table, key)?))
        };
        let place =
            own("port").or_else(|| own("encryption")).or_else(|| self.layers.place(table, "port"));
        let text = format!(
            "[{table}] has port {port} with encryption \"{}\"; write \"{right}\", or port {}",
            encryption.name(),
            protocol.default_port(encryption),
        );
        self.problem(table, &["port", "encryption"], place, text);
    }

    /// By the template of the service, else by the common one.
    fn login_name(&mut self, of_service: Option<&Template>) -> String {
        self.audience.login_name(of_service.or(self.top.login_name).map_or("{email}", |name| name))
    }

    fn mobilesync(&mut self) -> Option<MobileSync> {
        let table = self.layers.service("mobilesync")?;
        let url = self.required("mobilesync", table.url)?;
        let url = self.audience.url(url)?;
        Some(MobileSync {
            name: table.name.map_or_else(|| url.to_string(), |name| self.audience.text(name)),
            login_name: self.login_name(None),
            url,
        })
    }

    /// A server that a URL leads to: CalDAV, CardDAV or JMAP.
    fn dav(&mut self, name: &str) -> Option<Dav> {
        let table = self.layers.service(name)?;
        let url = self.required(name, table.url)?;
        let login_name = self.login_name(table.login_name);
        Some(Dav {
            url: self.audience.url_with(url, &login_name)?,
            login_name,
            url_of_user: is_of_user(url),
            authentication: self.authentication(table.authentication),
        })
    }

    fn managesieve(&mut self) -> Option<ManageSieve> {
        const NAME: &str = "managesieve";
        let table = self.layers.service(NAME)?;
        if table.server.is_none() {
            self.report_missing(NAME, &["server"]);
        }
        Some(ManageSieve {
            server: self.audience.text(table.server?),
            port: table.port.map_or(ManageSieve::PORT, |port| port.0.get()),
            encryption: table.encryption.copied().unwrap_or(Encryption::StartTls),
            login_name: self.login_name(table.login_name),
            authentication: self.authentication(table.authentication),
        })
    }

    /// Half a server of OAuth 2.0 makes Thunderbird for Android and for iOS drop a file.
    fn oauth2(&mut self) -> Option<OAuth2> {
        let table = self.layers.table("oauth2")?;
        let Both { issuer, auth_url, token_url, scope, client_id, .. } = table;
        for (key, there) in [
            ("issuer", issuer.is_some()),
            ("auth_url", auth_url.is_some()),
            ("token_url", token_url.is_some()),
            ("scope", scope.is_some()),
        ] {
            if !there {
                let text = format!("[oauth2] has no '{key}'; add it, since all four are needed");
                self.problem("oauth2", &[key], self.layers.place("oauth2", ""), text);
            }
        }
        Some(OAuth2 {
            issuer: self.audience.url(issuer?)?,
            auth_url: self.audience.url(auth_url?)?,
            token_url: self.audience.url(token_url?)?,
            scope: scope?.0.clone(),
            client_id: client_id.map(|id| id.0.clone()),
        })
    }

    /// The ways of a service, else the common ones.
    fn authentication(&self, of_service: Option<&Authentications>) -> Authentications {
        of_service.or(self.top.authentication).copied().unwrap_or(Authentications::PASSWORD)
    }

    fn provider(&mut self) -> Provider {
        let table = self.layers.table("provider").unwrap_or_default();
        let name = table.name.and_then(|name| self.audience.name_for_people(name));
        let name = name.unwrap_or_else(|| self.audience.domain_for_people());
        let short_name = table.short_name.and_then(|name| self.audience.name_for_people(name));
        Provider {
            short_name: short_name.unwrap_or_else(|| name.clone()),
            name,
            documentation: table
                .documentation
                .and_then(|url| self.audience.url_for_people(url, "")),
            imprint: table.imprint.and_then(|url| self.audience.url_for_people(url, "")),
            hint: table.hint.map(|hint| hint.0.clone()),
            logo: table.logo.map(|logo| match logo {
                LogoSource::Url(url) => Logo::Url(url.clone()),
                LogoSource::File(name) => Logo::File(name.clone()),
            }),
            color: table.color.copied(),
        }
    }

    /// The domain's own redirect as a whole, else the common one: an address and a URL exclude each other.
    fn redirect(&mut self) -> Option<Redirect> {
        self.layers.service("redirect")?;
        let files = self.layers.files().filter_map(|file| {
            let table = file.settings.table("redirect")?;
            let given = table.address().is_some() || table.url().is_some();
            given.then_some((file, table.address(), table.url()))
        });
        let found = files.into_iter().next();
        let Some((file, address, url)) = found else {
            self.report_missing("redirect", &["address", "url"]);
            return None;
        };
        let at = |key| file.settings.at("redirect", key).unwrap_or_default();
        let (at, text) = match (address, url) {
            (None, Some(url)) => return self.audience.url(url).map(Redirect::Url),
            (Some(_), Some(_)) => {
                let text = "[redirect] has both 'address' and 'url'; keep one".to_owned();
                (at("address").max(at("url")), text)
            }
            (address, None) => {
                let domain = self.audience.domain;
                let address = self.audience.address(address?);
                match Address::new(&address) {
                    Some(target) if target.domain() != domain => {
                        return Some(Redirect::Address(address));
                    }
                    Some(_) => (
                        at("address"),
                        format!(
                            "[redirect] leads '{domain}' back to itself; name an address elsewhere"
                        ),
                    ),
                    None => (
                        at("address"),
                        format!(
                            "[redirect] gives '{domain}' no address; name one that fits its length"
                        ),
                    ),
                }
            }
        };
        self.problems.push(file.problem(at, text));
        None
    }

    /// The value of a required key.
    fn required<'v, V>(&mut self, table: &str, value: Option<&'v V>) -> Option<&'v V> {
        if value.is_none() {
            self.report_missing(table, &["url"]);
        }
        value
    }

    /// Reports a missing required key.
    fn report_missing(&mut self, table: &str, keys: &[&str]) {
        let what = format!("'{}'", keys.join("' or '"));
        let text = format!("[{table}] has no {what}; add it, or 'enabled = false'");
        self.problem(table, keys, self.layers.place(table, ""), text);
    }

    /// Reports a problem with some keys of a table, unless it is the consequence of a mistake there.
    fn problem(&mut self, table: &str, keys: &[&str], place: Option<(&File, usize)>, text: String) {
        let explains =
            |(place, key): &(&str, &str)| *place == table && (key.is_empty() || keys.contains(key));
        if self.layers.wrong.iter().any(explains) {
            return;
        }
        let (file, at) = place.unwrap_or((self.layers.main, 0));
        self.problems.push(file.problem(at, text));
    }
}

#[cfg(test)]
#[path = "../tests/it/accounts.rs"]
mod tests;
