//! Templates that a fleet keeps, awaited.

use std::path::PathBuf;
use std::sync::Arc;

use amc_fleet::TemplateFilter;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{Anything, TemplateRef, Values, WorkflowRef, template, template_head};
use crate::records::{Plain, Workflow};
use crate::runtime::awaitable;

#[pymethods]
impl AsyncFleet {
    /// Keeps a template under its name; see ``Fleet.save_template``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.save_template({"name": "Rows", "sql": "SELECT COUNT(*) AS n FROM dsp_impressions"})).number
    /// 1
    #[pyo3(signature = (template: "Mapping[str, Any]", note = None) -> "Awaitable[TemplateVersion]")]
    fn save_template<'py>(
        &self,
        py: Python<'py>,
        template: Anything,
        note: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let template = self::template(template)?;
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.save_template(template, note).await }, |found| {
            Ok(found.plain())
        })
    }

    /// Finds a template, or one of its versions; see ``Fleet.template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> await fleet.template(kept.content_hash) == kept
    /// True
    #[pyo3(signature = (id_or_name) -> "Awaitable[TemplateVersion]")]
    fn template<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.template(&id_or_name).await }, |found| {
            Ok(found.plain())
        })
    }

    /// Lists all versions of a template, the newest first; see ``Fleet.template_versions``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> [version.number for version in await fleet.template_versions(kept.id)]
    /// [1]
    #[pyo3(signature = (id_or_name) -> "Awaitable[list[TemplateVersion]]")]
    fn template_versions<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.template_versions(&id_or_name).await }, |found| {
            Ok(found.plain())
        })
    }

    /// Lists kept templates by name; see ``Fleet.templates``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> kept in await fleet.templates(category=kept.template["category"])
    /// True
    #[pyo3(signature = (
        text = None, *, category = None, tag = None, deprecated = false
    ) -> "Awaitable[list[TemplateVersion]]")]
    fn templates<'py>(
        &self,
        py: Python<'py>,
        text: Option<String>,
        category: Option<String>,
        tag: Option<String>,
        deprecated: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = TemplateFilter { text, category, tag, deprecated };
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.templates(&filter).await }, |found| Ok(found.plain()))
    }

    /// Says that a template should be used no more; see ``Fleet.deprecate_template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> (await fleet.deprecate_template(kept.id, "use Overlap")).deprecation
    /// 'use Overlap'
    /// >>> (await fleet.restore_template(kept.id)).deprecated_at is None
    /// True
    #[pyo3(signature = (id_or_name, why = None) -> "Awaitable[TemplateVersion]")]
    fn deprecate_template<'py>(
        &self,
        py: Python<'py>,
        id_or_name: String,
        why: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(
            py,
            async move { lazy.fleet().await?.deprecate_template(&id_or_name, why.as_deref()).await },
            |found| Ok(found.plain()),
        )
    }

    /// Says that a template may be used again; see ``Fleet.restore_template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> (await fleet.restore_template(kept.id)).deprecated_at is None
    /// True
    #[pyo3(signature = (id_or_name) -> "Awaitable[TemplateVersion]")]
    fn restore_template<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.restore_template(&id_or_name).await }, |found| {
            Ok(found.plain())
        })
    }

    /// Counts what was made of a template; see ``Fleet.template_usage``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> (await fleet.template_usage(kept.id)).executions
    /// 0
    #[pyo3(signature = (id_or_name) -> "Awaitable[TemplateUsage]")]
    fn template_usage<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.template_usage(&id_or_name).await }, |found| {
            Ok(found.plain())
        })
    }

    /// Saves a workflow that is made of a template; see ``Fleet.use_template``.
    ///
    /// Examples
    /// --------
    /// >>> template = amc_fleet.starter_templates()[0]
    /// >>> (await fleet.use_template(template)).name == template["name"]
    /// True
    /// >>> await fleet.archive_workflow(template["name"])
    #[pyo3(signature = (
        template: "Mapping[str, Any] | str | TemplateVersion", name = None
    ) -> "Awaitable[Workflow]")]
    fn use_template<'py>(
        &self,
        py: Python<'py>,
        template: TemplateRef,
        name: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.use_template(template.0, name).await }, |saved| {
            Ok(Workflow::from(saved))
        })
    }

    /// Keeps a workflow as a template; see ``Fleet.save_as_template``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.save_as_template("Reach by campaign", category="reach")).template["sql"] == sql
    /// True
    #[pyo3(signature = (
        workflow: "Workflow | str",
        name = None,
        *,
        category = String::new(),
        tags = Vec::new(),
        description = None,
        columns: "Mapping[str, str] | None" = None,
        note = None,
    ) -> "Awaitable[TemplateVersion]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_as_template<'py>(
        &self,
        py: Python<'py>,
        workflow: WorkflowRef,
        name: Option<String>,
        category: String,
        tags: Vec<String>,
        description: Option<String>,
        columns: Option<Values>,
        note: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let head = template_head(name, category, tags, description, columns, note);
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.save_as_template(&workflow.0, head).await }, |found| {
            Ok(found.plain())
        })
    }

    /// Writes every template that is in use to a file of its own; see ``Fleet.export_templates``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> all(path.suffix == ".sql" for path in await fleet.export_templates(folder / "templates"))
    /// True
    #[pyo3(signature = (folder: "str | os.PathLike[str]") -> "Awaitable[list[Path]]")]
    fn export_templates<'py>(&self, py: Python<'py>, folder: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.export_templates(&folder).await }, Ok)
    }

    /// Keeps every template of a folder; see ``Fleet.import_templates``.
    ///
    /// Examples
    /// --------
    /// >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> written = await fleet.export_templates(folder / "templates")
    /// >>> kept in await fleet.import_templates(folder / "templates")
    /// True
    #[pyo3(signature = (folder: "str | os.PathLike[str]") -> "Awaitable[list[TemplateVersion]]")]
    fn import_templates<'py>(&self, py: Python<'py>, folder: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.import_templates(&folder).await }, |found| {
            Ok(found.plain())
        })
    }
}
