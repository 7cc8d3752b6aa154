//! Checks file access as another user: whether the web server's may read what root can.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use crate::config::Problem;

/// A user of this machine, with the groups that decide what it may read.
#[derive(Debug)]
pub struct Reader {
    name: String,
    uid: u32,
    gids: Vec<u32>,
}

/// Who runs web servers: Debian's, Red Hat's, and whoever else.
const USUAL: [&str; 3] = ["www-data", "apache", "nobody"];

/// What a user may do with a file, as the last three bits of its mode have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read = 4,
    /// To open what is in a directory, whose names need not be readable.
    Search = 1,
}

/// As many symlinks as Linux follows (path_resolution(7)).
const MOST_LINKS: usize = 40;

impl Reader {
    /// The named user; without a name that of the web server for root, and None for everybody else,
    /// for whom reading the files shows what the program may read when it runs as them.
    pub fn find(name: Option<&str>) -> Result<Option<Reader>, String> {
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let groups = fs::read_to_string("/etc/group").unwrap_or_default();
        match name {
            Some(name) => Reader::named(name, &users, &groups)
                .map(Some)
                .ok_or_else(|| format!("user '{name}' is not in /etc/passwd; name another")),
            None if rustix::process::geteuid().is_root() => {
                Ok(USUAL.iter().find_map(|name| Reader::named(name, &users, &groups)))
            }
            None => Ok(None),
        }
    }

    /// The user of that name in the text of `/etc/passwd`, with its groups in that of `/etc/group`.
    fn named(name: &str, users: &str, groups: &str) -> Option<Reader> {
        let user: Vec<&str> = users
            .lines()
            .map(|line| line.split(':').collect())
            .find(|fields: &Vec<&str>| fields[0] == name)?;
        let own: u32 = user.get(3)?.parse().ok()?;
        let further = groups.lines().filter_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let member = fields.get(3)?.split(',').any(|member| member == name);
            fields.get(2).filter(|_| member)?.parse().ok()
        });
        let gids = [own].into_iter().chain(further).collect();
        Some(Reader { name: name.to_owned(), uid: user.get(2)?.parse().ok()?, gids })
    }

    /// The first thing on the way to a file, or the file itself, that the user cannot get past.
    ///
    /// None as well for what cannot be looked at: reading it tells more.
    pub fn obstacle(&self, path: &Path, what: Access) -> Option<Problem> {
        let mut rest: Vec<PathBuf> = steps(&std::path::absolute(path).ok()?);
        let mut at = PathBuf::new();
        let mut links = 0;
        while let Some(step) = rest.pop() {
            if !at.as_os_str().is_empty() && !self.may(&at, Access::Search)? {
                return Some(self.denied(&at, Access::Search));
            }
            if step.as_os_str() == ".." {
                at.pop();
                continue;
            }
            let next = at.join(&step);
            match fs::read_link(&next) {
                Ok(_) if links == MOST_LINKS => return None,
                Ok(target) => {
                    links += 1;
                    rest.extend(steps(&target));
                }
                Err(_) => at = next,
            }
        }
        if !self.may(&at, what)? {
            return Some(self.denied(&at, what));
        }
        mislabelled(&at)
    }

    fn denied(&self, path: &Path, what: Access) -> Problem {
        let (verb, kind, mode) = match what {
            Access::Read => ("read", "file", "a+r"),
            Access::Search => ("access", "directory", "a+x"),
        };
        let (name, shown) = (&self.name, path.display());
        let text = format!("user '{name}' cannot {verb} this {kind}; run: chmod {mode} {shown}");
        Problem::of(path, text)
    }

    /// Whether mode and access list let the user; None when nothing is known of the file.
    fn may(&self, path: &Path, what: Access) -> Option<bool> {
        let metadata = fs::metadata(path).ok()?;
        let entries = access_list(path).unwrap_or_else(|| {
            let class = |shift: u32| metadata.mode() >> shift & 7;
            vec![(USER_OBJ, class(6), 0), (GROUP_OBJ, class(3), 0), (OTHER, class(0), 0)]
        });
        Some(self.is_let(metadata.uid(), metadata.gid(), &entries, what as u32))
    }

    /// The check of acl(5): the owner's entry, else the user's, else any of the groups', else that of others.
    fn is_let(&self, owner: u32, group: u32, entries: &[Entry], what: u32) -> bool {
        let mask = entries.iter().find(|(tag, ..)| *tag == MASK).map_or(7, |(_, bits, _)| *bits);
        let applies = |(tag, _, id): &&Entry| match *tag {
            USER_OBJ => owner == self.uid,
            USER => owner != self.uid && *id == self.uid,
            GROUP_OBJ => self.gids.contains(&group),
            GROUP => self.gids.contains(id),
            tag => tag == OTHER,
        };
        let Some((tag, bits, _)) = entries.iter().find(applies) else { return self.uid == 0 };
        let bits = match *tag {
            USER => bits & mask,
            GROUP_OBJ | GROUP => {
                let groups = entries.iter().filter(|(tag, ..)| matches!(*tag, GROUP_OBJ | GROUP));
                groups.filter(applies).fold(0, |all, (_, bits, _)| all | bits & mask)
            }
            _ => *bits,
        };
        self.uid == 0 || bits & what != 0
    }
}

