//! Results made of results: fewer rows, other rows, rows beside each other.

use amc_fleet::results::{Filter, Order, RollUp};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::Results;
use crate::errors::python;
use crate::json;
use crate::roles::Role;
use crate::runtime::wait;

#[pymethods]
impl Results {
    /// Rolls the rows up by what each column means: few rows instead of many.
    ///
    /// Counts of distinct users are never added up: they come as ``<name>_at_least`` and ``<name>_at_most``; the second
    /// is NULL, with the reason in its metadata, when rows or instances are missing.
    ///
    /// Parameters
    /// ----------
    /// by : Iterable[str]
    ///     The columns that are grouped by.
    /// columns : Mapping[str, Role], optional
    ///     What becomes of other columns; what the query itself says where absent.
    /// suppressed : str, optional
    ///     The column that marks rows with suppressed values, where the query's options do not name it.
    ///
    /// Returns
    /// -------
    /// Results
    ///     A table like any other: it says what it lacks, and can be written, read and rolled up on.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``not_additive``, ``mixed_currencies``, ``role_unknown``, ``unknown_column``, ``not_a_number``.
    ///
    /// Examples
    /// --------
    /// >>> rolled = results.roll_up(by=["_instance_id"], columns={"reach": amc_fleet.distinct()})
    /// >>> rolled.columns
    /// ['_instance_id', 'reach_at_least', 'reach_at_most', '_instances', '_rows']
    #[pyo3(signature = (
        by: "Iterable[str]",
        columns: "Mapping[str, Role] | None" = None,
        *,
        suppressed = None,
    ) -> "Results")]
    fn roll_up(
        &self,
        py: Python<'_>,
        by: Vec<String>,
        columns: Option<Bound<'_, PyDict>>,
        suppressed: Option<String>,
    ) -> PyResult<Self> {
        let results = self.core()?;
        let asked = asked(by, columns.as_ref(), suppressed)?;
        wait(py, async move { results.roll_up(asked).await }).and_then(Self::new)
    }

    /// Gives the rows that meet conditions, as results like any other.
    ///
    /// Parameters
    /// ----------
    /// *conditions : tuple
    ///     A column, a comparison and a value each; a row must meet all of them. Comparisons are ``=``, ``!=``, ``<``,
    ///     ``<=``, ``>``, ``>=``, ``in``, ``not in`` (with a list), ``contains``, ``starts with`` (of texts), ``is null`` and
    ///     ``is not null`` (without a value). NULL meets none but ``is null``.
    ///
    /// Returns
    /// -------
    /// Results
    ///     They can be paged, written, rolled up and filtered again; the note in their summary says what was left out.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_column``, ``not_comparable`` when a value does not fit its column, ``filter_unreadable``.
    ///
    /// Examples
    /// --------
    /// >>> few = results.filter(("reach", ">=", 0), ("_instance_id", "in", [fleet.instances()[0].instance_id]))
    /// >>> len(few)
    /// 20
    #[pyo3(signature = (*conditions: "tuple[str, str] | tuple[str, str, object]") -> "Results")]
    fn filter(&self, py: Python<'_>, conditions: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let (results, filter) = (self.core()?, conditions_of(conditions)?);
        wait(py, async move { results.filter(&filter).await }).and_then(Self::new)
    }

    /// Puts the rows in order.
    ///
    /// Parameters
    /// ----------
    /// by : Iterable[str]
    ///     The columns, the first counting most. NULL comes last; equal rows stay as they were.
    /// descending : bool, default False
    ///     From large to small.
    /// limit : int, optional
    ///     Only the first so many rows, for which memory holds little more than those.
    ///
    /// Returns
    /// -------
    /// Results
    ///     A table like any other.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_column``, ``not_a_number`` when a column has no order, ``too_many_rows`` without a limit.
    ///
    /// Examples
    /// --------
    /// >>> len(results.sort(["reach"], descending=True, limit=5))
    /// 5
    #[pyo3(signature = (by: "Iterable[str]", *, descending = false, limit = None) -> "Results")]
    fn sort(
        &self,
        py: Python<'_>,
        by: Vec<String>,
        descending: bool,
        limit: Option<usize>,
    ) -> PyResult<Self> {
        let (results, order) = (self.core()?, Order::by(by, descending));
        wait(py, async move { results.sort(&order, limit).await }).and_then(Self::new)
    }

    /// Takes the rows of some instances alone.
    ///
    /// Parameters
    /// ----------
    /// instance_ids : Iterable[str]
    ///     AMC's ids of the instances.
    ///
    /// Returns
    /// -------
    /// Results
    ///     Their rows.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_instance`` when one has no result here.
    ///
    /// Examples
    /// --------
    /// >>> len(results.of_instances([fleet.instances()[0].instance_id]))
    /// 20
    #[pyo3(signature = (instance_ids: "Iterable[str]") -> "Results")]
    fn of_instances(&self, instance_ids: Vec<String>) -> PyResult<Self> {
        self.core()?.of_instances(&instance_ids).map_err(python).and_then(Self::new)
    }

    /// Compares with later results: what keys are new, lost, changed or the same, and by how much.
    ///
    /// Two executions are compared by ``of_instances``, two batches as they are.
    ///
    /// Parameters
    /// ----------
    /// after : Results
    ///     The later results.
    /// by : Iterable[str]
    ///     The keys: both are rolled up by them first.
    /// columns : Mapping[str, Role], optional
    ///     What is compared; what the query itself says where absent.
    ///
    /// Returns
    /// -------
    /// Results
    ///     The keys, ``_change``, and of every column ``<name>_before``, ``<name>_after``, ``<name>_difference`` and
    ///     ``<name>_relative``; bounds of distinct users without the last two.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As for ``roll_up``; ``not_comparable`` when the keys have other types.
    ///
    /// Examples
    /// --------
    /// >>> first, second, *_ = (results.of_instances([instance.instance_id]) for instance in fleet.instances())
    /// >>> first.compare(second, by=["campaign"], columns={"reach": amc_fleet.distinct()}).columns
    /// ['campaign', '_change', 'reach_at_least_before', 'reach_at_least_after', 'reach_at_most_before', 'reach_at_most_after']
    #[pyo3(signature = (after, by: "Iterable[str]", columns: "Mapping[str, Role] | None" = None) -> "Results")]
    fn compare(
        &self,
        py: Python<'_>,
        after: &Self,
        by: Vec<String>,
        columns: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let (results, after, asked) = (self.core()?, after.core()?, asked(by, columns.as_ref(), None)?);
        wait(py, async move { results.compare(&after, asked).await }).and_then(Self::new)
    }

    /// Rolls the rows up and ranks them by one column, the largest first.
    ///
    /// Parameters
    /// ----------
    /// column : str
    ///     The column of the roll-up.
    /// by : Iterable[str]
    ///     The columns that are grouped by: ``["_instance_id"]`` ranks instances.
    /// columns : Mapping[str, Role], optional
    ///     What becomes of other columns; what the query itself says where absent.
    ///
    /// Returns
    /// -------
    /// Results
    ///     ``_rank``, then the columns of the roll-up. Equal values share a rank, NULL has none.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As for ``roll_up``.
    ///
    /// Examples
    /// --------
    /// >>> ranking = results.ranking("reach_at_least", by=["_instance_id"], columns={"reach": amc_fleet.distinct()})
    /// >>> ranking.columns[:2], len(ranking)
    /// (['_rank', '_instance_id'], 3)
    #[pyo3(signature = (column, by: "Iterable[str]", columns: "Mapping[str, Role] | None" = None) -> "Results")]
    fn ranking(
        &self,
        py: Python<'_>,
        column: String,
        by: Vec<String>,
        columns: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let (results, asked) = (self.core()?, asked(by, columns.as_ref(), None)?);
        wait(py, async move { results.ranking(asked, &column).await }).and_then(Self::new)
    }

    /// Rolls one column up into a table with a column for each instance.
    ///
    /// Parameters
    /// ----------
    /// by : Iterable[str]
    ///     The columns that are grouped by: the rows of the table.
    /// columns : Mapping[str, Role]
    ///     The one column, and what it means. A count of distinct users is its lower bound.
    ///
    /// Returns
    /// -------
    /// Results
    ///     The columns grouped by, then one column an instance, named by AMC's id of it.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As for ``roll_up``; ``one_column``.
    ///
    /// Examples
    /// --------
    /// >>> table = results.across_instances(by=["campaign"], columns={"reach": amc_fleet.distinct()})
    /// >>> len(table.columns)
    /// 4
    #[pyo3(signature = (by: "Iterable[str]", columns: "Mapping[str, Role]") -> "Results")]
    fn across_instances(
        &self,
        py: Python<'_>,
        by: Vec<String>,
        columns: Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let (results, asked) = (self.core()?, asked(by, Some(&columns), None)?);
        wait(py, async move { results.across_instances(asked).await }).and_then(Self::new)
    }
}

/// Reads a roll-up.
pub(crate) fn asked(
    by: Vec<String>,
    columns: Option<&Bound<'_, PyDict>>,
    suppressed: Option<String>,
) -> PyResult<RollUp> {
    let column = |(name, role): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        Ok((name.extract::<String>()?, role.cast::<Role>()?.get().0.clone()))
    };
    let columns = columns.map(|columns| columns.iter().map(column).collect::<PyResult<_>>()).transpose()?;
    Ok(RollUp { by, columns: columns.unwrap_or_default(), suppressed })
}

/// Reads the conditions of a filter.
pub(crate) fn conditions_of(conditions: &Bound<'_, PyTuple>) -> PyResult<Filter> {
    Filter::from_json(json::anything(conditions)?).map_err(python)
}
