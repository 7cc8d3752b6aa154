//! Lists of login names: asked inside the crate, by `src/config/logins.rs`.

use super::*;

const LIST: &str = "list";
const UMLAUT: u128 = 0x1069_5c28_8727_f07f_a48a_fa95_d26f_c31b;
const A_B: u128 = 0xbf94_102e_1a15_53c9_4831_72de_9624_24ca;
const ADA_AT_A: u128 = 0x02be_a704_9fd6_637a_73a8_1d31_3cd1_674b;
const ADA_AT_U: u128 = 0xde97_d103_6815_ea11_aa73_ae4f_1347_aef2;
const ADA_AT_EXAMPLE_ORG: u128 = 0x5bfc_f2d8_e394_6745_5033_2640_d72d_b509;

#[track_caller]
fn found(list: &str, local: &str, expected: Option<(&str, usize)>) {
    let login = login(LIST.as_ref(), list.as_bytes(), local).unwrap();
    assert_eq!(login.as_ref().map(|login| (login.name.as_str(), login.line)), expected);
}

#[track_caller]
fn problems(list: &[u8], expected: &[(usize, usize, &str)]) {
    let judged = judge(LIST.as_ref(), list, usize::MAX, |_, _| None);
    let problems: Vec<_> =
        judged.problems.iter().map(|p| (p.line, p.column, p.text.as_str())).collect();
    assert_eq!(problems, expected);
}

#[test]
fn a_line_gives_the_login_name() {
    let list = "# mail\n\nada web1p1\r\n\t Grace \t web1p2  # later\n";
    found(list, "ada", Some(("web1p1", 3)));
    found(list, "ADA", Some(("web1p1", 3)));
    found(list, "grace", Some(("web1p2", 4)));
    for absent in ["ad", "adas", "web1p1", "#", "linus"] {
        found(list, absent, None);
    }
}

#[test]
fn the_last_line_needs_no_end() {
    found("ada a1", "ada", Some(("a1", 1)));
    found("\u{feff}ada a1", "ada", Some(("a1", 1)));
    found("", "ada", None);
}

/// The digests are those of `md5sum`.
#[test]
fn a_digest_is_that_of_the_address_in_lower_case() {
    let list = "# x\n\nBOB b1\n\tAda a1 # later\nada a2\n\"a b\" q1\nÄda u1\n";
    let found = |domain: &str, digest: u128| {
        let (domain, digest) = (Domain::new(domain).unwrap(), digest.to_be_bytes());
        let login = digested(LIST.as_ref(), list.as_bytes(), &domain, &digest).unwrap();
        login.map(|login| (login.name, login.line, login.local.unwrap()))
    };
    let login = |name: &str, line, local: &str| Some((name.to_owned(), line, local.to_owned()));
    // ada@example.org, and ada@ü.example with either form of its domain.
    let ada = login("a1", 4, "Ada");
    assert_eq!(found("example.org", 0x0a8b_f1b0), None);
    assert_eq!(found("example.org", ADA_AT_EXAMPLE_ORG), ada);
    assert_eq!(found("example.net", ADA_AT_EXAMPLE_ORG), None);
    assert_eq!(found("xn--tda.example", ADA_AT_U), ada);
    assert_eq!(found("xn--tda.example", ADA_AT_A), ada);
    // "a b"@example.org and äda@example.org.
    assert_eq!(found("example.org", A_B), login("q1", 6, "\"a b\""));
    assert_eq!(found("example.org", UMLAUT), login("u1", 7, "Äda"));
}

#[test]
fn digests_have_a_bound() {
    let found = |lines: usize| {
        let list = format!("{}ada a1\n", "\n".repeat(lines));
        let digest = ADA_AT_EXAMPLE_ORG.to_be_bytes();
        let domain = Domain::new("example.org").unwrap();
        digested(LIST.as_ref(), list.as_bytes(), &domain, &digest).unwrap().map(|login| login.line)
    };
    assert_eq!(found(MOST_DIGESTED - 1), Some(MOST_DIGESTED));
    assert_eq!(found(MOST_DIGESTED), None);
}

#[test]
fn letters_beyond_ascii_have_no_case_either() {
    found("ДЕД d1\nstraße s1\nKay k1\n", "дед", Some(("d1", 1)));
    found("ДЕД d1\nstraße s1\n", "STRAßE", Some(("s1", 2)));
    // The sign for kelvin, whose lower case is a plain k.
    found("\u{212a}ay k1\n", "kay", Some(("k1", 1)));
}

#[test]
fn a_quoted_local_part_may_hold_blanks() {
    found("\"a \\\" b\" q1\nb b1\n", "\"A \\\" b\"", Some(("q1", 1)));
}

#[test]
fn the_first_of_two_lines_counts() {
    found("ada a1\nAda a2\n", "ada", Some(("a1", 1)));
    let text = "duplicate entry for 'Ada' (first on line 1) is ignored; remove it";
    problems(b"ada a1\nAda a2\n", &[(2, 1, text)]);
}