/// The steps of a path, the last first.
fn steps(path: &Path) -> Vec<PathBuf> {
    let steps = path.components().filter(|step| *step != Component::CurDir);
    steps.rev().map(|step| PathBuf::from(step.as_os_str())).collect()
}

/// A tag, the bits that it lets, and whom it is about.
type Entry = (u16, u32, u32);

const USER_OBJ: u16 = 0x01;
const USER: u16 = 0x02;
const GROUP_OBJ: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;
const OTHER: u16 = 0x20;

/// The access list of a file (acl(5)), in the order in which it is asked; None when it has none.
///
/// Linux keeps a version of four bytes, then entries of a tag, bits and an id, all in the order of little endian.
fn access_list(path: &Path) -> Option<Vec<Entry>> {
    let mut value = [0; 4096];
    let length = rustix::fs::getxattr(path, "system.posix_acl_access", &mut value[..]).ok()?;
    let entries = value.get(4..length)?.chunks_exact(8).map(|entry| {
        let short = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
        (short(0), u32::from(short(2)), u32::from(short(4)) | u32::from(short(6)) << 16)
    });
    Some(entries.collect()).filter(|entries: &Vec<Entry>| !entries.is_empty())
}

/// Types of SELinux that `mv` brings along from homes and temporary directories.
const MOVED: [&str; 4] = ["admin_home_t", "user_home_t", "user_tmp_t", "tmp_t"];

/// Whether SELinux keeps web servers from reading a file because of where it comes from.
fn mislabelled(path: &Path) -> Option<Problem> {
    let enforcing = fs::read("/sys/fs/selinux/enforce").is_ok_and(|text| text.starts_with(b"1"));
    let mut value = [0; 256];
    let length = rustix::fs::getxattr(path, "security.selinux", &mut value[..])
        .ok()
        .filter(|_| enforcing)?;
    let label = String::from_utf8_lossy(value.get(..length)?).into_owned();
    let name = label.split(':').nth(2).filter(|name| MOVED.contains(name))?;
    let path_shown = path.display();
    let text = format!(
        "SELinux label '{name}' keeps the web server from reading this file; run: restorecon -v {path_shown}"
    );
    Some(Problem::of(path, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0::/root:/bin/sh\nwww-data:x:33:34::/var/www:/bin/false\n";
    const GROUPS: &str = "www-data:x:34:\nmail:x:8:ada,www-data\nstaff:x:50:www-data2\n";

    #[test]
    fn a_user_has_its_own_group_and_those_that_name_it() {
        let reader = Reader::named("www-data", USERS, GROUPS).unwrap();
        assert_eq!((reader.uid, reader.gids), (33, vec![34, 8]));
        assert!(Reader::named("www", USERS, GROUPS).is_none());
        assert!(Reader::named("ada", "ada\nbob:x\n", GROUPS).is_none());
    }

    /// acl(5), «access check algorithm».
    #[test]
    fn owner_groups_and_access_list_decide() {
        let reader = Reader::named("www-data", USERS, GROUPS).unwrap();
        let plain = |owner, group, mode: u32| {
            let entries =
                [(USER_OBJ, mode >> 6 & 7, 0), (GROUP_OBJ, mode >> 3 & 7, 0), (OTHER, mode & 7, 0)];
            reader.is_let(owner, group, &entries, Access::Read as u32)
        };
        // The owner's bits hold for the owner alone, and those of the group before those of others.
        assert!(plain(33, 0, 0o400) && !plain(33, 34, 0o044));
        assert!(plain(0, 34, 0o040) && plain(0, 8, 0o040) && !plain(0, 50, 0o040));
        assert!(!plain(0, 34, 0o404) && plain(0, 0, 0o404) && !plain(0, 0, 0o440));
        let listed = |entries: &[Entry]| {
            let all = [&[(USER_OBJ, 6, 0)], entries, &[(OTHER, 0, 0)]].concat();
            reader.is_let(0, 0, &all, Access::Read as u32)
        };
        assert!(listed(&[(USER, 4, 33), (GROUP_OBJ, 0, 0), (MASK, 4, 0)]));
        assert!(!listed(&[(USER, 4, 33), (GROUP_OBJ, 0, 0), (MASK, 0, 0)]));
        assert!(!listed(&[(USER, 4, 50), (GROUP_OBJ, 4, 0), (MASK, 4, 0)]));
        assert!(!listed(&[(USER, 0, 33), (GROUP_OBJ, 0, 0), (GROUP, 4, 8), (MASK, 4, 0)]));
        assert!(listed(&[(GROUP_OBJ, 0, 0), (GROUP, 0, 34), (GROUP, 4, 8), (MASK, 4, 0)]));
        assert!(!listed(&[(GROUP_OBJ, 0, 0), (GROUP, 4, 50), (MASK, 7, 0)]));
        let root = Reader { name: "root".to_owned(), uid: 0, gids: vec![0] };
        assert!(root.is_let(5, 5, &[(USER_OBJ, 0, 0), (OTHER, 0, 0)], Access::Read as u32));
    }
}
