//! Templates that a fleet keeps.

use std::path::PathBuf;

use amc_fleet::TemplateFilter;
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{Anything, TemplateRef, Values, WorkflowRef, template, template_head};
use crate::records::{Plain, TemplateUsage, TemplateVersion, Workflow};
use crate::runtime::wait;

#[pymethods]
impl Fleet {
    /// Keeps a template under its name: as its next version, or as the version that has this content already.
    ///
    /// Parameters
    /// ----------
    /// template : dict
    ///     The template, as ``starter_templates`` and ``read_template`` give it.
    /// note : str, optional
    ///     What changed, for people.
    ///
    /// Returns
    /// -------
    /// TemplateVersion
    ///     The version that has this content.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``template_invalid`` with line and column, ``declaration_invalid``, ``window_invalid``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.save_template({"name": "Rows", "sql": "SELECT COUNT(*) AS n FROM dsp_impressions"}).number
    /// 1
    #[pyo3(signature = (template: "Mapping[str, Any]", note = None))]
    fn save_template(
        &self,
        py: Python<'_>,
        template: Anything,
        note: Option<String>,
    ) -> PyResult<TemplateVersion> {
        let (template, fleet) = (self::template(template)?, self.open()?);
        wait(py, async move { fleet.save_template(template, note).await }).map(Plain::plain)
    }

    /// Finds a template by its name or id, in its newest version; or the version whose content has this hash.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     The name, ``tpl_…``, a UUID, or the hash of a version.
    ///
    /// Returns
    /// -------
    /// TemplateVersion
    ///     The version.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> fleet.template(kept.content_hash) == kept
    /// True
    fn template(&self, py: Python<'_>, id_or_name: String) -> PyResult<TemplateVersion> {
        let fleet = self.open()?;
        wait(py, async move { fleet.template(&id_or_name).await }).map(Plain::plain)
    }

    /// Lists all versions of a template, the newest first.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     The name, ``tpl_…``, a UUID, or the hash of a version.
    ///
    /// Returns
    /// -------
    /// list of TemplateVersion
    ///     The versions; compare two by ``diff_templates(one.template, other.template)``.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> [version.number for version in fleet.template_versions(kept.id)]
    /// [1]
    fn template_versions(&self, py: Python<'_>, id_or_name: String) -> PyResult<Vec<TemplateVersion>> {
        let fleet = self.open()?;
        wait(py, async move { fleet.template_versions(&id_or_name).await }).map(Plain::plain)
    }

    /// Lists kept templates by name, each in its newest version.
    ///
    /// Parameters
    /// ----------
    /// text : str, optional
    ///     Words that all stand in the name, category, tags or description.
    /// category : str, optional
    ///     Only those of this category.
    /// tag : str, optional
    ///     Only those with this tag.
    /// deprecated : bool, default False
    ///     Also those that should be used no more.
    ///
    /// Returns
    /// -------
    /// list of TemplateVersion
    ///     The templates.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> kept in fleet.templates(category=kept.template["category"])
    /// True
    #[pyo3(signature = (text = None, *, category = None, tag = None, deprecated = false))]
    fn templates(
        &self,
        py: Python<'_>,
        text: Option<String>,
        category: Option<String>,
        tag: Option<String>,
        deprecated: bool,
    ) -> PyResult<Vec<TemplateVersion>> {
        let (filter, fleet) = (TemplateFilter { text, category, tag, deprecated }, self.open()?);
        wait(py, async move { fleet.templates(&filter).await }).map(Plain::plain)
    }

    /// Says that a template should be used no more. It stays, and so does what is made of it; its name makes nothing new.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     The name, ``tpl_…``, a UUID, or the hash of a version.
    /// why : str, optional
    ///     Why, and what to use.
    ///
    /// Returns
    /// -------
    /// TemplateVersion
    ///     The template as it is now.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> fleet.deprecate_template(kept.id, "use Overlap").deprecation
    /// 'use Overlap'
    /// >>> fleet.restore_template(kept.id).deprecated_at is None
    /// True
    #[pyo3(signature = (id_or_name, why = None))]
    fn deprecate_template(
        &self,
        py: Python<'_>,
        id_or_name: String,
        why: Option<String>,
    ) -> PyResult<TemplateVersion> {
        let fleet = self.open()?;
        wait(py, async move { fleet.deprecate_template(&id_or_name, why.as_deref()).await }).map(Plain::plain)
    }

    /// Says that a template may be used again.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     The name, ``tpl_…``, a UUID, or the hash of a version.
    ///
    /// Returns
    /// -------
    /// TemplateVersion
    ///     The template as it is now.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> fleet.restore_template(kept.id).deprecated_at is None
    /// True
    fn restore_template(&self, py: Python<'_>, id_or_name: String) -> PyResult<TemplateVersion> {
        let fleet = self.open()?;
        wait(py, async move { fleet.restore_template(&id_or_name).await }).map(Plain::plain)
    }

