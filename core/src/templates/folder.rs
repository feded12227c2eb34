//! Templates as files of a folder, for git.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Template, invalid};
use crate::{Error, Result};

/// Writes each template to a file of its own, named after it: `Reach and frequency` to `reach_and_frequency.sql`.
///
/// # Errors
/// `InvalidInput` (`folder_unusable`) where it cannot be written; `template_names_alike` where two names give one file.
pub fn write_templates(folder: &Path, templates: &[Template]) -> Result<Vec<PathBuf>> {
    let names: Vec<String> = templates.iter().map(|template| file_name(&template.name)).collect();
    if let Some((_, twice)) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        let message = format!("two templates would be written to {twice}");
        return Err(Error::invalid("template_names_alike", message).hint("give one of them another name"));
    }
    fs::create_dir_all(folder).map_err(|error| unusable(folder, error))?;
    let write = |(template, name): (&Template, &String)| {
        let path = folder.join(name);
        fs::write(&path, template.to_file()).map_err(|error| unusable(&path, error))?;
        Ok(path)
    };
    templates.iter().zip(&names).map(write).collect()
}

/// Reads every template of a folder, in the order of the files' names: the files that end in `.sql`.
///
/// # Errors
/// `InvalidInput` with the file: `folder_unusable`, `template_invalid`, `declaration_invalid`.
pub fn read_templates(folder: &Path) -> Result<Vec<Template>> {
    let entries = fs::read_dir(folder).map_err(|error| unusable(folder, error))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>();
    let mut paths = paths.map_err(|error| unusable(folder, error))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "sql"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<Template> {
    let text = fs::read_to_string(path).map_err(|error| unusable(path, error))?;
    let template = text.parse::<Template>().and_then(|template| template.check().map(|()| template));
    template.map_err(|error| {
        let named = invalid(format!("{}: {}", path.display(), error.message()));
        error.what_to_do().into_iter().fold(named, Error::hint)
    })
}

fn unusable(path: &Path, error: io::Error) -> Error {
    Error::invalid("folder_unusable", format!("{}: {error}", path.display())).caused_by(error)
}

fn file_name(name: &str) -> String {
    let plain = |letter: char| if letter.is_alphanumeric() { letter } else { '_' };
    let words: String = name.to_lowercase().chars().map(plain).collect();
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    format!("{}.sql", words.join("_"))
}

#[cfg(test)]
mod tests {
    use super::super::starter;
    use super::*;

    #[test]
    fn a_folder_reads_back_as_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_templates(folder.path(), starter()).unwrap();
        assert!(written.iter().any(|path| path.ends_with("reach_and_frequency.sql")));
        assert_eq!(read_templates(folder.path()).unwrap(), starter());
    }

    #[test]
    fn a_file_that_is_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("odd.sql"), "SELECT 1").unwrap();
        let error = read_templates(folder.path()).unwrap_err();
        assert!(error.code() == "template_invalid" && error.message().contains("odd.sql"), "{error}");
        assert_eq!(read_templates(&folder.path().join("none")).unwrap_err().code(), "folder_unusable");
        let alike = [
            Template { name: "reach & frequency".into(), ..starter()[0].clone() },
            Template { name: "Reach, frequency".into(), ..starter()[0].clone() },
        ];
        let error = write_templates(folder.path(), &alike).unwrap_err();
        assert_eq!(error.code(), "template_names_alike");
    }
}
