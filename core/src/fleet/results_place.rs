//! Where the results of a database are kept.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::results::store::ResultStore;
use crate::store::Store;

/// The name of the setting, and its value where results are in the database itself.
const SETTING: &str = "results";
const IN_DATABASE: &str = "database";

/// The results of a database: `own` ones, or those at the place that was said when it was first opened.
pub(super) async fn results_of(
    store: &dyn Store,
    own: Arc<dyn ResultStore>,
    asked: Option<&str>,
) -> Result<Arc<dyn ResultStore>> {
    let asked = asked.map(objects::named).transpose()?;
    let place = store.remember(SETTING, asked.as_deref().unwrap_or(IN_DATABASE)).await?;
    if asked.is_some_and(|asked| asked != place) {
        let message = format!("this database keeps its results in {place}");
        let place = if place == IN_DATABASE { "nothing".to_owned() } else { format!("\"{place}\"") };
        return Err(Error::new(ErrorKind::Conflict, "results_elsewhere", message)
            .hint(format!("say {place} as its results, or use another database")));
    }
    if place == IN_DATABASE { Ok(own) } else { objects::at(&place) }
}

#[cfg(feature = "objects")]
mod objects {
    use super::*;
    use crate::results::store::ResultsPlace;

    /// A place under the one name it is remembered by.
    pub(super) fn named(place: &str) -> Result<String> {
        place.parse::<ResultsPlace>().map(|place| place.to_string())
    }

    pub(super) fn at(place: &str) -> Result<Arc<dyn ResultStore>> {
        Ok(Arc::new(place.parse::<ResultsPlace>()?.open()?))
    }
}

#[cfg(not(feature = "objects"))]
mod objects {
    use super::*;

    pub(super) fn named(_place: &str) -> Result<String> {
        Err(missing())
    }

    pub(super) fn at(_place: &str) -> Result<Arc<dyn ResultStore>> {
        Err(missing())
    }

    fn missing() -> Error {
        Error::new(ErrorKind::Unsupported, "no_objects", "this build keeps results in the database only")
            .hint("build with the feature `objects`")
    }
}
