//! The two response schemas of Autodiscover that we speak, and their namespaces.

/// Which document the client can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// MS-OXDSCLI: Outlook and all who imitate it.
    Outlook,
    /// MS-ASCMD 2.2.1.1: Exchange ActiveSync.
    MobileSync,
}

/// The namespace of the envelope and of its errors (MS-OXDSCLI 2.2.4).
pub const RESPONSE: &str = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
/// The namespace of Outlook's settings, and the value that asks for them (MS-OXDSCLI 2.2.4).
pub const OUTLOOK: &str =
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
/// The namespace of ActiveSync's settings, and the value that asks for them (MS-ASCMD 6.2).
pub const MOBILESYNC: &str =
    "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";

impl Schema {
    /// The schema named by an `AcceptableResponseSchema`; None for one that we do not speak.
    ///
    /// Case and white space around it do not matter, and `https` stands for `http`:
    /// the pages of Microsoft Learn print the namespaces so.
    pub fn named(text: &str) -> Option<Schema> {
        let (scheme, rest) = text.trim().split_once(':')?;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        [(OUTLOOK, Schema::Outlook), (MOBILESYNC, Schema::MobileSync)]
            .into_iter()
            .find(|(uri, _)| rest.eq_ignore_ascii_case(&uri["http:".len()..]))
            .map(|(_, schema)| schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_and_the_case_do_not_matter() {
        assert_eq!(Schema::named(OUTLOOK), Some(Schema::Outlook));
        assert_eq!(Schema::named(&format!("\n {MOBILESYNC}\t")), Some(Schema::MobileSync));
        assert_eq!(Schema::named(&OUTLOOK.to_uppercase()), Some(Schema::Outlook));
        assert_eq!(Schema::named(&OUTLOOK.replace("http:", "https:")), Some(Schema::Outlook));
    }

    #[test]
    fn everything_else_does() {
        assert_eq!(Schema::named(""), None);
        assert_eq!(Schema::named(RESPONSE), None);
        assert_eq!(Schema::named(&format!("{OUTLOOK}\"/>")), None);
        assert_eq!(Schema::named(&OUTLOOK.replace("http:", "ftp:")), None);
    }
}
