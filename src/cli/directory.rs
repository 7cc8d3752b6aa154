//! A directory that other users may write to: no name in it leads out of it, and a file's type is known before it is read.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process;

use rustix::fs::{
    AtFlags, Dir, FileType, FlockOperation, Mode, OFlags, flock, fstat, mkdirat, open, openat,
    renameat, unlinkat,
};

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// An open directory.
pub struct Directory(OwnedFd);

impl Directory {
    /// Opens a directory by the path that the administrator names, and creates it where it is missing.
    ///
    /// This path may have symlinks in it. The directory stays locked as long as it is open.
    pub fn create(path: &Path) -> io::Result<Directory> {
        fs::create_dir_all(path)?;
        let directory = open(path, DIRECTORY.difference(OFlags::NOFOLLOW), Mode::empty())?;
        flock(&directory, FlockOperation::NonBlockingLockExclusive).map_err(|error| {
            let text = "another export is writing there";
            if error == rustix::io::Errno::WOULDBLOCK {
                io::Error::other(text)
            } else {
                error.into()
            }
        })?;
        Ok(Directory(directory))
    }

    /// A directory in this one; `None` where it is missing. A symlink is an error.
    pub fn enter(&self, name: &str) -> io::Result<Option<Directory>> {
        absent_is_none(openat(&self.0, name, DIRECTORY, Mode::empty()))
            .map(|found| found.map(Directory))
    }

    /// A directory in this one, which is created where it is missing, and whether it was there.
    pub fn enter_or_create(&self, name: &str) -> io::Result<(Directory, bool)> {
        if let Some(directory) = self.enter(name)? {
            return Ok((directory, true));
        }
        mkdirat(&self.0, name, Mode::from_bits_truncate(0o777))?;
        let directory = self.enter(name)?;
        directory.map(|directory| (directory, false)).ok_or_else(|| ErrorKind::NotFound.into())
    }

    /// The content of a regular file of at most so many bytes; `None` where it is missing.
    pub fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some((mut file, length)) = self.regular(name)? else { return Ok(None) };
        if length > most {
            return Err(io::Error::other(format!("it has more than {most} bytes")));
        }
        let mut bytes = Vec::new();
        (&mut file).take(most).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Whether there is something of this name.
    pub fn has(&self, name: &str) -> io::Result<bool> {
        absent_is_none(rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW))
            .map(|found| found.is_some())
    }

    /// Puts the bytes in the place of a file, unless it has them already; readers see the old file or the new one.
    ///
    /// Returns whether there was a file, and whether it has changed.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<(bool, bool)> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        // What is no regular file is replaced, whatever it is.
        let old = self.regular(name).unwrap_or(None);
        let existed = old.is_some();
        if let Some((mut file, _)) = old.filter(|(_, old)| *old == length) {
            let mut old = Vec::with_capacity(bytes.len());
            if (&mut file).take(length).read_to_end(&mut old).is_ok() && old == bytes {
                return Ok((true, false));
            }
        }
        let new = unfinished(name, process::id());
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file =
            File::from(openat(&self.0, new.as_str(), flags, Mode::from_bits_truncate(0o666))?);
        let written = file
            .write_all(bytes)
            .and_then(|()| Ok(renameat(&self.0, new.as_str(), &self.0, name)?));
        if written.is_err() {
            // A disk that is full keeps no half of a file.
            let _ = unlinkat(&self.0, new.as_str(), AtFlags::empty());
        }
        written.map(|()| (existed, true))
    }

    /// Removes a file; returns whether it was there. A symlink goes itself.
    pub fn remove(&self, name: &str) -> io::Result<bool> {
        absent_is_none(unlinkat(&self.0, name, AtFlags::empty())).map(|found| found.is_some())
    }

    /// Removes a directory; returns whether it was empty.
    pub fn remove_empty(&self, name: &str) -> bool {
        unlinkat(&self.0, name, AtFlags::REMOVEDIR).is_ok()
    }

    /// Removes what a process that was killed has left: the unfinished files whose stem is one of ours.
    pub fn remove_unfinished(&self, is_ours: impl Fn(&str) -> bool) -> io::Result<()> {
        for entry in Dir::read_from(self.0.as_fd())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy();
            if stem_of_unfinished(&name).is_some_and(&is_ours) {
                self.remove(&name)?;
            }
        }
        Ok(())
    }

    /// A regular file with its length; `None` where it is missing.
    fn regular(&self, name: &str) -> io::Result<Option<(File, u64)>> {
        // Nothing waits for the other end of a FIFO.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Some(file) = absent_is_none(openat(&self.0, name, flags, Mode::empty()))? else {
            return Ok(None);
        };
        let status = fstat(&file)?;
        if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile {
            return Err(io::Error::other("it is not a regular file"));
        }
        Ok(Some((File::from(file), u64::try_from(status.st_size).unwrap_or_default())))
    }
}

/// What is there; `None` where it is missing.
fn absent_is_none<T>(found: Result<T, rustix::io::Errno>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(rustix::io::Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The name of a file that a process has not finished yet: it stands in the place of the extension.
fn unfinished(name: &str, process: u32) -> String {
    let stem =
        name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
    format!("{stem}.{process}.new")
}

/// The stem of the name of an unfinished file.
fn stem_of_unfinished(name: &str) -> Option<&str> {
    let (stem, process) = name.strip_suffix(".new")?.rsplit_once('.')?;
    let is_number = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_file_is_known_by_its_name() {
        for (name, stem) in [
            ("config-v1.1.xml", "config-v1.1"),
            (".autodiscover-export", ".autodiscover-export"),
            ("example.org.json", "example.org"),
        ] {
            assert_eq!(stem_of_unfinished(&unfinished(name, 12)), Some(stem));
        }
        for name in ["config-v1.1.xml", "config-v1.new", "config-v1.1.a1.new", ".new"] {
            assert_eq!(stem_of_unfinished(name), None, "{name}");
        }
    }
}
