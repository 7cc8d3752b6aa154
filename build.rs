//! Makes the struct of all texts, and one of it for each language, from the Fluent files of `LANGUAGES`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// One file for each language; its name is the language's tag (RFC 5646).
const LANGUAGES: &str = "src/protocol/visitor/language";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LANGUAGES}");
    let code = languages(Path::new(LANGUAGES))?;
    Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join("languages.rs"), code)?)
}

/// `Language`, with a field for each message of `en.ftl`, and `LANGUAGES`, in the order of their tags.
///
/// Where a translation has no message yet, the English one stands.
pub fn languages(directory: &Path) -> Result<String, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if let (Some(tag), true) = (path.file_stem(), path.extension().is_some_and(|e| e == "ftl"))
        {
            files.insert(tag.to_string_lossy().into_owned(), fs::read_to_string(&path)?);
        }
    }
    let english: Vec<_> = messages(files.get("en").ok_or("there is no en.ftl")?).collect();
    let mut code = "pub struct Language {\npub tag: &'static str,\n".to_owned();
    for (name, _) in &english {
        code += &format!("pub {}: &'static str,\n", name.replace('-', "_"));
    }
    code += &format!("}}\n\npub static LANGUAGES: [Language; {}] = [\n", files.len());
    for (tag, file) in &files {
        let texts: BTreeMap<_, _> = messages(file).collect();
        code += &format!("Language {{\ntag: {tag:?},\n");
        for (name, text) in &english {
            let text = texts.get(name).unwrap_or(text);
            code += &format!("{}: {text:?},\n", name.replace('-', "_"));
        }
        code += "},\n";
    }
    Ok(code + "];\n")
}

/// The names and texts of a file, one message a line.
fn messages(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "))
}
