//! What the files of a domain make of a user: asked inside the crate, by `src/config.rs`.

use super::*;
use crate::audience::{Question, Reach, User};

const MAIN: &str = "\
domains = ['hoster.example', '*.sub.example', 'xn--tda.example', '*.one.example']
[imap]
server = 'imap.{domain}'
[smtp]
server = 'smtp.{domain}'
";

fn address(text: &str) -> Address {
    Address::new(text).unwrap()
}

/// What a domain with a file of its own says.
fn served(own: &str, domain: &str, user: &User, listed: Option<&str>) -> Served {
    let read = |scope, text: &str| File::read(scope, String::new(), text.to_owned()).unwrap();
    let main = &read(keys::Scope::Common, MAIN);
    let layers = Layers { main, own: Some(read(keys::Scope::Domain, own)), wrong: Vec::new() };
    let domain = &Domain::new(domain).unwrap();
    layers.valid(Audience::new(user, domain).listed(listed)).unwrap()
}

/// The login name by which a user of autoconfig logs in, and whether the document is that user's alone.
#[track_caller]
fn hidden(template: &str, user: &str, listed: Option<&str>, expected: (&str, bool)) {
    let own = format!("login_name = '{template}'\n");
    let user = User::Hidden(Address::new(user));
    let Served { account, reach, .. } = served(&own, "hoster.example", &user, listed);
    let login_name = account.incoming[0].login_name.as_str();
    let actual = (login_name, reach == Reach::User);
    assert_eq!(actual, expected, "{template} {user:?}");
    assert_eq!(account.email, "%EMAILADDRESS%");
}

/// GNOME, Mailspring and SnappyMail know these two names and no mixture; FairEmail, EmailEngine
/// and aerc take a mixture as it stands.
#[test]
fn a_hidden_user_gets_placeholders_as_far_as_clients_know_them() {
    let ada = "ada@hoster.example";
    for user in [ada, ""] {
        hidden("{email}", user, None, ("%EMAILADDRESS%", false));
        hidden("{local}@{domain}", user, None, ("%EMAILADDRESS%", false));
        hidden("{local}", user, None, ("%EMAILLOCALPART%", false));
        hidden("postmaster", user, None, ("postmaster", false));
    }
    hidden("{local}.{domain}", ada, None, ("ada.hoster.example", true));
    hidden("EXAMPLE\\{local}", ada, None, ("EXAMPLE\\ada", true));
    hidden("{local}.{domain}", "", None, ("%EMAILLOCALPART%.hoster.example", false));
    hidden("{email}", ada, Some("ada"), ("%EMAILLOCALPART%", false));
    hidden("{local}", ada, Some(ada), ("%EMAILADDRESS%", false));
    hidden("{local}", ada, Some("web1p1"), ("web1p1", true));
    hidden("{local}", ada, Some("Ada"), ("Ada", true));
}

#[test]
fn what_people_read_holds_no_placeholder() {
    let own = "\
webmail = { url = 'https://mail.{domain}/{local}' }
caldav = { url = 'https://dav.{domain}/{local}/' }
provider = { name = 'Mail of {local}', documentation = 'https://{domain}/{email}' }
";
    let of = |user: &User| served(own, "\u{fc}.example", user, None);
    let Served { account: hidden, reach, .. } = of(&User::Hidden(None));
    assert_eq!((hidden.webmail, hidden.provider.documentation), (None, None));
    assert_eq!(hidden.provider.name, "\u{fc}.example");
    let caldav = hidden.caldav.unwrap();
    assert_eq!(&*caldav.url, "https://dav.xn--tda.example/%EMAILLOCALPART%/");
    assert!(caldav.url_of_user && reach == Reach::Domain);
    let Served { account: known, reach, .. } =
        of(&User::Hidden(Address::new("ada@\u{fc}.example")));
    assert!(reach == Reach::User && known.webmail.is_none());
    assert_eq!(known.provider.name, "Mail of ada");
    let everyone = of(&User::Everyone).account;
    assert_eq!((everyone.webmail, everyone.provider.documentation), (None, None));
    assert_eq!(everyone.provider.short_name, "xn--tda.example");
    assert_eq!(&*everyone.caldav.unwrap().url, "https://dav.xn--tda.example/{local}/");
    let named = of(&User::Named(address("a&b@\u{fc}.example"))).account;
    assert_eq!(&*named.webmail.unwrap(), "https://mail.xn--tda.example/a%26b");
    assert_eq!(named.provider.name, "Mail of a&b");
}

#[test]
fn everyone_logs_in_by_the_address_or_by_a_template() {
    let login_name = |template: &str| {
        let own = format!("login_name = '{template}'\n");
        let served = served(&own, "hoster.example", &User::Everyone, None);
        served.account.incoming[0].login_name.clone()
    };
    assert_eq!(login_name("{local}@{domain}"), "{email}");
    assert_eq!(login_name("{local}.{domain}"), "{local}.hoster.example");
}

