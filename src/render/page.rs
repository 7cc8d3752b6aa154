//! The page for people: settings by hand.

use crate::config::Account;
use crate::http::{Received, Reply};
use crate::refusal::Refusal;

const HTML: &str = "text/html; charset=utf-8";

/// The settings of an account, or only the form when there is none.
pub fn settings(account: Option<&Account>, received: &Received) -> Reply {
    let _ = (account, &received.accept_language);
    Reply::new(HTML, Vec::new())
}

/// The form, with why there are no settings.
pub fn refusal(refusal: &Refusal, _: &Received) -> Reply {
    Reply::new(HTML, refusal.sentence().into())
}

/// For the administrator who opens the address in a browser and would think it broken.
pub fn explanation(_: &Received) -> Reply {
    Reply::new(HTML, EXPLANATION.into())
}

const EXPLANATION: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Autodiscover</title>
<h1>Autodiscover works here</h1>
<p>Mail programs send a request to this address and get the settings of a mailbox.</p>
<p>A browser cannot ask that way, so there is nothing more to see.</p>
</html>
";
