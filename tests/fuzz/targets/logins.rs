//! A list of login names and a local part in, the same login name or message out however the list is read, at a cost
//! that the length of the list bounds.
//!
//! The input is the local part, a line feed, and the list, with repetitions.

#![no_main]

use autodiscover::fuzzing::{flaws, login};
use autodiscover_fuzz::{bounded, expanded};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let data = expanded(data, 128 << 10);
    let end = data.iter().position(|byte| *byte == b'\n');
    let (local, list) = end.map_or((&data[..], &b""[..]), |end| (&data[..end], &data[end + 1..]));
    let local = String::from_utf8_lossy(local);
    let found = bounded(data.len(), 5_000, 25, || login(list, &local, usize::MAX));
    // A file that hands out one byte at a time makes each line be looked through for its end at every byte.
    if list.len() <= 8 << 10 {
        assert_eq!(found, login(list, &local, 1));
    }
    assert_eq!(found, login(list, &local, 977));
    match found {
        Ok(Some(name)) => assert!(!name.is_empty() && !name.chars().any(char::is_control)),
        Ok(None) => {}
        Err(message) => {
            assert!(!message.is_empty() && !message.chars().any(char::is_control), "{message:?}");
            let flaws = bounded(data.len(), 50_000, 500, || flaws(list));
            assert!(flaws > 0, "check would not say: {message}");
        }
    }
});