/// Thunderbird, SnappyMail and EmailEngine know no `UsePOPAuth`.
#[test]
fn smtp_logs_in_as_the_first_incoming_server() {
    let own = "prefer = 'pop3'\npop3 = { server = 'p.x', login_name = '{local}' }\n\
        smtp.use_pop_auth = true\nsmtp.login_name = 'other'\n";
    let user = User::Named(address("ada@hoster.example"));
    let smtp = served(own, "hoster.example", &user, None).account.smtp.unwrap();
    assert_eq!((smtp.login_name.as_str(), smtp.use_pop_auth), ("ada", true));
}

fn place() -> Place {
    Place::Text { main: MAIN.into(), own: None }
}

fn asked(place: &Place, domain: &Domain, user: User, host: &Domain) -> Option<Served> {
    let host = Some(host.clone());
    let question = Question { host, ..Question::new(domain.clone(), user) };
    Config::of(place).served(&question).unwrap()
}

/// The domain that answers a guest, who sent that address, at a host.
fn host_of(user: Option<&str>, host: &str) -> Option<String> {
    let domain = Domain::new("customer.example").unwrap();
    let user = User::Hidden(user.map(address));
    let host = Domain::new(host).unwrap();
    let served = asked(&place(), &domain, user, &host)?;
    Some(served.account.domain.to_string())
}

/// draft-ietf-mailmaint-autoconfig, domain hosters: found by MX, asked with the customer's address.
/// A pattern makes no host a mail domain.
#[test]
fn the_domain_of_the_host_answers_guests() {
    let ada = Some("ada@customer.example");
    for (host, domain) in [
        ("hoster.example", Some("hoster.example")),
        ("www.mail.hoster.example", Some("hoster.example")),
        ("a.sub.example", None),
        ("a.b.sub.example", None),
        ("sub.example", None),
        ("example", None),
        ("elsewhere.test", None),
    ] {
        assert_eq!(host_of(ada, host).as_deref(), domain, "{host}");
        assert_eq!(host_of(None, host).as_deref(), domain, "{host}");
    }
    let domain = Domain::new("customer.example").unwrap();
    let host = Domain::new("hoster.example").unwrap();
    let named = User::Named(address("ada@customer.example"));
    assert_eq!(asked(&place(), &domain, named, &host), None);
    assert_eq!(asked(&place(), &domain, User::Everyone, &host), None);
}

#[test]
fn a_guest_logs_in_with_the_domain_of_the_address() {
    let login_name = |template: &str, user: Option<&str>| {
        let main = format!("login_name = '{template}'\n{MAIN}");
        let place = Place::Text { main: main.into(), own: None };
        let domain = Domain::new("customer.example").unwrap();
        let host = Domain::new("hoster.example").unwrap();
        let user = User::Hidden(user.map(address));
        let account = asked(&place, &domain, user, &host).unwrap().account;
        assert_eq!(account.incoming[0].server, "imap.hoster.example");
        account.incoming[0].login_name.clone()
    };
    let ada = Some("ada@customer.example");
    assert_eq!(login_name("{local}@{domain}", ada), "%EMAILADDRESS%");
    assert_eq!(login_name("{local}.{domain}", ada), "ada.customer.example");
    assert_eq!(login_name("{local}.{domain}", None), "%EMAILLOCALPART%.%EMAILDOMAIN%");
}

#[test]
fn a_host_that_is_served_is_known() {
    let domain = Domain::new("hoster.example").unwrap();
    for (host, served) in [("a.one.example", true), ("one.example", false)] {
        let host = Domain::new(host).unwrap();
        let user = User::Named(address("ada@hoster.example"));
        let actual = asked(&place(), &domain, user, &host).unwrap();
        assert_eq!(actual.host_is_served, served, "{host}");
    }
}

#[test]
fn a_domain_with_nothing_to_offer_is_not_served() {
    let own = Some("imap.enabled = false\nsmtp.enabled = false\n".to_owned());
    let place = Place::Text { main: MAIN.into(), own };
    let domain = Domain::new("hoster.example").unwrap();
    for user in [User::Named(address("a@hoster.example")), User::Hidden(None), User::Everyone] {
        assert_eq!(asked(&place, &domain, user.clone(), &domain), None, "{user:?}");
    }
}

#[test]
fn domains_are_those_that_are_named() {
    let place = place();
    let names: Vec<String> =
        Config::of(&place).domains().unwrap().iter().map(Domain::to_string).collect();
    assert_eq!(names, ["hoster.example", "xn--tda.example"]);
}
