//! Looks at files with the eyes of another user: may the web server's read what root can?

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

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
const READ: u32 = 4;
const SEARCH: u32 = 1;

impl Reader {
    /// The named user; without a name that of the web server for root, and None for everybody else,
    /// who sees with own eyes what the program sees when it runs as them.
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
    pub fn obstacle(&self, path: &Path) -> Option<Problem> {
        let written = std::path::absolute(path).ok()?;
        // Behind a link there is another way to go.
        let real = fs::canonicalize(path).ok().filter(|real| *real != written);
        [Some(written), real].into_iter().flatten().find_map(|path| self.obstacle_on(&path))
    }

    fn obstacle_on(&self, path: &Path) -> Option<Problem> {
        let mut folders: Vec<&Path> = path.ancestors().skip(1).collect();
        folders.reverse();
        for folder in folders {
            if !self.may(folder, SEARCH)? {
                let text = format!("user '{}' may not enter it; let it: chmod a+x", self.name);
                return Some(Problem::of(folder, text));
            }
        }
        if !self.may(path, READ)? {
            let text = format!("user '{}' may not read it; let it: chmod a+r", self.name);
            return Some(Problem::of(path, text));
        }
        mislabelled(path)
    }

    /// Whether the mode lets the user; None when nothing is known of the file.
    fn may(&self, path: &Path, what: u32) -> Option<bool> {
        let metadata = fs::metadata(path).ok()?;
        Some(self.is_let(&metadata, what) || has_access_list(path))
    }

    fn is_let(&self, metadata: &Metadata, what: u32) -> bool {
        let class = if metadata.uid() == self.uid {
            6
        } else if self.gids.contains(&metadata.gid()) {
            3
        } else {
            0
        };
        self.uid == 0 || metadata.mode() >> class & what != 0
    }
}

/// Whether more than the mode decides (acl(5)); then the mode says nothing for certain.
fn has_access_list(path: &Path) -> bool {
    let mut value = [0; 4096];
    rustix::fs::getxattr(PathBuf::from(path), "system.posix_acl_access", &mut value[..])
        .is_ok_and(|length| length > 0)
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
}