    /// Counts what was made of a template: of all its versions, or of one that is named by its hash.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     The name, ``tpl_…``, a UUID, or the hash of a version.
    ///
    /// Returns
    /// -------
    /// TemplateUsage
    ///     Workflows, their batches, and what became of the executions.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_template``.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> fleet.template_usage(kept.id).executions
    /// 0
    fn template_usage(&self, py: Python<'_>, id_or_name: String) -> PyResult<TemplateUsage> {
        let fleet = self.open()?;
        wait(py, async move { fleet.template_usage(&id_or_name).await }).map(Plain::plain)
    }

    /// Saves a workflow that is made of a template, and stays with its version whatever becomes of the template.
    ///
    /// Parameters
    /// ----------
    /// template : dict or str or TemplateVersion
    ///     The template, which is then kept; or a kept one, by itself, by its name, its id or the hash of a version.
    /// name : str, optional
    ///     The name of the workflow; the template's if not given.
    ///
    /// Returns
    /// -------
    /// Workflow
    ///     The workflow as saved, its parameters declared.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``template_invalid`` with line and column, ``template_deprecated``.
    /// NotFoundError
    ///     ``unknown_template``.
    ///
    /// Examples
    /// --------
    /// >>> template = amc_fleet.starter_templates()[0]
    /// >>> fleet.use_template(template).name == template["name"]
    /// True
    /// >>> fleet.archive_workflow(template["name"])
    #[pyo3(signature = (template: "Mapping[str, Any] | str | TemplateVersion", name = None))]
    fn use_template(
        &self,
        py: Python<'_>,
        template: TemplateRef,
        name: Option<String>,
    ) -> PyResult<Workflow> {
        let fleet = self.open()?;
        wait(py, async move { fleet.use_template(template.0, name).await }).map(Workflow::from)
    }

    /// Keeps a workflow as a template: its query, its window, and its parameters with the workflow's values as defaults.
    ///
    /// Parameters
    /// ----------
    /// workflow : Workflow or str
    ///     The workflow, its id or its name.
    /// name : str, optional
    ///     The name of the template; the workflow's if not given.
    /// category : str, default ""
    ///     What it is about.
    /// tags : list of str, optional
    ///     Words to find it by.
    /// description : str, optional
    ///     What it answers; the workflow's own if not given.
    /// columns : dict, optional
    ///     The role of columns by name: dimension, additive, ratio, distinct_count; those the query tells if not given.
    /// note : str, optional
    ///     What changed, for people.
    ///
    /// Returns
    /// -------
    /// TemplateVersion
    ///     The version that has this content.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``template_invalid`` with line and column, ``declaration_invalid``.
    /// NotFoundError
    ///     ``unknown_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.save_as_template("Reach by campaign", category="reach").template["sql"] == sql
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
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_as_template(
        &self,
        py: Python<'_>,
        workflow: WorkflowRef,
        name: Option<String>,
        category: String,
        tags: Vec<String>,
        description: Option<String>,
        columns: Option<Values>,
        note: Option<String>,
    ) -> PyResult<TemplateVersion> {
        let (head, fleet) = (template_head(name, category, tags, description, columns, note), self.open()?);
        wait(py, async move { fleet.save_as_template(&workflow.0, head).await }).map(Plain::plain)
    }

    /// Writes every template that is in use to a file of its own, for git.
    ///
    /// Parameters
    /// ----------
    /// folder : str or os.PathLike
    ///     The folder; it is made where it is not there.
    ///
    /// Returns
    /// -------
    /// list of pathlib.Path
    ///     The files.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``folder_unusable``, ``template_names_alike``.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> all(path.suffix == ".sql" for path in fleet.export_templates(folder / "templates"))
    /// True
    #[pyo3(signature = (folder: "str | os.PathLike[str]"))]
    fn export_templates(&self, py: Python<'_>, folder: PathBuf) -> PyResult<Vec<PathBuf>> {
        let fleet = self.open()?;
        wait(py, async move { fleet.export_templates(&folder).await })
    }

    /// Keeps every template of a folder: its files that end in ``.sql``. All are read before one is kept.
    ///
    /// Parameters
    /// ----------
    /// folder : str or os.PathLike
    ///     The folder.
    ///
    /// Returns
    /// -------
    /// list of TemplateVersion
    ///     One for each file.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``folder_unusable``, ``template_invalid``, ``declaration_invalid``, each with the file.
    ///
    /// Examples
    /// --------
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> written = fleet.export_templates(folder / "templates")
    /// >>> kept in fleet.import_templates(folder / "templates")
    /// True
    #[pyo3(signature = (folder: "str | os.PathLike[str]"))]
    fn import_templates(&self, py: Python<'_>, folder: PathBuf) -> PyResult<Vec<TemplateVersion>> {
        let fleet = self.open()?;
        wait(py, async move { fleet.import_templates(&folder).await }).map(Plain::plain)
    }
}
