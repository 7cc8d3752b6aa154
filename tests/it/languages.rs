//! A new language is one file.

use std::fs;
use std::path::Path;

#[expect(dead_code, reason = "a build script has a main function")]
#[path = "../../build.rs"]
mod build;

/// A file added to those in `src/` is a language of the menu, and says in English what it has no message for.
#[test]
fn a_new_language_is_one_file() {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/protocol/visitor/language");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("languages");
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    for entry in fs::read_dir(ours).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, directory.join(path.file_name().unwrap())).unwrap();
    }
    let before = build::languages(&directory).unwrap();
    fs::write(directory.join("tlh.ftl"), "# Klingon\nlanguage = tlhIngan Hol\n").unwrap();
    let after = build::languages(&directory).unwrap();
    assert!(!before.contains("tlh"));
    assert!(after.contains("tag: \"tlh\",\nlanguage: \"tlhIngan Hol\",\n"));
    let count = |code: &str| code.matches("tag: \"").count();
    assert_eq!(count(&after), count(&before) + 1);
    assert_eq!(after.matches("\nheading: \"").count(), count(&after));
}
