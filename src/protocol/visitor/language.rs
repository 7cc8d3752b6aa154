//! What the pages say, in each language that they speak, and which of them a reader wants.
//!
//! Each file in `language/` is a language: messages of Fluent (projectfluent.org), one a line, so that translators can use
//! their tools. `en.ftl` explains them; `build.rs` makes a field of each.
//!
//! The labels of programs are those that the programs have in the language. Thunderbird's are from
//! `mail/messenger/accountcreation/accountHub.ftl` and `mail/messenger/appmenu.ftl` of
//! github.com/thunderbird/thunderbird-l10n (August 2026), those of Thunderbird for Android and K-9 Mail from
//! `feature/onboarding/migration/thunderbird`, `feature/settings/import` and `feature/account` of
//! github.com/thunderbird/thunderbird-android (August 2026). Those of iOS, macOS, Windows, Outlook and Gmail
//! have no public source; they are written down from the programs as we know them.

use crate::refusal::Refusal;
use crate::request::{lookup, preferred_language};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The parameter of the menu.
pub const LANG: &str = "lang";

/// Speaks to those whose languages are not among ours.
const FALLBACK: &str = "en";

impl Language {
    /// The language with that tag, or with what is left of it without its last subtags.
    pub fn tagged(tag: &str) -> Option<&'static Language> {
        let tag = lookup(tag, &LANGUAGES.each_ref().map(|language| language.tag))?;
        LANGUAGES.iter().find(|language| language.tag == tag)
    }

    /// The language that an `Accept-Language` header weighs most.
    pub fn accepted(header: &str) -> &'static Language {
        let known = LANGUAGES.each_ref().map(|language| language.tag);
        let preferred = preferred_language(header, &known, FALLBACK);
        Language::tagged(preferred).unwrap_or(&LANGUAGES[0])
    }

    /// Why there are no settings.
    pub fn sentence(&self, refusal: &Refusal) -> &'static str {
        match refusal {
            Refusal::InvalidRequest => self.no_address,
            Refusal::NotServed => self.not_served,
            Refusal::NotFound => self.not_found,
            Refusal::MethodNotAllowed { .. } => self.wrong_method,
            _ => self.no_answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
    use fluent_syntax::parser;

    use super::*;

    const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/protocol/visitor/language");

    fn files() -> BTreeMap<String, String> {
        let paths = fs::read_dir(DIRECTORY).unwrap().map(|entry| entry.unwrap().path());
        let tag = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        paths.map(|path| (tag(&path), fs::read_to_string(&path).unwrap())).collect()
    }

    /// The names of a pattern's parameters, and its text with them as they are written.
    fn parts<'a>(pattern: &Pattern<&'a str>) -> (Vec<&'a str>, String) {
        let (mut parameters, mut text) = (Vec::new(), String::new());
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text += value,
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::VariableReference { id }, ..),
                } => {
                    parameters.push(id.name);
                    text += &format!("{{ ${} }}", id.name);
                }
                other => panic!("{other:?}"),
            }
        }
        parameters.sort_unstable();
        (parameters, text)
    }

    /// By Fluent's own parser: the messages of a file with their parameters and texts.
    fn messages<'a>(name: &str, file: &'a str) -> BTreeMap<&'a str, (Vec<&'a str>, String)> {
        let resource =
            parser::parse(file).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
        let mut messages = BTreeMap::new();
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    let id = message.id.name;
                    let value =
                        message.value.as_ref().unwrap_or_else(|| panic!("{name}: {id} is empty"));
                    assert!(message.attributes.is_empty(), "{name}: {id} has attributes");
                    assert!(
                        messages.insert(id, parts(value)).is_none(),
                        "{name}: {id} stands twice"
                    );
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                other => panic!("{name}: {other:?}"),
            }
        }
        messages
    }

    /// A translator's mistake is found here: a file that is no Fluent, a message or a parameter too many or too few.
    #[test]
    fn every_language_says_everything() {
        let files = files();
        let english = messages("en.ftl", &files["en.ftl"]);
        assert!(english.len() > 100);
        for (name, file) in &files {
            let texts = messages(name, file);
            for id in texts.keys() {
                assert!(english.contains_key(id), "{name}: {id} is not in en.ftl");
            }
            for (id, (parameters, _)) in &english {
                let text = texts.get(id).unwrap_or_else(|| panic!("{name}: {id} is missing"));
                assert_eq!(text.0, *parameters, "{name}: {id}");
            }
            // The program reads a line a message, and must read the same.
            let lines = file
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once(" = "));
            let lines: BTreeMap<_, _> = lines.map(|(id, text)| (id, text.to_owned())).collect();
            assert_eq!(
                lines,
                texts.into_iter().map(|(id, (_, text))| (id, text)).collect(),
                "{name}"
            );
        }
    }

    /// What is not among the languages gets the fallback.
    #[test]
    fn the_files_are_the_languages() {
        let tags: Vec<String> =
            LANGUAGES.iter().map(|language| format!("{}.ftl", language.tag)).collect();
        assert_eq!(tags, files().into_keys().collect::<Vec<_>>());
        assert_eq!(Language::accepted("tlh").tag, FALLBACK);
    }
}
