//! What a column means when rows are added up.

use pyo3::prelude::*;

/// How the values of a column become one value for many rows; made by ``additive``, ``distinct``, ``ratio`` and others.
///
/// Examples
/// --------
/// >>> amc_fleet.ratio("clicks", "impressions")
/// <Role clicks / impressions>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Role(pub(crate) amc_fleet::results::Role);

#[pymethods]
impl Role {
    fn __repr__(&self) -> String {
        format!("<Role {}>", self.0)
    }
}

/// Makes the role of what is added up: impressions, clicks, cost.
///
/// Parameters
/// ----------
/// currency : str, optional
///     The column that names the currency of amounts; groups with several currencies are refused.
///
/// Examples
/// --------
/// >>> amc_fleet.additive(currency="currency_code")
/// <Role additive, currency_code>
#[pyfunction]
#[pyo3(signature = (currency=None))]
pub(crate) fn additive(currency: Option<String>) -> Role {
    Role(amc_fleet::results::Role::Additive { currency })
}

/// Makes the role of a count of distinct users: never added up, given as bounds.
///
/// Examples
/// --------
/// >>> amc_fleet.distinct()
/// <Role distinct>
#[pyfunction]
pub(crate) fn distinct() -> Role {
    Role(amc_fleet::results::Role::Distinct)
}

/// Makes the role of a ratio of two columns, computed anew from their sums.
///
/// Examples
/// --------
/// >>> amc_fleet.ratio("clicks", "impressions")
/// <Role clicks / impressions>
#[pyfunction]
pub(crate) fn ratio(numerator: String, denominator: String) -> Role {
    Role(amc_fleet::results::Role::Ratio { numerator, denominator })
}

/// Makes the role of a mean in which each value counts as much as another column says.
///
/// Examples
/// --------
/// >>> amc_fleet.weighted("impressions")
/// <Role mean by impressions>
#[pyfunction]
pub(crate) fn weighted(weight: String) -> Role {
    Role(amc_fleet::results::Role::Weighted { weight })
}

/// Makes the role of a mean in which each row counts the same.
///
/// Examples
/// --------
/// >>> amc_fleet.mean()
/// <Role mean>
#[pyfunction]
pub(crate) fn mean() -> Role {
    Role(amc_fleet::results::Role::Mean)
}

/// Makes the role of what is as small as its smallest value.
///
/// Examples
/// --------
/// >>> amc_fleet.minimum()
/// <Role minimum>
#[pyfunction]
pub(crate) fn minimum() -> Role {
    Role(amc_fleet::results::Role::Minimum)
}

/// Makes the role of what is as large as its largest value.
///
/// Examples
/// --------
/// >>> amc_fleet.maximum()
/// <Role maximum>
#[pyfunction]
pub(crate) fn maximum() -> Role {
    Role(amc_fleet::results::Role::Maximum)
}
