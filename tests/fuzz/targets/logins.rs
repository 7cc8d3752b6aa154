//! A list of login names and a local part in, the same login name or message out however the list is read.
//!
//! The input is the local part, a line feed, and the list.

#![no_main]

use autodiscover::fuzzing::{flaws, login};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (local, list) = end.map_or((data, &b""[..]), |end| (&data[..end], &data[end + 1..]));
    let local = String::from_utf8_lossy(local);
    let found = login(list, &local, usize::MAX);
    assert_eq!(found, login(list, &local, 1));
    assert_eq!(found, login(list, &local, 7));
    match found {
        Ok(Some(name)) => assert!(!name.is_empty() && !name.chars().any(char::is_control)),
        Ok(None) => {}
        Err(message) => {
            assert!(!message.is_empty() && !message.chars().any(char::is_control), "{message:?}");
            assert!(flaws(list) > 0, "check would not say: {message}");
        }
    }
});