#[test]
fn a_block_may_end_anywhere() {
    for length in BLOCK - 40..BLOCK + 40 {
        let comment = format!("#{}\n", "x".repeat(1022));
        let mut list = comment.repeat(length / 1024);
        list.push_str(&"#".repeat(length % 1024));
        list.push_str("\nada a1\nbob b1\n");
        found(&list, "bob", Some(("b1", length / 1024 + 3)));
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    problems(b"ada\n", &[(1, 1, "'ada' has no login name; write it after a space")]);
    problems(b" \xd0\xb4 # x\n", &[(1, 2, "'д' has no login name; write it after a space")]);
    let text = "'b c' stands after the login name; a login name has no space";
    problems("д a b c\n".as_bytes(), &[(1, 5, text)]);
    problems(b"\nad\xff a\n", &[(2, 3, "the line is not UTF-8; save it as UTF-8")]);
    problems(b"ada a\x1b\n", &[(1, 6, "a control character; remove it")]);
    let text = "a quote that is not closed; close or remove it";
    problems(b"ada \"a b\nbob \"\n", &[(1, 5, text), (2, 5, text)]);
    problems(b"ada \"a\tb\"\n", &[(1, 5, "a tab in the login name; remove it")]);
    let text = "'ada@example.org' is an address; write what stands before its @";
    problems(b"ada@example.org a\n", &[(1, 1, text)]);
    let text = "'ada:' must be what stands before the @ of an address";
    problems(b"ada: a\n", &[(1, 1, text)]);
}

#[test]
fn only_the_line_that_is_asked_for_is_judged() {
    found("bob\nad\u{1}\nada a1\n", "ada", Some(("a1", 3)));
    found("ada", "ad", None);
    let lines: [&[u8]; 4] = [b"ada a\xff\n", b"ada\n", b" \tada\n", b"ada"];
    for line in lines {
        assert!(login(LIST.as_ref(), line, "ada").is_err(), "{line:?}");
    }
    assert_eq!(login(LIST.as_ref(), &b"ada\xff a\n"[..], "ada"), Ok(None));
}

#[test]
fn a_line_that_is_not_utf_8_is_a_fault_for_its_user_alone() {
    let list: &[u8] = b"bob b\xff\nada a\xff\n";
    assert!(login(LIST.as_ref(), list, "ada").is_err());
    assert_eq!(login(LIST.as_ref(), list, "eve"), Ok(None));
    let domain = Domain::new("example.org").unwrap();
    let by_digest =
        |list| digested(LIST.as_ref(), list, &domain, &ADA_AT_EXAMPLE_ORG.to_be_bytes());
    assert!(by_digest(list).is_err());
    assert_eq!(by_digest(&b"bob b\xff\nada\xff a\n"[..]), Ok(None));
}

#[test]
fn what_nobody_sees_is_told_with_its_number() {
    for (line, column, number) in [
        ("\u{200b}ada a\n", 1, "200B"),
        ("a\u{ad}da a\n", 2, "00AD"),
        ("ada\u{a0}a\n", 4, "00A0"),
        ("ada a\u{feff}\n", 6, "FEFF"),
        ("ada\u{2003}web1p1 x\r\n", 4, "2003"),
    ] {
        let judged = judge(LIST.as_ref(), line.as_bytes(), usize::MAX, |_, _| None);
        let [problem] = judged.problems.as_slice() else { panic!("{line}: {judged:?}") };
        assert_eq!(problem.column, column, "{line}");
        assert_eq!(problem.text, format!("the invisible character U+{number}; remove it"));
    }
    problems("ada a # \u{200b}\n".as_bytes(), &[]);
}

/// What was cut in a character of several bytes, and sigma at the end of a word.
#[test]
fn heads_of_several_bytes_and_both_small_sigmas() {
    for (list, local) in [
        ("ΟΔΥΣΣΕΎΣ o1\n", "οδυσσεύς"),
        ("οδυσσεύς o1\n", "ΟΔΥΣΣΕΎΣ"),
        ("οδυσσεύσ o1\n", "οδυσσεύς"),
        ("ш o1\n", "Ш"),
        ("😀😀 o1\n", "😀😀"),
        ("ä\to1\n", "Ä"),
    ] {
        found(list, local, Some(("o1", 1)));
    }
    // The head that is compared ends within a character.
    for length in 1..8 {
        let long = format!("{} o1\n", "é".repeat(length) + &"x".repeat(64));
        found(&long, &"é".repeat(length), None);
        found(&format!("a{}\na a1\n", "😀".repeat(length)), "a", Some(("a1", 2)));
    }
}

#[test]
fn lines_have_a_bound() {
    let text = format!("ada {}", "a".repeat(LONGEST_LINE - 4));
    found(&text, "ada", Some((&text[4..], 1)));
    assert!(login(LIST.as_ref(), format!("{text}a").as_bytes(), "ada").is_err());
    let list = format!("a a\n{} x\n", "y".repeat(LONGEST_LINE));
    let text = "the line is longer than 4096 bytes; shorten it";
    problems(list.as_bytes(), &[(2, 1, text)]);
    problems(&[b'x'; BLOCK], &[(1, 1, text)]);
}

#[test]
fn lists_have_a_bound() {
    let line = format!("#{}\n", "x".repeat(LONGEST_LINE - 1));
    let longest = line.repeat((LONGEST - 8) / line.len());
    let longest = format!("{longest}#{}\nada a1\n", "x".repeat(LONGEST - 9 - longest.len()));
    assert_eq!(longest.len(), LONGEST);
    found(&longest, "ada", Some(("a1", longest.lines().count())));
    assert!(login(LIST.as_ref(), format!("{longest}\n").as_bytes(), "x").is_err());
    let list = line.repeat(LONGEST / line.len() + 1);
    let text = "cannot be read: it is longer than 8 MiB; shorten it";
    problems(list.as_bytes(), &[(0, 0, text)]);
    assert!(login(LIST.as_ref(), list.as_bytes(), "x").is_err());
}

#[test]
fn lists_are_utf_8() {
    let text = "cannot be read: it is UTF-16; save it as UTF-8";
    for lines in ["ada a1\n", "\nada a1\n", "\u{feff}ada a1\n"] {
        let little: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = lines.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for list in [little, big] {
            problems(&list, &[(0, 0, text)]);
            assert!(login(LIST.as_ref(), list.as_slice(), "ada").is_err());
        }
    }
}
